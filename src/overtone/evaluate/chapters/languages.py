"""How each system does in each language, and how far that is from the language it learned in: zero-shot transfer."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np

from overtone.core.score import Comparison, Score
from overtone.evaluate.chapter import Chapter, Results
from overtone.evaluate.diagnosis.gap import gap
from overtone.evaluate.diagnosis.interval import sources
from overtone.evaluate.report.numbers import chance, differed, percent, scored
from overtone.evaluate.report.section import Cell, Column, Section, Table
from overtone.evaluate.scores import correct, score
from overtone.evaluate.statistics.normal import LEVEL


@dataclass(frozen=True, slots=True)
class InLanguage:
    """A system's score on the rows of one language, and its gap to the language that others are measured to."""

    key: str
    language: str
    score: Score
    gap: Comparison | None = None

    @property
    def apart(self) -> bool:
        """Whether the gap is beyond chance."""
        return self.gap is not None and self.gap.p_corrected < LEVEL


class Languages(Chapter):
    """Every system on every judged language, and its gap to the first language that was learned from."""

    name: ClassVar[str] = "languages"
    order: ClassVar[int] = 15

    def write(self, results: Results) -> Section | None:
        """Nothing where the plan names no languages, or one alone is judged."""
        judged = {results.test[place].language for place in results.judged}
        learned = [name for name in results.languages if name in judged]
        languages = [*learned, *sorted(judged - set(learned))]
        if not results.languages or len(languages) < 2:
            return None
        reference = learned[0] if learned else None
        ranked = sorted(results.scores, key=lambda key: -results.scores[key].value)
        found = _corrected([one for key in ranked for one in _measure(results, key, languages, reference)])
        tables = [_overview(results, found, languages)]
        if reference is not None:
            tables.append(_gaps(results, found, reference))
        return Section(
            self.name,
            "From language to language",
            tuple(_sentences(results, found, reference)),
            tuple(tables),
        )


def _measure(results: Results, key: str, languages: Sequence[str], reference: str | None) -> list[InLanguage]:
    """One system in each language."""
    rows = [results.test[place] for place in results.judged]
    answers = [results.answers[key][place] for place in results.judged]
    tallies = results.metric.tallies(rows, answers, results.task)
    spoken = np.array([row.language for row in rows])
    found = []
    for name in languages:
        of_it = [place for place, one in enumerate(spoken) if one == name]
        given = [rows[place] for place in of_it], [answers[place] for place in of_it]
        change = None
        if reference not in (None, name):
            both = np.isin(spoken, (name, reference))
            place = sources([row for row, wanted in zip(rows, both) if wanted])
            change = gap(results.metric, tallies[both], spoken[both] == name, place, results.seed)
        value = score(results.metric, *given, results.task, results.seed)
        found.append(InLanguage(key, name, value, change))
    return found


def _corrected(found: Sequence[InLanguage]) -> list[InLanguage]:
    """The p values of all gaps of all systems are one family (Holm)."""
    gaps = correct({str(place): one.gap for place, one in enumerate(found) if one.gap is not None})
    return [replace(one, gap=gaps.get(str(place))) for place, one in enumerate(found)]


def _sentences(results: Results, found: Sequence[InLanguage], reference: str | None) -> list[str]:
    """What was learned from; then of the best tuned and the best untuned system where it loses."""
    counts = Counter(row.language for row in results.train)
    learned = ", ".join(f"'{name}' ({counts[name]} rows)" for name in results.languages)
    sentences = [f"Learned from: {learned}."]
    if reference is None:
        return [*sentences, "No language that was learned from is judged, so there is no gap to tell."]
    return sentences + [
        _sentence(results.titles[key], [one for one in found if one.key == key], reference)
        for key in results.pair
    ]


def _sentence(title: str, found: Sequence[InLanguage], reference: str) -> str:
    home = next(one for one in found if one.language == reference)
    told = [
        f"{'lower' if one.gap.difference < 0 else 'higher'} in '{one.language}' ({differed(one.gap)}, corrected p "
        f"{chance(one.gap.p_corrected)})"
        for one in found
        if one.gap is not None and one.apart
    ]
    alike = [f"'{one.language}'" for one in found if one.gap is not None and not one.apart]
    told += [f"not shown to differ in {', '.join(alike)}"] if alike else []
    rest = "; ".join(told) or "too few rows to compare"
    return f"{title}: {scored(home.score)} in '{reference}' (n = {home.score.n}); {rest}."


def _overview(results: Results, found: Sequence[InLanguage], languages: Sequence[str]) -> Table:
    """A row a system, a column a language."""
    values = {(one.key, one.language): one.score for one in found}
    keys = dict.fromkeys(one.key for one in found)
    heads = tuple(Column(f"{name} (n = {values[next(iter(keys)), name].n})", "percent") for name in languages)
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (results.titles[key], *(values[key, name].value for name in languages)) for key in keys
    )
    marked = tuple(place for place, key in enumerate(keys) if key in results.pair)
    return Table((Column("System"), *heads), rows, f"{results.metric.heading} by language", marked=marked)


def _gaps(results: Results, found: Sequence[InLanguage], reference: str) -> Table:
    """Each score with its interval, and its gap."""
    counts = Counter(row.language for row in results.train)
    columns = (
        *map(Column, ("System", "Language")),
        Column("Rows to learn from", "count"),
        Column("Rows", "count"),
        Column(results.metric.heading, "percent"),
        Column("95 % interval"),
        Column(f"Gap to '{reference}'", "signed"),
        Column("95 % interval"),
        Column("p (Holm)", "p"),
    )
    rows = tuple(_row(results.titles[one.key], counts[one.language], one) for one in found)
    marked = tuple(place for place, one in enumerate(found) if one.apart)
    note = "Gaps are between different rows; a gap is also what one language's rows are harder by."
    return Table(columns, rows, f"Gaps to '{reference}'", note, marked)


def _row(title: str, learned: int, one: InLanguage) -> tuple[Cell, ...]:
    change = one.gap
    ends = (f"{percent(one.score.low)} to {percent(one.score.high)}",)
    told: tuple[Cell, ...] = (None, None, None)
    if change is not None:
        span = f"{percent(change.low, True)} to {percent(change.high, True)}"
        told = (change.difference, span, change.p_corrected)
    return (title, one.language, learned, one.score.n, one.score.value, *ends, *told)
