"""How the best system does on parts of the rows: short and long texts, languages, sources, classes."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from overtone.core.example import Example
from overtone.core.score import Score
from overtone.evaluate.chapter import Chapter, Results
from overtone.evaluate.diagnosis.interval import sources
from overtone.evaluate.diagnosis.slices import Slice, apart, mean_score, slices
from overtone.evaluate.report.numbers import chance, percent, scored
from overtone.evaluate.report.section import Column, Section, Table
from overtone.evaluate.statistics.holm import holm
from overtone.evaluate.statistics.resample import Numbers

SHOWN = 15  # slices of one kind in a table
NAMED = 5  # slices in a sentence
LEVEL = 0.05


@dataclass(frozen=True, slots=True)
class Measured:
    """A slice with its score, what the other rows have, and the corrected p of that difference."""

    slice: Slice
    score: Score
    rest: float
    p: float | None = None

    @property
    def differs(self) -> bool:
        """Whether it is beyond doubt another score than that of the other rows."""
        return self.p is not None and self.p < LEVEL


class Slices(Chapter):
    """The best system on each slice of the rows, and the slices that differ from all others."""

    name: ClassVar[str] = "slices"
    order: ClassVar[int] = 20

    def write(self, results: Results) -> Section | None:
        """A table of each kind of slice; nothing where the rows do not fall into slices."""
        values = np.array(results.values(results.best))
        found = _measure([results.test[place] for place in results.judged], values, results.seed)
        if not found:
            return None
        kinds = dict.fromkeys(one.slice.kind for one in found)
        heading = results.metric.heading if results.metric.interval != "bootstrap" else "Right"
        tables = (_table(kind, heading, [one for one in found if one.slice.kind == kind]) for kind in kinds)
        return Section(
            self.name,
            f"Where {results.titles[results.best]} does better and worse",
            tuple(_sentences(found, heading)),
            tuple(tables),
        )


def _measure(examples: Sequence[Example], values: Numbers, seed: int) -> list[Measured]:
    """Every slice scored; the p values of all that are tested are one family."""
    found, source = slices(examples), sources(examples)
    tests = [apart(values, one.rows, source) for one in found]
    tested = {place: p for place, p in enumerate(tests) if p is not None}
    corrected = dict(zip(tested, holm(list(tested.values()))))
    return [
        Measured(
            one,
            mean_score(values[one.rows], source if source is None else source[one.rows], seed),
            float(values[~one.rows].mean()),
            corrected.get(place),
        )
        for place, one in enumerate(found)
    ]


def _sentences(found: Sequence[Measured], heading: str) -> list[str]:
    tested = sum(one.p is not None for one in found)
    differing = sorted((one for one in found if one.differs), key=lambda one: one.p or 0.0)
    if not tested:
        return ["No slice holds enough rows to be compared with the others."]
    if not differing:
        return [f"None of {tested} slices differs from the other rows beyond chance."]
    more = len(differing) - NAMED
    sentences = [_sentence(one, heading) for one in differing[:NAMED]]
    return sentences + ([f"{more} more slices differ; they are marked below."] if more > 0 else [])


def _sentence(one: Measured, heading: str) -> str:
    way = "worse" if one.score.value < one.rest else "better"
    return (
        f"{one.slice.kind} '{one.slice.name}' does {way}: {heading} {scored(one.score)} against {percent(one.rest)} "
        f"on the other rows (n = {one.score.n}, corrected p {chance(one.p)})."
    )


def _table(kind: str, heading: str, found: Sequence[Measured]) -> Table:
    """In their own order where all fit, else the lowest scores and those that differ."""
    fits = len(found) <= SHOWN
    lowest = sorted(found, key=lambda one: (not one.differs, one.score.value))[:SHOWN]
    shown = list(found) if fits else sorted(lowest, key=lambda one: one.score.value)
    return Table(
        (
            Column(kind),
            Column("Rows", "count"),
            Column(heading, "percent"),
            Column("95 % interval"),
            Column("Against the rest", "signed"),
            Column("p (Holm)", "p"),
        ),
        tuple(
            (
                one.slice.name,
                one.score.n,
                one.score.value,
                f"{percent(one.score.low)} to {percent(one.score.high)}",
                one.score.value - one.rest,
                one.p,
            )
            for one in shown
        ),
        f"By {kind.lower()}",
        "" if fits else f"{SHOWN} of {len(found)}: those that differ, then those that score lowest.",
        tuple(place for place, one in enumerate(shown) if one.differs),
    )
