"""Metrics of found passages, by hand."""

from math import log2

import pytest

from overtone.core.answer import Answer
from overtone.core.example import Example
from overtone.core.task import Task
from overtone.evaluate.metrics.ndcg import Ndcg
from overtone.evaluate.metrics.recall_at import RecallAt
from overtone.evaluate.metrics.reciprocal_rank import ReciprocalRank

TASK = Task.model_validate("embed")
ROWS = [Example("a", documents=("x",)), Example("b", documents=("x", "y")), Example("c", documents=("z",))]
FOUND = [Answer(documents=("q", "x")), Answer(documents=("y", "q", "x")), Answer(error="no")]


def test_by_hand():
    assert RecallAt(count=2).rows(ROWS, FOUND, TASK) == [1, 0.5, 0]
    assert RecallAt(count=1).rows(ROWS, FOUND, TASK) == [0, 0.5, 0]
    assert ReciprocalRank().rows(ROWS, FOUND, TASK) == [0.5, 1, 0]
    best = 1 + 1 / log2(3)
    assert Ndcg().rows(ROWS, FOUND, TASK) == pytest.approx([1 / log2(3), (1 + 1 / 2) / best, 0])
    assert RecallAt(count=3).heading == "Recall at 3"
