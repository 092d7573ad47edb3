"""Parts of the rows for a learning curve: nested, of every class, the same for a seed."""

from collections import Counter

import pytest

from overtone.core.example import Example
from overtone.decide.learning_curve import LearningCurve, learners, nested_share, with_share
from overtone.decide.rivals.embedding_head import EmbeddingHead
from overtone.decide.rivals.fine_tune import FineTune
from overtone.decide.rivals.majority import Majority
from overtone.decide.rivals.tfidf import TfidfLinear
from overtone.plan import check_plan
from tests.decide.materials import sorting

ROWS = [Example(id=f"r{row}", text="x", labels=("a" if row % 10 else "b",)) for row in range(200)]


def test_parts_lie_within_each_other_and_keep_every_class_in_its_share() -> None:
    parts = [nested_share(ROWS, share, seed=3) for share in (0.125, 0.25, 0.5)]
    assert [Counter(row.labels[0] for row in part) for part in parts] == [
        {"a": 23, "b": 3},
        {"a": 45, "b": 5},
        {"a": 90, "b": 10},
    ]
    for smaller, larger in zip(parts, [*parts[1:], ROWS]):
        assert {row.id for row in smaller} <= {row.id for row in larger}


def test_the_seed_decides_and_the_order_stays() -> None:
    first, again, other = (nested_share(ROWS, 0.25, seed) for seed in (0, 0, 1))
    assert first == again != other
    assert first == [row for row in ROWS if row in first]
    assert set(first) == set(nested_share(ROWS[::-1], 0.25, 0))


def test_no_class_is_lost() -> None:
    rare = [*ROWS[:40], Example(id="one", text="x", labels=("c",))]
    assert "one" in {row.id for row in nested_share(rare, 0.01, 0)}


def test_training_and_validation_rows_are_both_in_the_share() -> None:
    part = with_share(sorting(), 0.5)
    assert (len(part.train), len(part.validation)) == (4, 4)


def test_only_what_the_plan_asks_is_measured() -> None:
    rivals = [Majority(), TfidfLinear(), EmbeddingHead(), FineTune()]
    asked = [LearningCurve(), LearningCurve(tuned=True), LearningCurve(cheap=False)]
    found = [[rival.key for rival in learners(rivals, one)] for one in asked]
    assert found == [["tfidf", "embedding_head"], ["tfidf", "embedding_head", "fine_tune"], []]


def test_a_share_is_a_part() -> None:
    plan = {"task": "classify", "base": "b", "data": "rows.csv"}
    for shares in ([0.5, 1.0], [0.5, 0.5], [0]):
        with pytest.raises(Exception, match="shares"):
            check_plan({**plan, "decide": {"learning_curve": {"shares": shares}}})
