"""What the scores do not say by themselves: answers that cannot be parsed, opinions that the order turned."""

from collections.abc import Iterator
from typing import ClassVar

from overtone.evaluate.chapter import Chapter, Results
from overtone.evaluate.extractor import extractor_of, unparsable
from overtone.evaluate.metric import metrics_for
from overtone.evaluate.report.section import Column, Section, Table


class Judging(Chapter):
    """What was extracted from the answers, and what the metrics have to remark."""

    name: ClassVar[str] = "judging"
    order: ClassVar[int] = 45

    def write(self, results: Results) -> Section | None:
        """Unparsable answers of each system, and each remark; None where there is neither."""
        sentences = tuple(_remarks(results))
        extractor = extractor_of(results.task)
        if extractor is None:
            return Section(self.name, "How answers were judged", sentences) if sentences else None
        said = f"Of each answer '{extractor.name}' is judged; an answer that holds no such thing counts as wrong."
        counts = {key: unparsable(answers, results.task) for key, answers in results.answers.items()}
        rows = tuple((results.titles[key], count, len(results.test)) for key, count in counts.items())
        columns = (Column("System"), Column("Unparsable", "count"), Column("Answers", "count"))
        table = Table(columns, rows, "Answers that hold nothing to judge")
        return Section(self.name, "How answers were judged", (said, *sentences), (table,))


def _remarks(results: Results) -> Iterator[str]:
    for metric in metrics_for(results.task, results.test):
        for key, answers in results.answers.items():
            for remark in metric.remarks(results.test, answers, results.task):
                yield f"{metric.heading}, {results.titles[key]}: {remark}"
