"""The report as rows of a table, for a terminal."""

from overtone.evaluate.report.contents import Contents, SystemResult
from overtone.evaluate.report.numbers import chance, count, differed, scored, seconds


def heads(contents: Contents) -> tuple[str, ...]:
    """The heads of the columns that `rows` fills."""
    titles = (metric.title for metric in contents.metrics)
    return ("System", *titles, "Against best", "p", "Time/answer", "MB")


def rows(contents: Contents) -> list[tuple[str, ...]]:
    """A row for each system, best first: name, scores, difference from best, corrected p, time, memory."""
    return [_row(system, contents) for system in contents.ranked]


def _row(system: SystemResult, contents: Contents) -> tuple[str, ...]:
    comparison = system.comparisons.get(contents.deciding.name)
    return (
        system.title,
        *(scored(system.scores.get(metric.name)) for metric in contents.metrics),
        differed(comparison),
        chance(comparison.p_corrected if comparison else None),
        seconds(system.seconds_per_answer),
        count(round(system.peak_memory_mb) if system.peak_memory_mb is not None else None),
    )
