"""Do answers depend on documents? A system that reads them against a tuned one that reads none."""

from collections.abc import Sequence

from overtone.core.score import Score
from overtone.decide.measured import Measured
from overtone.decide.reasons import Documents
from overtone.evaluate.scores import score
from overtone.job.deciding.bench import Bench


def documents(measured: Sequence[Measured], bench: Bench) -> Documents | None:
    """The comparison; None where no untuned system reads documents or no tuned one does without."""
    readers = [one for one in measured if not one.tuned and _reads(one)]
    closed = [one for one in measured if one.tuned and not _reads(one)]
    if not readers or not closed:
        return None
    reader, tuned = (max(group, key=lambda one: bench.score(one).value) for group in (readers, closed))
    return Documents(
        reader=reader.title,
        tuned=tuned.title,
        gain=bench.compare(reader, tuned),
        found=_score(bench, reader, True),
        missed=_score(bench, reader, False),
    )


def _reads(measured: Measured) -> bool:
    return any(answer.documents for answer in measured.answers)


def _score(bench: Bench, reader: Measured, found: bool) -> Score | None:
    """Its score on the rows whose right document stood in the prompt, or on those where it did not."""
    pairs = [
        (row, answer)
        for row, answer in zip(bench.rows, bench.answers(reader), strict=True)
        if row.documents and bool(set(row.documents) & set(answer.documents)) == found
    ]
    if not any(bench.metric.judges(row) for row, _ in pairs):
        return None
    return score(bench.metric, [row for row, _ in pairs], [one for _, one in pairs], bench.task, bench.seed)
