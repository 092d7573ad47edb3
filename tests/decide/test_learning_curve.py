"""What a learning curve is measured on, and which learners are."""

from dataclasses import replace

import pytest

from overtone.decide.learning_curve import LearningCurve, learners, with_share
from overtone.decide.rivals.embedding_head import EmbeddingHead
from overtone.decide.rivals.fine_tune import FineTune
from overtone.decide.rivals.majority import Majority
from overtone.decide.rivals.tfidf import TfidfLinear
from overtone.plan import check_plan
from tests.decide.materials import sorting


def test_training_and_validation_rows_are_both_in_the_share() -> None:
    part = with_share(sorting(), 0.5)
    assert (len(part.train), len(part.validation)) == (4, 4)


def test_training_and_validation_rows_keep_their_groups() -> None:
    rows = sorting()
    grouped = [tuple(replace(row, group="all") for row in part) for part in (rows.train, rows.validation)]
    part = with_share(replace(rows, train=grouped[0], validation=grouped[1]), 0.5)
    assert (len(part.train), len(part.validation)) == (len(rows.train), len(rows.validation))


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
