"""The cases whose cost is fitted, and how the fit is told."""

from benchmarks.engine.compare import Entry, Measured
from benchmarks.engine.cost import Cost, tell_lengths, tell_rows
from benchmarks.engine.job import Job, Step
from benchmarks.engine.options import Options


def took(seconds):
    return Measured(
        Entry(Job("overtone", "", "", 2), ""), tuple(Step(one, one, 0) for one in (99.0, seconds))
    )


def test_lengths_double_and_the_tokens_stay(tmp_path):
    cases = Cost("cost", "", "15M").by_length(Options(tmp_path))
    assert cases[0] == (32, 128)
    assert cases[-1] == (1, 4096)
    assert {rows * length for rows, length in cases} == {4096}


def test_rows_are_told_against_the_first():
    lines = tell_rows([took(seconds) for seconds in (1.0, 2.0, 4.1, 8.0)])
    assert lines[4] == "| 4 x | 4.10 [4.10, 4.10] | 4.10 |"


def test_a_cost_of_that_form_is_fitted_exactly():
    cases = [(32, 128), (8, 512), (1, 4096)]
    found = [took(1e-3 * rows * length + 1e-7 * rows * length**2) for rows, length in cases]
    assert tell_lengths(cases, found)[-1] == "a = 1.00e-03 s, b = 1.00e-07 s; at most 0.0% off."
