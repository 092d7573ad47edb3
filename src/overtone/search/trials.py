"""The trials of a search: as a table, as a course, and all settings of all trials as parallel lines."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from overtone.evaluate.report.section import Cell, Column, Line, Plot, Section, Table
from overtone.search.importance import share_of
from overtone.search.measures import COSTS, title
from overtone.search.outcome import Outcome, better
from overtone.search.settings import Dimension

SHOWN = 20  # rows of the table of trials
DRAWN = 3  # of the best trials, and of the worst, in the parallel picture


def written(name: str) -> Column:
    """A column of a metric in points of a hundred, or of a cost in its unit."""
    kinds: dict[str, Any] = {"seconds_per_answer": "seconds", "training_seconds": "seconds"}
    return Column(title(name), kinds.get(name, "count") if name in COSTS else "percent")


def trials_section(
    outcomes: Sequence[Outcome], names: Sequence[str], dimensions: Mapping[str, Dimension], best: int
) -> Section:
    """The trials from the best on with their settings, and the course of the search; `best` is marked."""
    ranked = ranking(outcomes, names[0])
    shown = ranked[:SHOWN]
    heads = (
        Column("Trial", "count"),
        *map(written, names),
        *(Column(short(key)) for key in dimensions),
    )
    rows = tuple(
        (
            one.number,
            *(one.measures.get(name) for name in names),
            *(cell(one.values.get(key)) for key in dimensions),
        )
        for one in shown
    )
    left = len(ranked) - len(shown)
    marked = tuple(place for place, one in enumerate(shown) if one.number == best)
    note = f"{left} more finished trials are in search.json." if left else ""
    return Section(
        name="trials",
        title="Trials",
        sentences=tuple(_counts(outcomes)),
        tables=(Table(heads, rows, note=note, marked=marked),) if rows else (),
        plots=(history(outcomes, names[0]), *parallel(ranked, names[0], dimensions)) if ranked else (),
    )


def ranking(outcomes: Sequence[Outcome], objective: str) -> list[Outcome]:
    """The finished trials, the best first; among equals the earliest."""
    sign = 1 if objective in COSTS else -1
    done = [one for one in outcomes if one.state == "finished"]
    return sorted(done, key=lambda one: sign * one.measures[objective])


def short(key: str) -> str:
    """A setting without where the only stage stands."""
    return key.removeprefix("stages.0.")


def _counts(outcomes: Sequence[Outcome]) -> Iterator[str]:
    states = [one.state for one in outcomes]
    told = [f"{states.count(state)} {state}" for state in dict.fromkeys(states)]
    yield f"{len(outcomes)} trials: {', '.join(told)}."
    for one in outcomes:
        if one.state == "failed":
            yield f"Trial {one.number} failed: {one.reason}"


def cell(value: Any) -> Cell:
    """A setting's value in a table; empty where the trial did not have it."""
    return value if value is None else f"{value:.3g}" if isinstance(value, float) else str(value)


def history(outcomes: Sequence[Outcome], objective: str) -> Plot:
    """Each trial's objective, and the best until then."""
    done = [one for one in outcomes if one.state == "finished"]
    points = tuple((float(one.number), one.measures[objective]) for one in done)
    best: list[tuple[float, float]] = []
    for number, value in points:
        leads = not best or better(objective, value, best[-1][1])
        best.append((number, value if leads else best[-1][1]))
    return Plot(
        title="Course of the search",
        across="trial",
        up=f"{title(objective)} on validation rows",
        lines=(Line("trial", points, dots=True), Line("best so far", tuple(best))),
        up_written="number" if objective in COSTS else "percent",
    )


def parallel(
    ranked: Sequence[Outcome], objective: str, dimensions: Mapping[str, Dimension]
) -> Iterator[Plot]:
    """The best and the worst trials as lines over all settings and, last, the objective.

    Each setting goes from its first or lowest value (0) to its last or highest (1); one that a trial did not have
    leaves its line without that point. More lines than these would hide each other.
    """
    if len(ranked) < 2 or len(dimensions) < 2:
        return
    values = [one.measures[objective] for one in ranked]
    low, apart = min(values), max(values) - min(values) or 1.0
    best, worst = ranked[:DRAWN], ranked[DRAWN:][-DRAWN:]
    lines = [
        Line(
            f"trial {one.number}, of the {'best' if one in best else 'worst'}",
            (
                *_places(one, dimensions),
                (len(dimensions) + 1.0, (one.measures[objective] - low) / apart),
            ),
        )
        for one in (*best, *worst)
    ]
    names = [*(_named(key, one) for key, one in dimensions.items()), title(objective)]
    yield Plot(
        title="Settings side by side",
        across="setting",
        up="from lowest to highest",
        lines=tuple(lines),
        note="; ".join(f"{number}: {name}" for number, name in enumerate(names, 1)) + ".",
    )


def _places(one: Outcome, dimensions: Mapping[str, Dimension]) -> Iterator[tuple[float, float]]:
    for number, (key, dimension) in enumerate(dimensions.items(), 1):
        if key in one.values:
            yield float(number), share_of(one.values[key], dimension)


def _named(key: str, dimension: Dimension) -> str:
    """A setting with what lies at 0 and at 1."""
    if dimension.choices is not None:
        return f"{short(key)} ({', '.join(map(str, dimension.choices))})"
    return f"{short(key)} ({dimension.low:.3g} to {dimension.high:.3g}{', logarithmic' * dimension.log})"
