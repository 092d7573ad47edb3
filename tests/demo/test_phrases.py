from random import Random

import pytest

from overtone.demo.phrases import draw_values, phrase


def test_alternatives_and_slots() -> None:
    written = {phrase("{who} (is|was) here", {"who": "my son"}, Random(seed)) for seed in range(20)}
    assert written == {"My son is here", "My son was here"}


def test_an_unknown_slot_is_an_error() -> None:
    with pytest.raises(KeyError):
        phrase("in {month}", {}, Random(0))


def test_one_value_a_slot() -> None:
    slots = {"month": ["May", "June"], "town": ["Dunlow"]}
    assert draw_values(slots, Random(0)) == draw_values(slots, Random(0))
    assert draw_values(slots, Random(0))["town"] == "Dunlow"
