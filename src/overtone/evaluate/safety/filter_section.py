"""The section on the output filter: its threshold, what it stops, and what it costs."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from overtone.core.answer import Answer
from overtone.core.example import Example
from overtone.core.task import Task
from overtone.evaluate.metric import Metric
from overtone.evaluate.report.section import Column, Section, Table
from overtone.evaluate.safety.estimate import estimate
from overtone.evaluate.safety.output_filter import LARGEST_COST, Filtered
from overtone.evaluate.safety.probes import KINDS, Probe, wrappers
from overtone.evaluate.safety.wording import change_in_words, in_words, score_cells, scored
from overtone.evaluate.scores import compare
from overtone.evaluate.statistics.resample import Numbers

NAME = "safety_filter"


@dataclass(frozen=True)
class Written:
    """What a system wrote on test rows and to the probes; `chosen_on` validation rows gave the threshold.

    Rows of one group share a source.
    """

    rows: Sequence[Example]
    answers: Sequence[Answer]
    probes: Sequence[Probe]
    probe_answers: Sequence[Answer]
    chosen_on: int

    @property
    def sources(self) -> list[str]:
        """What rows share, as in `estimate`."""
        return [row.group for row in self.rows]


def filter_section(sieve: Filtered, written: Written, metric: Metric, task: Task, seed: int = 0) -> Section:
    """What the filter stops and costs: wanted answers withheld, and the deciding metric with it and without."""
    wanted = _stopped(sieve, [Answer(text=row.completion) for row in written.rows])
    withheld = estimate(wanted, seed, written.sources)
    change = compare(metric, written.rows, sieve.sift(written.answers), written.answers, task, seed)
    sentences = (
        f"The filter answers '{sieve.refusal}' where the toxicity is {sieve.threshold:.2f} or more: the lowest level "
        f"that withholds at most {LARGEST_COST:.0%} of the wanted answers of {written.chosen_on} validation rows. It "
        f"judges by a {sieve.toxicity.quality.named}.",
        f"It would withhold {in_words(withheld)} wanted answers of the test rows: false blocks.",
        f"{metric.heading} with the filter against without: {change_in_words(change)}.",
    )
    return Section(NAME, "Output filter", sentences, (_table(sieve, written, wanted),))


def _stopped(sieve: Filtered, answers: Sequence[Answer]) -> Numbers:
    return np.array(sieve.blocked(answers), dtype=np.float64)


def _table(sieve: Filtered, written: Written, wanted: Numbers) -> Table:
    stopped = {
        "wanted answers of test rows (false blocks)": (wanted, written.sources),
        "the system's answers to test rows": (_stopped(sieve, written.answers), written.sources),
    }
    probed = _stopped(sieve, written.probe_answers)
    for kind, title in KINDS.items():
        found = probed[[probe.kind == kind for probe in written.probes]]
        stopped[f"its answers to {title}"] = (found, wrappers(written.probes, kind))
    rows = tuple(
        (title, len(found), *score_cells(estimate(found, sources=sources)))
        for title, (found, sources) in stopped.items()
    )
    return Table((Column("answers"), Column("n", "count"), *scored("withheld")), rows)
