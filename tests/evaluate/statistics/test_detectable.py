import numpy as np
import pytest

from overtone.evaluate.statistics.detectable import assumed_discordance, detectable_mean, detectable_share
from overtone.evaluate.statistics.mcnemar import mcnemar
from overtone.evaluate.statistics.paired_test import paired_mean_test


def test_a_share_of_the_detectable_size_is_found_four_times_in_five():
    n, discordance = 1000, 0.1
    difference = detectable_share(n, discordance)
    gains = (discordance + difference) / 2
    draws = np.random.default_rng(1).multinomial(n, [gains, discordance - gains, 1 - discordance], 1500)
    found = np.mean([mcnemar(gained, lost) < 0.05 for gained, lost, _ in draws])
    assert 0.72 <= found <= 0.84  # the exact test is a little stricter than the formula


def test_a_mean_of_the_detectable_size_is_found_four_times_in_five():
    n, deviation = 50, 0.2
    draws = np.random.default_rng(2).normal(detectable_mean(n, deviation), deviation, (400, n))
    found = np.mean([paired_mean_test(row, seed, 300) < 0.05 for seed, row in enumerate(draws)])
    assert 0.73 <= found <= 0.86


def test_the_formula_that_was_solved_holds():
    n, discordance = 400, 0.2
    found = detectable_share(n, discordance)
    level, strength = 1.959963984540054, 0.8416212335729143
    assert np.sqrt(n) * found == pytest.approx(
        level * np.sqrt(discordance) + strength * np.sqrt(discordance - found**2), abs=1e-9
    )


def test_more_rows_show_less_and_few_show_nothing():
    found = [detectable_share(n, 0.1) for n in (30, 100, 400, 3000)]
    assert found == sorted(found, reverse=True) and found[-1] < 0.02
    assert detectable_share(1, 0.5) == detectable_share(10, 0.1) == 1.0
    assert detectable_mean(1, 0.9) == 1.0


def test_independent_systems_disagree_twice_the_variance():
    assert assumed_discordance(0.9) == pytest.approx(0.18)
