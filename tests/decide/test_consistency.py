"""Consistency: the same answers over repetitions, other words for the same request, other orders of examples."""

import pytest

from overtone.core.answer import Answer
from overtone.core.example import Message
from overtone.decide.consistency import Steadiness, same_answers
from overtone.decide.prompt import INSTRUCTION
from overtone.decide.rewording import INSTRUCTIONS, MOST, NAMES, REQUESTS, reworded
from overtone.decide.rivals.few_shot import FewShot
from overtone.decide.rivals.zero_shot import ZeroShot
from overtone.decide.shots import FixedShots
from overtone.decide.shuffled import Shuffled, ShuffledShots, shuffled
from tests.decide.materials import answering_rows, sorting_rows


def label(name: str) -> Answer:
    return Answer(probabilities={name: 0.7, "other": 0.3})


def test_rows_are_alike_where_every_repetition_says_the_same() -> None:
    first = [label("a"), label("a"), Answer(text="x "), Answer(error="no")]
    second = [label("a"), label("b"), Answer(text="x"), Answer(error="too long")]
    assert same_answers([first, first], None) == 1
    assert same_answers([first, second], None) == 0.75
    assert same_answers([first[:1], second[1:2]], None) == 0


def test_several_labels_are_compared_as_a_set() -> None:
    one, two = Answer(probabilities={"a": 0.9, "b": 0.6}), Answer(probabilities={"a": 0.6, "b": 0.9})
    assert same_answers([[one], [two]], 0.5) == 1
    assert same_answers([[one], [two]], 0.7) == 0


def test_mean_and_spread() -> None:
    steady = Steadiness("x", "seeds", (0.8, 0.9, 1.0), 0.5)
    assert (steady.mean, steady.spread) == pytest.approx((0.9, 0.1))


def test_every_wording_is_another_and_the_first_is_the_usual_one() -> None:
    assert INSTRUCTIONS[0] == INSTRUCTION
    for wordings in (INSTRUCTIONS, NAMES, REQUESTS):
        assert len(set(wordings)) == MOST == 5
    assert all("{labels}" in wording for wording in INSTRUCTIONS)


def test_each_kind_of_system_reads_its_own_words_anew() -> None:
    rows, labels = sorting_rows(), ("card_arrival", "slow_wifi")
    rival, same = reworded(ZeroShot(names={"slow_wifi": "bad net"}), rows, labels, "encoder", 1)
    assert rival.names == {"card_arrival": "about card arrival", "slow_wifi": "about bad net"}
    assert same == rows
    rival, same = reworded(FewShot(), rows, labels, "decoder", 2)
    assert (rival.instruction, same) == (INSTRUCTIONS[2], rows)
    assert reworded(FewShot(), rows, labels, "encoder", 1) is None


def test_a_request_is_framed_and_keeps_its_id_and_its_wanted_answer() -> None:
    rows = answering_rows()
    rival, framed = reworded(ZeroShot(), rows, (), "decoder", 2)
    assert rival == ZeroShot()
    assert framed[0].messages == (
        Message("user", "the card is late\n\nPlease reply."),
        Message("assistant", "Please wait for the post."),
    )
    assert [row.id for row in framed] == [row.id for row in rows]


def test_other_orders_show_the_same_examples() -> None:
    rows = sorting_rows()
    orders = [ShuffledShots(FixedShots(rows), seed) for seed in (1, 1, 2)]
    shown = [[row.id for row in order.in_order(order.best(["x"], 5)[0])] for order in orders]
    assert shown[0] == shown[1] != shown[2]
    assert set(shown[0]) == set(shown[2]) == {row.id for row in rows[:5]}


def test_a_shuffled_rival_keeps_its_settings_and_no_plan_can_name_it() -> None:
    again = shuffled(FewShot(label="mine", choose="random"), 2, 4)
    assert (again.key, again.choose, again.examples, again.order_seed) == ("mine", "random", 4, 2)
    assert type(again) is Shuffled
    assert Shuffled not in FewShot.all().values()
