"""Which of two is preferred: worths are found, and no side is better by itself."""

import numpy as np
import pytest
from scipy import sparse

from overtone.classical.pairs import both_ways, fit_worths

TRUE = np.array([2.0, -1.0, 0.0], dtype=np.float32)


def gains(count, seed):
    """Differences of features, with those first that are worth more under a Bradley-Terry model of true worths."""
    chance = np.random.default_rng(seed)
    found = chance.normal(size=(count, 3)).astype(np.float32)
    won = chance.random(count) < 1 / (1 + np.exp(-found @ TRUE))
    return np.where(won[:, None], found, -found)


@pytest.mark.parametrize("kind", [np.asarray, sparse.csr_matrix])
def test_worths_are_those_that_made_the_preferences(kind):
    worths, strength = fit_worths(kind(gains(4000, 0)), kind(gains(200, 1)), (0.01, 1.0, 100.0), 0)
    assert strength in (0.01, 1.0, 100.0)
    assert worths.shape == (3,)
    assert worths == pytest.approx(TRUE, abs=0.35)


def test_each_pair_stands_both_ways():
    rows = both_ways(gains(5, 0))
    assert rows.features.shape == (10, 3) and np.array_equal(rows.features[:5], -rows.features[5:])
    assert rows.wanted.tolist() == [[1, 0]] * 5 + [[0, 1]] * 5


def test_without_validation_pairs_the_middle_strength_is_taken():
    some = gains(50, 0)
    assert fit_worths(some, some[:0], (0.01, 0.1, 1.0), 0)[1] == 0.1
