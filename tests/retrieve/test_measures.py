"""Measures of a ranking."""

from math import log2

import pytest

from overtone.retrieve.hit import Hit
from overtone.retrieve.measures import ndcg_at, ranks, recall_at, reciprocal_rank
from overtone.retrieve.recall import recall

HITS = [Hit(7, 3.0), Hit(2, 2.0), Hit(5, 2.0), Hit(1, 1.0)]


def test_a_tie_counts_against():
    assert ranks(HITS, {7}) == [1]
    assert ranks(HITS, {2}) == [3]
    assert ranks(HITS, {1, 5, 9}) == [3, 4]
    assert ranks([], {1}) == []


def test_measures_of_ranks():
    assert recall_at([3, 4], 4, 3) == 0.25
    assert (reciprocal_rank([3, 4]), reciprocal_rank([])) == (1 / 3, 0.0)
    best = 1 + 1 / log2(3)
    assert ndcg_at([1, 3], 2, 10) == pytest.approx((1 + 1 / 2) / best)
    assert ndcg_at([2], 1, 1) == 0.0
    assert ndcg_at([1, 2], 2, 5) == pytest.approx(1.0)


def test_recall_counts_only_rows_with_a_known_document():
    gold = [("a",), ("b",), (), ("c", "d")]
    found = [("a", "x"), ("x", "b"), ("x", "y"), ("c", "x")]
    assert recall(gold, found, 1) == ((1 + 0 + 0.5) / 3, 3)
    assert recall(gold, found, 2) == ((1 + 1 + 0.5) / 3, 3)
    assert recall([()], [("a",)], 1) == (0.0, 0)
