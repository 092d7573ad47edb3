"""ROC and precision-recall curves with the areas under them, for the best systems that give probabilities."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from overtone.evaluate.chapter import Chapter, Results
from overtone.evaluate.diagnosis.predicted import Predicted
from overtone.evaluate.diagnosis.ranking import (
    GRID,
    Points,
    area_interval,
    average_precision,
    precision_on_grid,
    rates,
    recall_and_precision,
    roc_on_grid,
    row_areas,
    thinned,
)
from overtone.evaluate.diagnosis.slices import Mask
from overtone.evaluate.report.numbers import percent
from overtone.evaluate.report.section import Cell, Column, Line, Plot, Section, Table
from overtone.evaluate.statistics.groups import Places
from overtone.evaluate.statistics.resample import Numbers

MANY = 10  # classes above which the curve of all pairs together says little and is left out
WORST = 5
HEADS = (
    Column("Curve"),
    Column("Area under ROC", "percent"),
    Column("95 % interval"),
    Column("Average precision", "percent"),
)


@dataclass(frozen=True, slots=True)
class Curves:
    """The two curves of a system, the area under its ROC with the ends of the interval, and its average precision."""

    name: str
    roc: Points
    precision: Points
    area: float
    interval: tuple[float, float]
    average_precision: float

    @property
    def ends(self) -> str:
        """The interval in words."""
        return f"{percent(self.interval[0])} to {percent(self.interval[1])}"


class RankingCurves(Chapter):
    """ROC and precision-recall curves: of the positive class of two, else the mean over one class against the rest."""

    name: ClassVar[str] = "ranking_curves"
    order: ClassVar[int] = 70

    def write(self, results: Results) -> Section | None:
        """Curves and areas; nothing where no system gives probabilities or one class is all there is."""
        found = {results.titles[key]: rows for key, rows in results.predicted() if len(ranked(rows))}
        if not found:
            return None
        curves = [one for title, rows in found.items() for one in curves_of(title, rows)]
        tables = [_table(curves, len(results.test))]
        title, rows = next(iter(found.items()))
        if len(rows.labels) > MANY:
            tables.append(_worst(title, rows))
        sentences = (*_sentences(found), _areas(curves))
        return Section(self.name, "How well probabilities rank", sentences, tuple(tables), _plots(curves))


def ranked(rows: Predicted) -> list[int]:
    """The classes that have a curve, by place: wanted by some rows and not by all; of two only the rarer."""
    wanted = rows.wanted.sum(axis=0)
    found = [place for place, times in enumerate(wanted) if 0 < times < len(rows.wanted)]
    if len(rows.labels) == 2 and not rows.several:
        return sorted(found, key=lambda place: wanted[place])[:1]
    return found


def curves_of(title: str, rows: Predicted) -> list[Curves]:
    """The curve of the one class there is, or of all classes as a mean and, where they are few, together."""
    places = ranked(rows)
    if len(places) == 1:
        return [_of_class(title, rows, places[0])]
    sides = [(rows.probabilities[:, place], rows.wanted[:, place] > 0) for place in places]
    areas = np.mean([row_areas(*side) for side in sides], axis=0)
    macro = Curves(
        f"{title}, mean of classes",
        thinned(GRID, np.mean([roc_on_grid(*side) for side in sides], axis=0)),
        thinned(GRID, np.mean([precision_on_grid(*side) for side in sides], axis=0)),
        float(areas.mean()),
        area_interval(areas, len(areas), rows.place),
        float(np.mean([average_precision(*side) for side in sides])),
    )
    return [macro] if len(places) > MANY else [macro, _together(f"{title}, all together", rows)]


def _of_class(name: str, rows: Predicted, place: int) -> Curves:
    """One class against the rest."""
    scores, positive = rows.probabilities[:, place], rows.wanted[:, place] > 0
    rarer = int(min(positive.sum(), (~positive).sum()))
    return _plain(name, scores, positive, row_areas(scores, positive), rarer, rows.place)


def _together(name: str, rows: Predicted) -> Curves:
    """Every pair of a row and a class ranked in one list (micro average); rows count as evidence, not pairs."""
    scores, positive = rows.probabilities.ravel(), rows.wanted.ravel() > 0
    areas = row_areas(scores, positive).reshape(rows.wanted.shape).mean(axis=1)
    return _plain(name, scores, positive, areas, len(areas), rows.place)


def _plain(
    name: str, scores: Numbers, positive: Mask, areas: Numbers, evidence: int, place: Places | None
) -> Curves:
    return Curves(
        name,
        thinned(*rates(scores, positive)),
        thinned(*recall_and_precision(scores, positive)),
        float(areas.mean()),
        area_interval(areas, evidence, place),
        average_precision(scores, positive),
    )


def _sentences(found: dict[str, Predicted]) -> list[str]:
    rows = next(iter(found.values()))
    places = ranked(rows)
    if len(rows.labels) == 2 and not rows.several:
        times = int(rows.wanted[:, places[0]].sum())
        words = [
            f"The positive class is the rarer one, '{rows.labels[places[0]]}' ({times} of {len(rows.wanted)} rows)."
        ]
    else:
        words = [f"Each of {len(places)} classes is told from the others; the mean counts every class alike."]
    return words + [
        f"{rows.left_out} answers of '{title}' without probabilities are left out."
        for title, rows in found.items()
        if rows.left_out
    ]


def _areas(curves: Sequence[Curves]) -> str:
    """The areas in words."""
    words = [f"{one.name} {percent(one.area)} ({one.ends})" for one in curves]
    return f"Area under the ROC curve with its 95 % interval: {'; '.join(words)}."


def _table(curves: Sequence[Curves], n: int) -> Table:
    rows = tuple((one.name, one.area, one.ends, one.average_precision) for one in curves)
    return Table(HEADS, rows, note=f"An area of 50 is chance, 100 perfect (n = {n}).")


def _worst(title: str, rows: Predicted) -> Table:
    """The classes with the smallest areas."""
    curves = {place: _of_class(rows.labels[place], rows, place) for place in ranked(rows)}
    worst = sorted(curves, key=lambda place: curves[place].area)[:WORST]
    lines: list[tuple[Cell, ...]] = [
        (one.name, one.area, one.ends, one.average_precision, int(rows.wanted[:, place].sum()))
        for place, one in ((place, curves[place]) for place in worst)
    ]
    heads = (Column("Class"), *HEADS[1:], Column("Rows", "count"))
    return Table(heads, tuple(lines), f"Classes that '{title}' ranks worst")


def _plots(curves: Sequence[Curves]) -> tuple[Plot, ...]:
    roc = tuple(Line(one.name, one.roc) for one in curves)
    precision = tuple(Line(one.name, one.precision) for one in curves)
    shares = {"across_written": "percent", "up_written": "percent"}
    return (
        Plot("ROC", "false positives", "true positives", roc, diagonal=True, **shares),  # type: ignore[arg-type]
        Plot("Precision and recall", "recall", "precision", precision, **shares),  # type: ignore[arg-type]
    )
