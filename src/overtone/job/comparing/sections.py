"""Runs beside each other as sections: every verdict, the same rows, and the history of each task."""

import re
from collections.abc import Hashable, Sequence
from itertools import pairwise

from overtone.core.score import Comparison, Score
from overtone.evaluate.report.numbers import differed, scored
from overtone.evaluate.report.section import Cell, Column, Difference, Forest, Line, Plot, Section, Table
from overtone.evaluate.scores import compare
from overtone.job.comparing.pair import Paired, pair_all
from overtone.job.comparing.standing import Standing

P = Column("p", "p")
CLAUSE = re.compile(r"[;:]| \(")  # where the first clause of an advice ends


def verdicts(runs: Sequence[Standing]) -> Section:
    """All runs, whatever their tasks: the best without tuning, the best tuned, and the advice."""
    gains = [_gain(run) for run in runs]
    rows = tuple(_verdict(run, gain) for run, gain in zip(runs, gains, strict=True))
    note = "In points of a hundred with 95 % intervals; n is the number of clean test rows of a run."
    columns = ("Run", "Metric", "n", "Best untuned", "Tuned", "Tuned - untuned", "Advice")
    heads = tuple(Column(title, "count" if title == "n" else "text") for title in columns)
    found = [(run.name, gain) for run, gain in zip(runs, gains, strict=True) if gain]
    forest = Forest(
        "What tuning gains over the best system without it, in points",
        tuple(Difference(name, gain.difference, gain.low, gain.high) for name, gain in found),
        "Dots are differences, lines their 95 % intervals; an arrow is a difference that lies further out.",
    )
    forests = (forest,) if found else ()
    return Section(
        "verdicts", "Verdicts side by side", tables=(Table(heads, rows, note=note),), forests=forests
    )


def same_rows(pairs: Sequence[Paired]) -> Section | None:
    """Runs against a reference on the rows they share; None where there is no such pair."""
    if not pairs:
        return None
    reference = pairs[0].reference
    heads = ("Run", "System", f"{reference.metric.heading}", f"'{reference.name}' on them", "Difference")
    columns = (
        *map(Column, heads[:2]),
        Column("Common rows", "count"),
        *map(Column, heads[2:]),
        P,
        Column("Better on", "count"),
        Column("Worse on", "count"),
    )
    rows = tuple(_paired(one) for one in pairs)
    sentences = tuple(_in_words(one) for one in pairs)
    return Section(
        "same_rows", f"Against '{reference.name}' on the same rows", sentences, (Table(columns, rows),)
    )


def histories(runs: Sequence[Standing]) -> list[Section]:
    """Each task over its models, the oldest first: runs that were judged on the same rows, each against the last."""
    found = []
    for number, group in enumerate(same_tasks(runs)):
        if len(group) > 1:
            found.append(_history(group, number))
    return found


def same_tasks(runs: Sequence[Standing]) -> list[list[Standing]]:
    """Runs in groups that were judged on the very same rows by the same metric, each in the order of time."""
    groups: dict[Hashable, list[Standing]] = {}
    for run in sorted(runs, key=lambda run: run.started):
        key = (run.task.name, str(run.task.metric), frozenset(run.rows.values()))
        groups.setdefault(key, []).append(run)
    return list(groups.values())


def _gain(run: Standing) -> Comparison | None:
    """The best tuned system less the best untuned one; None where there are not both."""
    if run.tuned is None or run.untuned is None:
        return None
    first, second = (run.given(key, list(run.rows)) for key in (run.tuned, run.untuned))
    return compare(run.metric, list(run.rows.values()), first, second, run.task, run.seed)


def _verdict(run: Standing, gain: Comparison | None) -> tuple[Cell, ...]:
    told = next((one for one in run.report.verdict if one.startswith("Advice")), "").removeprefix("Advice: ")
    what = f"{run.name}: {run.report.task[:1].lower()}{run.report.task[1:]}, {run.base}"
    cells = (_named(run, run.untuned), _named(run, run.tuned), differed(gain), CLAUSE.split(told)[0])
    return (what, run.metric.heading, len(run.rows), *cells)


def _named(run: Standing, key: str | None) -> str:
    return f"{scored(run.score(key))} {run.heading(key)}" if key else "–"


def _paired(one: Paired) -> tuple[Cell, ...]:
    scores = (scored(one.score), scored(one.reference_score), differed(one.comparison))
    return (
        one.run.name,
        one.run.title,
        one.score.n,
        *scores,
        one.comparison.p_corrected,
        one.gained,
        one.lost,
    )


def _in_words(one: Paired) -> str:
    clear = one.comparison.p_corrected < 0.05 and (one.comparison.low > 0 or one.comparison.high < 0)
    if not clear:
        return f"'{one.run.name}' and '{one.reference.name}' are not shown to differ (n = {one.score.n})."
    side = "better" if one.comparison.difference > 0 else "worse"
    return f"'{one.run.name}' is {side} than '{one.reference.name}': {differed(one.comparison)} (n = {one.score.n})."


def _history(group: Sequence[Standing], number: int) -> Section:
    """Scores in order of time; each run is compared with the one before it."""
    scores = [run.score(run.key) for run in group]
    changes = [None, *(pair_all([later], earlier)[0] for earlier, later in pairwise(group))]
    columns = (
        *map(Column, ("Started", "Run", "Base", "System", group[0].metric.heading, "Against the one before")),
        P,
    )
    rows = tuple(
        (
            run.started,
            run.name,
            run.base,
            run.title,
            scored(value),
            differed(change.comparison) if change else "–",
            change.comparison.p if change else None,
        )
        for run, value, change in zip(group, scores, changes)
    )
    worse = [change for change in changes if change and change.worse]
    sentences = tuple(_in_words(change) for change in worse) or (
        "No run is clearly worse than the one before it.",
    )
    title = f"{group[0].report.task}: {len(group)} runs on the same {len(group[0].rows)} rows"
    return Section(f"history_{number}", title, sentences, (Table(columns, rows),), (_plot(group, scores),))


def _plot(group: Sequence[Standing], scores: Sequence[Score]) -> Plot:
    line = Line(
        group[0].metric.heading,
        tuple((float(place), value.value) for place, value in enumerate(scores, 1)),
        tuple(value.low for value in scores),
        tuple(value.high for value in scores),
        dots=True,
    )
    return Plot(
        f"{group[0].metric.heading} over the runs, with 95 % intervals",
        "run",
        group[0].metric.heading,
        (line,),
        up_written="percent",
        level=group[-1].task.bar,
    )
