"""One candidate on the plan's rows: loaded, timed, and judged on validation rows without tuning."""

import gc
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace

from overtone.data.load import Data
from overtone.decide.measure import measure
from overtone.decide.measured import Measured
from overtone.decide.memory import PeakMemory
from overtone.decide.offers import lacks, offers
from overtone.decide.rival import Materials, Rival
from overtone.engine.remember import open_store, remembering
from overtone.job.bases.reading import Reading, read_texts
from overtone.models.base import Base, load_described
from overtone.models.describe import Description
from overtone.models.licence import licence_of

FREE = ("zero_shot", "embedding_head")  # what is measured of a base without tuning it
PROBE = 64  # texts whose reading is timed
READ = 500  # texts whose tokens are counted


@dataclass(frozen=True)
class Trial:
    """What was found of one base; `measured` holds its rivals' answers to the validation rows."""

    description: Description
    licence: str
    parameters: int
    reading: Reading
    tokens_per_second: float | None  # read, on this machine; None where the body gives no features
    peak_mb: float  # above what the process held, weights included
    measured: tuple[Measured, ...]


def try_base(description: Description, materials: Materials, data: Data) -> Trial:
    """Load a base and measure it. Heads learn on a part of the training rows; validation rows judge them."""
    gc.collect()  # the base before this one
    memory = PeakMemory()
    base = load_described(description)
    texts = [row.input for row in data.train]
    reading, speed = read_texts(base, texts[:READ]), _speed(base, texts[:PROBE])
    measured = _measure(base, materials, data)
    return Trial(
        description=description,
        licence=licence_of(description.name, description.folder),
        parameters=sum(weight.numel() for weight in base.model.parameters()),
        reading=reading,
        tokens_per_second=speed,
        peak_mb=memory.megabytes(),
        measured=measured,
    )


def _measure(base: Base, materials: Materials, data: Data) -> tuple[Measured, ...]:
    """What the base reaches in each way that trains none of its weights and that fits it."""
    described = base.description
    offered = offers(materials.task, described.kind, described.has_chat_template, bool(data.documents))
    kinds = [Rival.find(name) for name in FREE]
    fitting = [kind() for kind in kinds if not lacks(kind.needs, offered)]
    own = replace(materials, base=lambda: base)
    with remembering(open_store(_silent)):  # behind the probe of speed, which must compute
        return tuple(measure(rival, own, data.validation)[0] for rival in fitting)


def _silent(message: str) -> None:
    """What the store says of its own upkeep is not told."""


def _speed(base: Base, texts: Sequence[str]) -> float | None:
    """Tokens a second of reading, after one text that warms up."""
    if base.description.kind == "encoder-decoder":
        return None
    from overtone.engine.features import FrozenFeatures
    from overtone.models.text import encode_text

    rows = [encode_text(base, text)[: base.description.context] for text in texts]
    FrozenFeatures(base.description.name, base.model, "mean").of(rows[:1])
    start = time.perf_counter()
    FrozenFeatures(base.description.name, base.model, "mean").of(rows)
    return sum(map(len, rows)) / (time.perf_counter() - start)
