"""Kahneman-Tversky optimisation: known numbers, and the mismatched answers that gains are counted from."""

import math
from collections.abc import Callable
from pathlib import Path

import pytest

from overtone.core.example import Example, Message
from overtone.core.task import Task
from overtone.engine.reference import with_references
from overtone.engine.row import Row
from overtone.models.base import load_base
from overtone.objectives.kto import ComparedRow, Kto, MarkedRow
from tests.objectives.pairs import TASK, answer, gradient, loss_of
from tests.train.rows import judged

SmallBase = Callable[[str], Path]
APPROVE = Task.model_validate("approve")
KNOWN = [-10, -12, -5]  # a chosen answer, a rejected one, and a mismatched one


def row(chosen: float, rejected: float, mismatched: float) -> Row:
    """A pair by the references of its three answers."""
    first, second, third = (answer(reference=one) for one in (chosen, rejected, mismatched))
    return ComparedRow(first.tokens, first.learned, (), second, chosen, mismatched=(third,))


def sigmoid(value: float) -> float:
    return 1 / (1 + math.exp(-value))


def test_loss_and_gradient_are_those_worked_out_by_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    """Chosen gained 4 nats, rejected lost 3, a mismatched one gained 1: 0.3 and 0.4 on the right side of that.

    The gradient is half of 0.1 * sigma(0.3) * sigma(-0.3) and of 0.4's, and none by the mismatched answer.
    """
    loss, values = loss_of(monkeypatch, Kto(), [row(-14, -9, -6)], KNOWN)
    assert loss.total.item() == pytest.approx((0.4255574832 + 0.4013123399) / 2, rel=1e-6)
    assert gradient(loss, values) == pytest.approx([-0.0122229156, 0.0120130373, 0], rel=1e-5)
    assert loss.sums == {"accuracy": 1, "margin": pytest.approx(0.7, rel=1e-5)}


def test_the_weights_are_those_of_chosen_and_rejected_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    loss, _ = loss_of(
        monkeypatch, Kto(beta=1, desirable_weight=2, undesirable_weight=3), [row(-9, -12, -6)], KNOWN
    )
    assert loss.total.item() == pytest.approx((2 * sigmoid(2) + 3 * sigmoid(-1)) / 2, rel=1e-5)


@pytest.mark.parametrize(("gains", "point"), [((1, 3), 2.0), ((-4, 1), 0.0)])
def test_the_point_is_the_mean_over_the_batch_and_never_below_nothing(
    monkeypatch: pytest.MonkeyPatch, gains: tuple[float, float], point: float
) -> None:
    rows = [row(-10, -12, -5 - gain) for gain in gains]
    loss, _ = loss_of(monkeypatch, Kto(beta=1, undesirable_weight=3), rows, [*KNOWN, *KNOWN])
    assert loss.total.item() == pytest.approx(sigmoid(point) + 3 * sigmoid(-point), rel=1e-5)
    assert loss.units == 2


def example(index: int, chosen: str, rejected: str) -> Example:
    return Example(
        str(index), messages=(Message("user", f"q{index}"), Message("assistant", chosen)), rejected=rejected
    )


def test_each_prompt_is_read_with_an_answer_of_the_next_pair(small_base: SmallBase) -> None:
    base = load_base(str(small_base("llama")))
    examples = [example(0, "a a", "b"), example(1, "c", "d " * 20), example(2, "e", "f")]
    plain = [Kto().row(one, base, TASK, ()) for one in examples]
    rows = Kto().prepare(plain, base)
    assert [read(base.tokenizer, row.answers[2]) for row in rows] == [
        ("q0", "c<|end|>"),
        ("q1", "f<|end|>"),
        ("q2", "a a<|end|>"),
    ]
    for found, before in zip(rows, plain, strict=True):
        assert isinstance(found, ComparedRow)
        assert [one.tokens for one in found.answers[:2]] == [one.tokens for one in before.answers]
        assert (found.units, found.size) == (1, sum(len(one.tokens) for one in found.answers))
    singles = [Row(one.tokens, one.learned) for row in rows for one in row.answers]
    wanted = [one.reference for one in with_references("x", base.model, singles)]
    assert [one.reference for row in rows for one in row.answers] == pytest.approx(wanted, abs=1e-4)


def read(tokenizer: object, row: Row) -> tuple[str, str]:
    """The question of a row, and its answer."""
    decode = tokenizer.decode  # type: ignore[attr-defined]
    question = decode(row.tokens[: row.learned.index(True)]).split("<|user|>")[-1].split("<|")[0].strip()
    return question, decode(row.tokens[row.learned.index(True) :])


def test_a_mismatched_answer_never_makes_a_row_longer_than_the_longest(small_base: SmallBase) -> None:
    base = load_base(str(small_base("llama")))
    examples = [example(0, "a", "b"), example(1, "c " * 30, "d")]
    long = Example("long", messages=(Message("user", "q " * 25), Message("assistant", "x")), rejected="y")
    plain = [Kto().row(one, base, TASK, ()) for one in (long, *reversed(examples))]
    longest = max(row.longest for row in plain)
    rows = Kto().prepare(plain, base)
    assert max(row.longest for row in rows) == longest == len(rows[0].answers[2].tokens)
    assert len(rows[0].answers[2].learned) == longest


