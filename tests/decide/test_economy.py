"""Money: nothing without a price, and the break-even by hand."""

from dataclasses import replace

import pytest

from overtone.core.answer import Answer
from overtone.core.score import Comparison, Score
from overtone.decide.economy import (
    Cost,
    Prices,
    break_even,
    cost_of,
    payback,
    price_to_break_even,
    rivals_of_money,
)
from overtone.decide.measured import Measured

SCORES = {
    "cheap": Score(0.8, 0.7, 0.9, 100),
    "poor": Score(0.5, 0.4, 0.6, 100),
    "tuned": Score(0.9, 0.8, 1, 100),
}
GAIN = Comparison(0.1, 0.02, 0.18, 0.01, 0.01, "exact McNemar")
PRICES = Prices(machine_cost_per_hour=3.6, wrong_answer_cost=2.0, answers_per_month=1000, horizon_months=10)


def measured(key: str, tuned: bool = False, **facts: float) -> Measured:
    """100 answers in 10 seconds, prepared in 50."""
    answers = tuple(Answer(text="") for _ in range(100))
    ids = tuple(map(str, range(100)))
    return Measured(key, key, key, tuned, ids, answers, 50.0, 10.0, 1.0, dict(facts))


ALL = [measured("cheap"), measured("poor"), measured("tuned", True, training_seconds=1000.0)]


def costs(prices: Prices) -> dict[str, Cost]:
    return {one.key: cost_of(one, SCORES[one.key], prices) for one in ALL}


def test_a_cost_is_hours_of_the_machine_and_wrong_answers() -> None:
    found = costs(PRICES)["tuned"]
    assert found.per_answer == pytest.approx(0.1 * 0.001)
    assert found.wrong_per_answer == pytest.approx(0.2)
    assert found.once == pytest.approx(1.0)
    assert found.total(PRICES.answers) == pytest.approx(1.0 + 10_000 * 0.2001)


def test_without_a_price_there_is_no_cost() -> None:
    found = costs(Prices(answers_per_month=1000))["tuned"]
    assert (found.per_answer, found.wrong_per_answer, found.once) == (None, None, None)
    assert found.total(1000) is None
    assert costs(replace(PRICES, shares=False))["tuned"].wrong_per_answer is None
    assert costs(replace(PRICES, answers_per_month=None))["tuned"].total(None) is None


def test_an_endpoint_costs_what_it_says_and_only_tuned_systems_the_tuning() -> None:
    endpoint = measured("cheap", cost_per_answer=0.02)
    prices = Prices(tuning_cost=500.0)
    assert cost_of(endpoint, SCORES["cheap"], prices) == Cost(0.02, None, 0.0)
    assert cost_of(ALL[2], SCORES["tuned"], replace(prices, machine_cost_per_hour=3.6)).once == pytest.approx(
        501
    )
    assert cost_of(ALL[0], SCORES["cheap"], replace(prices, machine_cost_per_hour=3.6)).once == pytest.approx(
        0.05
    )


def test_the_tuned_one_is_set_against_the_cheapest_where_wrong_answers_cost_else_the_best() -> None:
    assert rivals_of_money(ALL, costs(PRICES), SCORES, PRICES) == ("tuned", "cheap")
    dear = {**costs(PRICES), "cheap": Cost(9.0, 0.4, 0.0)}
    assert rivals_of_money(ALL, dear, SCORES, PRICES) == ("tuned", "poor")
    unpriced = replace(PRICES, wrong_answer_cost=None)
    assert rivals_of_money(ALL, dear, SCORES, unpriced) == ("tuned", "cheap")
    assert rivals_of_money(ALL[:2], costs(PRICES), SCORES, PRICES) is None


def test_break_even_is_the_start_over_the_saving_with_its_ends() -> None:
    even = break_even(("tuned", "cheap"), costs(PRICES), GAIN, PRICES)
    assert even is not None
    assert even.once == pytest.approx(0.95)
    assert even.saving == pytest.approx(0.2)
    assert even.answers == pytest.approx(0.95 / 0.2)
    assert even.fewest == pytest.approx(0.95 / 0.36)
    assert even.most == pytest.approx(0.95 / 0.04)
    assert break_even(("tuned", "cheap"), costs(Prices()), GAIN, Prices()) is None


@pytest.mark.parametrize(
    ("once", "saving", "answers"),
    [(10, 2, 5), (10, 0, None), (10, -1, None), (-5, 1, 0), (0, 0, 0), (-5, -1, None)],
)
def test_payback(once: float, saving: float, answers: float | None) -> None:
    assert payback(once, saving) == answers


def test_at_the_price_to_break_even_it_breaks_even_at_the_horizon() -> None:
    expensive = replace(PRICES, tuning_cost=400.0)
    pair, found = ("tuned", "cheap"), costs(expensive)
    price = price_to_break_even(pair, found, GAIN, expensive)
    assert price is not None
    even = break_even(pair, found, GAIN, replace(expensive, wrong_answer_cost=price))
    assert even is not None
    assert even.answers == pytest.approx(10_000)
    assert price_to_break_even(pair, found, replace(GAIN, difference=-0.1), expensive) is None
