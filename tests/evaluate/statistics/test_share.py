import numpy as np
import pytest
from scipy.stats import chi2, t

from overtone.evaluate.statistics.share import clustered_share, share_interval
from overtone.evaluate.statistics.student import as_normal, student, widened
from overtone.evaluate.statistics.wilson import wilson


def test_it_is_wilson_where_no_few_rows_are_the_exception():
    for right, n in ((10, 20), (17, 20), (60, 100), (4, 60), (0, 9), (9, 9)):
        assert share_interval(right, n) == wilson(right, n)


@pytest.mark.parametrize(("exceptions", "n"), [(1, 20), (2, 50), (3, 51), (3, 1000)])
def test_few_exceptions_have_the_bound_of_poisson(exceptions, n):
    bound = chi2.ppf(0.05, 2 * exceptions) / 2 / n
    assert share_interval(exceptions, n) == pytest.approx((bound, wilson(exceptions, n)[1]), abs=1e-12)
    low, high = share_interval(n - exceptions, n)
    assert (low, high) == pytest.approx((wilson(n - exceptions, n)[0], 1 - bound), abs=1e-12)


def test_three_exceptions_are_few_only_in_more_than_fifty_rows():
    assert share_interval(3, 50) == wilson(3, 50)


def test_groups_of_one_row_are_nearly_independent_rows():
    right = np.repeat([1.0, 0.0], [140, 60])
    found = clustered_share(right, np.ones(200))
    assert found == pytest.approx(wilson(140, 200), abs=0.002)
    assert found[1] - found[0] > wilson(140, 200)[1] - wilson(140, 200)[0]


def test_groups_whose_rows_are_alike_count_as_one_row_each():
    right = 5 * np.repeat([1.0, 0.0], [24, 16])
    found = clustered_share(right, np.full(40, 5.0))
    assert found == pytest.approx(wilson(24, 40), abs=0.01)
    assert found[1] - found[0] > 2 * (wilson(120, 200)[1] - wilson(120, 200)[0])


def test_groups_that_do_not_vary_count_as_one_row_each():
    assert clustered_share(np.full(12, 7.0), np.full(12, 7.0)) == share_interval(12, 12)
    assert clustered_share(np.array([3.0]), np.array([5.0])) == share_interval(0.6, 1)


def test_student_and_the_widened_confidence():
    assert student(19) == pytest.approx(t.ppf(0.975, 19), abs=1e-9)
    assert as_normal(1.959963984540054) == pytest.approx(0.95)
    assert 0.96 < widened(20) < 0.97 and widened(5000) == pytest.approx(0.95, abs=1e-3)
    assert widened(1) == 0.95 and widened(1.2) < 1
