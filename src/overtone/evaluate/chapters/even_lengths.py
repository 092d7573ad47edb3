"""Preferences where length tells nothing: what a system has learned beside that longer answers are liked."""

from typing import ClassVar

import numpy as np

from overtone.evaluate.chapter import Chapter, Results
from overtone.evaluate.diagnosis.even_lengths import even_lengths
from overtone.evaluate.diagnosis.interval import sources
from overtone.evaluate.diagnosis.slices import mean_score
from overtone.evaluate.report.numbers import scored
from overtone.evaluate.report.section import Column, Section, Table

FEWEST = 20  # pairs, below which the intervals would say nothing


class EvenLengths(Chapter):
    """Every system's preference accuracy on pairs in which the chosen answer is as often the longer one as not."""

    name: ClassVar[str] = "even_lengths"
    order: ClassVar[int] = 22

    def write(self, results: Results) -> Section | None:
        """Nothing where answers are not compared, or where too few pairs hold the balance."""
        judged = [results.test[place] for place in results.judged]
        kept = even_lengths(judged) if results.task.asks == "prefer" else []
        if len(kept) < FEWEST:
            return None
        place = sources([judged[one] for one in kept])
        found = {
            key: mean_score(np.array(results.values(key))[kept], place, results.seed)
            for key in results.answers
        }
        best = max(found, key=lambda key: found[key].value)
        told = f"Best there is '{results.titles[best]}' with {scored(found[best])}."
        if found[best].low <= 0.5:
            told = "No system is shown to do better than chance there."
        rows = tuple((results.titles[key], one.value, one.low, one.high) for key, one in found.items())
        heads = (
            Column("System"),
            *(Column(head, "percent") for head in (results.metric.title, "from", "to")),
        )
        return Section(
            self.name,
            "Where length tells nothing",
            (
                f"Of {len(judged)} pairs {len(kept)} are balanced: among those whose lengths lie as far apart, the "
                f"longer answer is chosen as often as the shorter one. {told}",
            ),
            (Table(heads, rows),),
        )