def marked(index: int, said: str, good: bool) -> Example:
    return judged(str(index), (Message("user", f"q{index}"),), said, good)


def marked_row(reference: float, mismatched: float, good: bool) -> Row:
    """A marked answer by its reference and that of the mismatched one."""
    first, other = answer(reference=reference), answer(reference=mismatched)
    return MarkedRow(first.tokens, first.learned, reference=reference, mismatched=(other,), good=good)


def test_loss_and_gradient_of_marked_answers_are_those_worked_out_by_hand(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Good gained 4 nats, bad lost 3, mismatched ones gained 3 and -1, 1 on the mean: 0.3 and 0.4 on the right side.

    Good ones weigh 2: the gradient is 0.1 * 2 * sigma(0.3) * sigma(-0.3) and that of 0.4, none by the mismatched.
    """
    rows = [marked_row(-14, -8, True), marked_row(-9, -4, False)]
    loss, values = loss_of(monkeypatch, Kto(desirable_weight=2), rows, [-10, -5, -12, -5])
    assert loss.total.item() == pytest.approx(2 * 0.4255574832 + 0.4013123399, rel=1e-6)
    assert gradient(loss, values) == pytest.approx([-0.0488916623, 0, 0.0240260746, 0], rel=1e-5)
    assert (loss.units, loss.sums) == (2, {"right": 2})


def test_an_answer_that_only_moved_with_all_others_is_on_neither_side(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rows = [marked_row(-11, -6, True), marked_row(-11, -6, False)]
    loss, _ = loss_of(monkeypatch, Kto(), rows, [-10, -5, -10, -5])
    assert loss.total.item() == pytest.approx(1)
    assert loss.sums == {"right": 1}  # what has not gained is not called good


def test_the_rarer_kind_weighs_as_much_more_where_no_weight_is_set() -> None:
    train = [marked(place, "a", place < 3) for place in range(12)]
    assert (Kto().fitted(train).desirable_weight, Kto().fitted(train).undesirable_weight) == (3, 1)
    own = Kto(desirable_weight=1.5).fitted(train)
    assert (own.desirable_weight, own.undesirable_weight) == (1.5, 1)
    pairs = Kto().fitted([example(0, "a", "b")])
    assert (pairs.desirable_weight, pairs.undesirable_weight) == (1, 1)


def test_marked_answers_are_read_once_each_and_with_an_answer_to_another_prompt(
    small_base: SmallBase,
) -> None:
    base = load_base(str(small_base("llama")))
    asked = [
        marked(place, said, good) for place, said, good in ((0, "a", True), (0, "b", False), (1, "c", True))
    ]
    rows = Kto().prepare([Kto().row(one, base, APPROVE, ()) for one in asked], base)
    assert [[read(base.tokenizer, one) for one in row.answers] for row in rows] == [
        [("q0", "a<|end|>"), ("q0", "c<|end|>")],
        [("q0", "b<|end|>"), ("q0", "c<|end|>")],
        [("q1", "c<|end|>"), ("q1", "a<|end|>")],
    ]
    assert [(row.units, row.good) for row in rows if isinstance(row, MarkedRow)] == [
        (1, True),
        (1, False),
        (1, True),
    ]
    singles = [Row(one.tokens, one.learned) for row in rows for one in row.answers]
    wanted = [one.reference for one in with_references("x", base.model, singles)]
    assert [one.reference for row in rows for one in row.answers] == pytest.approx(wanted, abs=1e-4)


def test_the_best_validation_orders_pairs_rightly_or_has_the_lowest_loss_of_marked_answers() -> None:
    assert Kto().quality({"loss": 0.5, "accuracy": 0.9}) > Kto().quality({"loss": 0.4, "accuracy": 0.8})
    assert Kto().quality({"loss": 0.4, "right": 0.8}) > Kto().quality({"loss": 0.5, "right": 0.9})


def test_an_encoder_decoders_mismatched_answer_is_cut_by_what_it_writes_alone(small_base: SmallBase) -> None:
    def talk(name: str, asked: str, said: str) -> Example:
        turns = (Message("user", asked), Message("assistant", said))
        return Example(name, messages=turns, rejected="no")

    base = load_base(str(small_base("t5")))
    talks = [talk("a", "why " * 9, "so"), talk("b", "how", "thus and so it is")]
    rows = Kto().prepare([Kto().row(one, base, TASK, ()) for one in talks], base)
    for one, other in zip(rows, reversed(rows), strict=True):
        assert isinstance(one, ComparedRow) and one.source
        (mismatched,) = one.mismatched
        assert mismatched.source == one.source
        wanted = other.answers[0 if one is rows[0] else 1]
        assert mismatched.tokens == (*one.tokens[: one.source], *wanted.tokens[wanted.source :])
