"""Agreement with people against scikit-learn and scipy."""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some
from scipy.stats import spearmanr
from sklearn.metrics import cohen_kappa_score

from overtone.core.errors import UserError
from overtone.evaluate.judges.agreement import (
    agreement,
    agreement_on,
    plain_kappa,
    quadratic_kappa,
    read_rated,
    spearman,
)
from overtone.evaluate.judges.case import Case

STARS = some.integers(1, 5)
RATINGS = some.lists(some.tuples(STARS, STARS), min_size=3, max_size=40)


@given(RATINGS)
def test_values_equal_the_libraries(pairs):
    first, second = np.array(pairs).T
    if len(set(first) | set(second)) > 1:
        assert plain_kappa(first, second) == pytest.approx(cohen_kappa_score(first, second), abs=1e-12)
        expected = cohen_kappa_score(first, second, labels=range(1, 6), weights="quadratic")
        assert quadratic_kappa(first, second) == pytest.approx(expected, abs=1e-12)
    if len(set(first)) > 1 and len(set(second)) > 1:
        assert spearman(first, second) == pytest.approx(spearmanr(first, second).statistic, abs=1e-12)


def test_those_who_always_say_the_same():
    same, other = np.array([3, 3, 3]), np.array([1, 3, 5])
    assert plain_kappa(same, same) == quadratic_kappa(same, same) == 1
    assert spearman(same, other) == spearman(same, same) == 0


def made(n, noise, seed=0):
    random = np.random.default_rng(seed)
    people = random.integers(1, 6, n)
    moved = np.clip(people + random.integers(-noise, noise + 1, n), 1, 5)
    return people.tolist(), moved.tolist()


def test_intervals_hold_the_value_and_shrink_with_rows():
    few, many = (agreement(*made(n, 1), seed=0) for n in (30, 300))
    for name in ("kappa", "exact", "spearman"):
        small, large = getattr(few, name), getattr(many, name)
        assert small.low < small.value < small.high <= 1 and small.n == 30
        assert large.high - large.low < small.high - small.low
    assert few.kappa.value > few.exact.value  # near misses weigh little


def test_the_interval_covers_the_truth():
    truth = quadratic_kappa(*(np.array(side) for side in made(200_000, 1, seed=99)))
    inside = 0
    for seed in range(40):
        found = agreement(*made(60, 1, seed), seed=seed).kappa
        inside += found.low <= truth <= found.high
    assert inside >= 34


def test_ratings_that_could_not_be_read_are_left_out_and_counted():
    found = agreement([1, 2, 3, 4, 5], [1, 2, None, 4, 5], seed=0)
    assert (found.unreadable, found.kappa.n, found.kappa.value) == (1, 4, 1.0)
    with pytest.raises(UserError, match="at least two rows"):
        agreement([1, 2], [1, None], seed=0)


def write(path, *rows):
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


def test_a_file_of_human_ratings_is_read(tmp_path):
    path = write(
        tmp_path / "rated.jsonl",
        {"question": "q", "answer": "a", "human": 4, "judge": 5, "wanted": "w"},
        {"question": "r", "answer": "b", "human": "2"},
    )
    first, second = read_rated(path)
    assert (first.case, first.people, first.judge) == (Case("q", "a", "w"), 4, 5)
    assert (second.case, second.people, second.judge) == (Case("r", "b"), 2, None)


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ({"question": "q", "answer": "a", "humn": 4}, "has no column 'human'. Did you mean 'humn'"),
        ({"question": "q", "answer": "a", "human": 6}, "'human' is 6; give a whole number from 1 to 5"),
        ({"question": "q", "answer": "a", "human": "good"}, "'human' is 'good'; give a whole number"),
        ({"question": "q", "answer": "a", "human": 2.5}, "'human' is 2.5; give a whole number"),
    ],
)
def test_a_file_that_does_not_hold_is_told(tmp_path, row, message):
    with pytest.raises(UserError, match=message):
        read_rated(write(tmp_path / "rated.jsonl", row))


def test_a_judge_rates_the_rows_that_it_has_not_rated(tmp_path):
    path = write(
        tmp_path / "rated.jsonl",
        *(
            {"question": "q", "answer": "x" * stars, "human": stars, "judge": "5" if stars == 5 else None}
            for stars in range(1, 6)
        ),
    )
    asked = []

    def rate(cases):
        asked.extend(cases)
        return [len(case.given) for case in cases]

    found = agreement_on(path, rate, seed=0)
    assert found.kappa.value == found.exact.value == pytest.approx(1) and len(asked) == 4
