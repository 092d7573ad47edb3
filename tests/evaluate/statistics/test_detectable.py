import numpy as np
import pytest
from scipy.stats import multinomial

from overtone.evaluate.statistics.detectable import (
    assumed_discordance,
    detectable_mean,
    detectable_share,
    detectable_value,
    mcnemar_power,
    rows_to_show,
)
from overtone.evaluate.statistics.mcnemar import mcnemar
from overtone.evaluate.statistics.paired_test import paired_mean_test


@pytest.mark.parametrize(("n", "discordance"), [(20, 0.1), (20, 0.4), (100, 0.1), (300, 0.3), (1000, 0.1)])
def test_a_share_of_the_detectable_size_is_found_four_times_in_five(n, discordance):
    difference = detectable_share(n, discordance)
    differ = max(discordance, difference)
    shares = [(differ + difference) / 2, max(0.0, (differ - difference) / 2), 1 - differ]
    draws = np.random.default_rng(1).multinomial(n, shares, 3000)
    found = np.mean([mcnemar(gained, lost) < 0.05 for gained, lost, _ in draws])
    assert 0.77 <= found <= 0.83


def test_the_power_is_summed_over_every_outcome():
    n, gain, loss = 9, 0.5, 0.1
    expected = 0.0
    for gained in range(n + 1):
        for lost in range(n + 1 - gained):
            if mcnemar(gained, lost) <= 0.05:
                expected += multinomial.pmf(
                    [gained, lost, n - gained - lost], n, [gain, loss, 1 - gain - loss]
                )
    assert mcnemar_power(n, gain + loss, gain - loss) == pytest.approx(expected, abs=1e-9)
    assert mcnemar_power(100, 0.2, 0.0) <= 0.05


def test_the_rows_to_show_a_difference_can_show_it():
    for difference, discordance in ((0.01, 0.1), (0.05, 0.1), (0.1, 0.4)):
        n = rows_to_show(difference, discordance)
        assert detectable_share(n, discordance) == pytest.approx(difference, rel=0.02)


def test_a_mean_of_the_detectable_size_is_found_four_times_in_five():
    n, deviation = 50, 0.2
    draws = np.random.default_rng(2).normal(detectable_mean(n, deviation), deviation, (600, n))
    found = np.mean([paired_mean_test(row, seed, 300) < 0.05 for seed, row in enumerate(draws)])
    assert 0.76 <= found <= 0.84


def test_more_rows_show_less_and_few_show_nothing():
    found = [detectable_share(n, 0.1) for n in (30, 100, 400, 3000)]
    assert found == sorted(found, reverse=True) and found[-1] < 0.02
    assert detectable_share(1, 0.5) == detectable_share(5, 0.1) == 1.0
    assert 0.6 < detectable_share(10, 0.1) < 0.7, "nearly all rows would have to differ, one way"
    assert detectable_mean(1, 0.9) == detectable_value(0.9) == 1.0
    assert detectable_value(0.01) == pytest.approx(0.0280158522)


def test_independent_systems_disagree_twice_the_variance():
    assert assumed_discordance(0.9) == pytest.approx(0.18)
