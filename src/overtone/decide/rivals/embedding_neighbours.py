"""Frozen features: the base's own vectors and the votes of the nearest rows."""

from functools import partial
from typing import ClassVar, Literal, Self

from pydantic import Field

from overtone.classical.choose import choose
from overtone.classical.neighbours import METRICS, fit_neighbours
from overtone.core.answer import System
from overtone.decide.frozen_rows import frozen_classifier, frozen_rows, progress_of
from overtone.decide.rival import Materials, Rival

COUNTS = (1, 3, 5, 10, 20, 40)
Nearness = Literal["cosine", "centred", "whitened"]


class EmbeddingNeighbours(Rival):
    """Mean-pooled vectors of the base as it is; the nearest labelled rows vote, nearer ones with more weight.

    How many vote and how nearness is measured is chosen on validation rows, which then vote too.
    """

    name: ClassVar[str] = "embedding_neighbours"
    also_called: ClassVar[tuple[str, ...]] = ("knn",)
    title: ClassVar[str] = "frozen embedding + nearest neighbours"
    needs: ClassVar[tuple[frozenset[str], ...]] = (frozenset({"classify"}),)
    order: ClassVar[int] = 44

    count: int | None = Field(None, ge=1, description="rows that vote; absent: chosen on validation rows")
    metric: Nearness | None = Field(
        None, description="plain, after centring, or after whitening; absent: chosen on validation rows"
    )

    @classmethod
    def defaults(cls, offered: frozenset[str]) -> tuple[Self, ...]:
        """Not on an encoder, whose few-shot rival lets the nearest rows vote already."""
        return () if "encoder" in offered else (cls(),)

    def prepare(self, materials: Materials) -> System:
        """Embed the rows once, try every count and metric."""
        rows = frozen_rows(materials)
        candidates = {
            (metric, count): partial(fit_neighbours, metric, count, materials.labels, materials.multi_label)
            for metric in ([self.metric] if self.metric else METRICS)
            for count in ([self.count] if self.count else COUNTS)
        }
        model, (metric, count) = choose(
            candidates, rows.train, rows.validation, progress_of(materials, self.key)
        )
        voters = {"neighbours": float(count), "labelled_rows": float(len(model.wanted))}
        told: dict[str, float | str] = {"metric": metric, **voters, "spared_seconds": rows.spared_seconds}
        return frozen_classifier(materials, model, told)
