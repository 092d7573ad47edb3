"""Which solved examples a prompt shows: nearest to the question, drawn by lot, or typical and unlike each other."""

from collections.abc import Callable
from typing import Literal

from overtone.decide.diverse import diverse_order, pool
from overtone.decide.rival import Materials
from overtone.decide.shots import FixedShots, NearestShots, Shots
from overtone.retrieve.encoder import load_encoder
from overtone.retrieve.index import Index

Choice = Literal["nearest", "random", "diverse"]


def nearest(materials: Materials, index: Index, count: int) -> Shots:
    """Found for each question by an index over the training rows."""
    return NearestShots(index.build([row.input for row in materials.train], materials.base), materials.train)


def drawn(materials: Materials, index: Index, count: int) -> Shots:
    """The first rows of an order that the plan's seed draws, the same for every question."""
    return FixedShots(pool(materials.train, materials.seed)[:count])


def diverse(materials: Materials, index: Index, count: int) -> Shots:
    """The same for every question: typical of their class, unlike each other, as many of each class."""
    rows = pool(materials.train, materials.seed)
    vectors = load_encoder(None, materials.base).embed([row.input for row in rows])
    places = diverse_order(vectors, [row.labels[:1] if materials.labels else () for row in rows], count)
    return FixedShots([rows[place] for place in places])


CHOICES: dict[Choice, Callable[[Materials, Index, int], Shots]] = {
    "nearest": nearest,
    "random": drawn,
    "diverse": diverse,
}
