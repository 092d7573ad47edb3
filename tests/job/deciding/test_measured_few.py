"""What answers to validation rows would take is foretold of few, written at the length of the wanted ones."""

import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from overtone.core.example import Example
from overtone.job.deciding.measured_few import measured_few
from overtone.models.text import encode_plain
from overtone.train.artifact import Artifact
from overtone.train.tune import objective_of, start
from tests.train.rows import tuning


@pytest.mark.parametrize("best_by", ["metric", "objective"])
def test_few_rows_are_answered_at_the_wanted_length(small_base: Callable[[str], Path], best_by: str) -> None:
    asked: list[tuple[int, int]] = []

    def measure(artifact: Artifact, rows: Sequence[Example]) -> float:
        asked.append((len(rows), artifact.card.task.max_tokens))  # type: ignore[attr-defined]
        return 0.5

    job = replace(
        tuning(small_base, "llama", "answer", {"method": "lora", "best_by": best_by}), measure=measure
    )
    artifact = start(job, objective_of(job))
    told = measured_few(job, artifact, 4)
    assert (told is None) == (best_by == "objective")
    if told is not None:
        lengths = [len(encode_plain(job.base, row.completion)) for row in job.validation[:4]]
        assert told() == 0.5 and asked == [(4, math.ceil(sum(lengths) / 4) + 1)]
        assert artifact.card.task.max_tokens > 20  # type: ignore[attr-defined]
