"""Runs that learned from different languages, laid beside each other: training language by judged language."""

from collections.abc import Mapping, Sequence
from itertools import product

from overtone.core.answer import Answer
from overtone.core.example import Example
from overtone.core.score import Comparison, Score
from overtone.evaluate.report.numbers import percent, scored
from overtone.evaluate.report.section import Cell, Column, Section, Table
from overtone.evaluate.scores import compare, correct, score
from overtone.evaluate.statistics.normal import LEVEL
from overtone.job.comparing.pair import common_rows
from overtone.job.comparing.standing import Standing

Pair = tuple[str, str]  # a run's name and a language


def transfer(runs: Sequence[Standing]) -> Section | None:
    """The matrix, and each run against the one that learned from the judged language alone.

    All cells of a language are of the same rows: those that every run was judged on. None where fewer than two runs
    name languages and share rows, or where they learned from the same ones.
    """
    named = [run for run in runs if run.languages]
    known = [run for run in named if common_rows(run, named[0])]
    if len({tuple(run.languages.items()) for run in known}) < 2:
        return None
    rows = _by_language(known)
    scores = {
        (run.name, name): score(run.metric, found, _given(run, found), run.task, run.seed)
        for run, (name, found) in product(known, rows.items())
    }
    changes = correct(_against_native(known, rows))
    tables = [_matrix(known, rows, scores)]
    if changes:
        tables.append(_losses(known, rows, scores, changes))
    return Section("transfer", "Transfer between languages", tuple(_sentences(changes)), tuple(tables))


def _by_language(runs: Sequence[Standing]) -> dict[str, list[Example]]:
    """The judged rows that all runs share, by language: those that were learned from first, in the order of runs."""
    shared = set(common_rows(runs[0], runs[0])).intersection(*(common_rows(run, runs[0]) for run in runs))
    rows = [
        row
        for key, row in runs[0].rows.items()
        if key in shared and row.language and runs[0].metric.judges(row)
    ]
    spoken = {row.language for row in rows}
    learned = dict.fromkeys(name for run in runs for name in run.languages if name in spoken)
    order = [*learned, *sorted(spoken - set(learned))]
    return {name: [row for row in rows if row.language == name] for name in order}


def _given(run: Standing, rows: Sequence[Example]) -> list[Answer]:
    return run.given(run.key, [row.id for row in rows])


def _native(runs: Sequence[Standing], language: str) -> Standing | None:
    """The first run that learned from this language alone, from all of its rows."""
    return next((run for run in runs if dict(run.languages) == {language: 1.0}), None)


def _against_native(runs: Sequence[Standing], rows: Mapping[str, Sequence[Example]]) -> dict[str, Comparison]:
    """Each run less the native one on the same rows, by `_place`."""
    found = {}
    for run, (name, judged) in product(runs, rows.items()):
        native = _native(runs, name)
        if native is not None and native is not run:
            answers = _given(run, judged), _given(native, judged)
            found[_place(run.name, name)] = compare(run.metric, judged, *answers, run.task, native.seed)
    return found


def _place(run: str, language: str) -> str:
    return f"{run}\x1f{language}"


def _sentences(changes: Mapping[str, Comparison]) -> list[str]:
    if not changes:
        return ["No run learned from one of the judged languages alone, so there is nothing to lose against."]
    lower = sum(one.difference < 0 and one.p_corrected < LEVEL for one in changes.values())
    return [
        f"In {lower} of {len(changes)} cells the run is clearly worse than the run that learned from that language."
    ]


def _learned(run: Standing) -> str:
    """What a run learned from: `en, de (10 %)`."""
    parts = (
        name if share == 1 else f"{name} ({share:.3g} of its rows)" for name, share in run.languages.items()
    )
    return ", ".join(parts)


def _matrix(
    runs: Sequence[Standing], rows: Mapping[str, Sequence[Example]], scores: Mapping[Pair, Score]
) -> Table:
    heads = (Column(f"{name} (n = {len(found)})") for name, found in rows.items())
    return Table(
        (*map(Column, ("Learned from", "Run", "System")), *heads),
        tuple(
            (_learned(run), run.name, run.title, *(scored(scores[run.name, name]) for name in rows))
            for run in runs
        ),
        f"{runs[0].metric.heading}: a row for what was learned from, a column for what is judged",
        "In points of a hundred with 95 % intervals; all cells of a column are of the same rows.",
    )


def _losses(
    runs: Sequence[Standing],
    rows: Mapping[str, Sequence[Example]],
    scores: Mapping[Pair, Score],
    changes: Mapping[str, Comparison],
) -> Table:
    """A line for each cell that has a run of its own language to be held against."""
    columns = (
        *map(Column, ("Learned from", "Judged in")),
        Column("Rows", "count"),
        Column(runs[0].metric.heading, "percent"),
        Column("The language's own run", "percent"),
        Column("Difference", "signed"),
        Column("95 % interval"),
        Column("p (Holm)", "p"),
    )
    lines: list[tuple[Cell, ...]] = []
    for run, name in product(runs, rows):
        native, change = _native(runs, name), changes.get(_place(run.name, name))
        if native is not None and change is not None:
            values = scores[run.name, name].value, scores[native.name, name].value, change.difference
            ends = f"{percent(change.low, True)} to {percent(change.high, True)}"
            lines.append((_learned(run), name, len(rows[name]), *values, ends, change.p_corrected))
    return Table(columns, tuple(lines), "Against the run that learned from the judged language alone")
