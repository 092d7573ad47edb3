"""The cost model: exact costs are found again, and nothing costs less than nothing."""

import pytest

from overtone.decide.cost_model import Batch, steps_cost, straight


def test_a_straight_line_is_found_again() -> None:
    assert straight([(16, 1.0 + 16 * 0.1), (64, 1.0 + 64 * 0.1)], 1000) == pytest.approx(101)
    assert straight([(16, 3.2), (64, 12.8)], 640) == pytest.approx(128)
    assert straight([(10, 5.0)], 20) == pytest.approx(10)


def test_a_line_that_falls_is_flat() -> None:
    assert 0 < straight([(16, 2.0), (64, 1.0)], 1000) <= 2.0


def test_steps_cost_by_tokens_and_squared_lengths() -> None:
    def cost(batch: Batch) -> float:
        one, tokens, squares = batch.parts
        return 0.02 * one + 1e-4 * tokens + 1e-6 * squares

    batches = [Batch((length,) * 8) for length in (16, 64, 128, 256)]
    wanted = [Batch((40, 50, 300)), Batch((200,) * 8), Batch((12,) * 4)]
    measured = [(batch, cost(batch)) for batch in batches]
    whole = sum(map(cost, wanted))
    assert steps_cost(measured, wanted, 3) == pytest.approx(whole, rel=1e-6)
    assert steps_cost(measured, wanted, 2.5) == pytest.approx(whole - 0.5 * 0.02, rel=1e-6)
