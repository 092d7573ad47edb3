"""Direct preference optimisation: known numbers, its own gradient, and what of a pair is learned."""

import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from torch import Tensor

from overtone.core.example import Example, Message
from overtone.engine.learner import Learner
from overtone.engine.loss import Loss
from overtone.engine.remember import Store, remembering
from overtone.models.base import load_base
from overtone.objectives.dpo import Dpo
from tests.objectives import pairs
from tests.objectives.pairs import TASK, answer, gradient, pair

SmallBase = Callable[[str], Path]
PAIR = Example(
    "pair",
    messages=(
        Message("user", "one"),
        Message("assistant", "1"),
        Message("user", "two"),
        Message("assistant", "22"),
    ),
    rejected="no, three",
)


def loss_of(
    monkeypatch: pytest.MonkeyPatch, known: Sequence[tuple[float, float, float, float]], **settings: float
) -> tuple[Loss, Tensor]:
    """The loss of pairs, each (chosen, its reference, rejected, its reference)."""
    rows = [pair(answer(reference=one[1]), answer(reference=one[3])) for one in known]
    return pairs.loss_of(monkeypatch, Dpo(**settings), rows, [total for one in known for total in one[::2]])


def test_loss_and_gradient_are_those_worked_out_by_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    """Chosen gained 1 nat, rejected lost 2: margin 0.1 * 3, loss log(1 + exp(-0.3)), gradient -0.1 / (1 + exp(0.3))."""
    loss, values = loss_of(monkeypatch, [(-10, -11, -12, -10)])
    assert loss.total.item() == pytest.approx(0.5543552444685, rel=1e-6)
    assert gradient(loss, values) == pytest.approx([-0.0425557483, 0.0425557483], rel=1e-5)
    assert loss.sums == {"accuracy": 1, "margin": pytest.approx(0.3, rel=1e-5)}


def test_smoothing_takes_a_share_of_the_pairs_to_be_marked_the_wrong_way(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """0.8 * log(1 + exp(-0.3)) + 0.2 * log(1 + exp(0.3)); its gradient is 0 where the odds are 0.8 to 0.2."""
    loss, values = loss_of(monkeypatch, [(-10, -11, -12, -10)], label_smoothing=0.2)
    assert loss.total.item() == pytest.approx(0.6143552444685, rel=1e-6)
    assert gradient(loss, values) == pytest.approx([-0.0225557483, 0.0225557483], rel=1e-5)
    still, values = loss_of(monkeypatch, [(10 * math.log(4), 0, 0, 0)], label_smoothing=0.2)
    assert gradient(still, values) == pytest.approx([0, 0], abs=1e-6)


def test_beta_scales_the_margin_and_the_sums_count_pairs(monkeypatch: pytest.MonkeyPatch) -> None:
    loss, _ = loss_of(monkeypatch, [(-1, -2, -3, -3), (-5, -4, -6, -6), (0, 0, 0, 0)], beta=0.5)
    assert loss.units == 3
    assert loss.sums == {"accuracy": 1, "margin": pytest.approx(0.0, abs=1e-6)}
    wanted = [math.log1p(math.exp(-margin)) for margin in (0.5, -0.5, 0.0)]
    assert loss.total.item() == pytest.approx(sum(wanted), rel=1e-6)


def test_only_the_last_answer_counts_with_its_end(small_base: SmallBase) -> None:
    base = load_base(str(small_base("llama")))
    row = Dpo().row(PAIR, base, TASK, ())
    kept = [
        base.tokenizer.decode(
            [token for token, wanted in zip(answer.tokens, answer.learned, strict=True) if wanted]
        )
        for answer in row.answers
    ]
    assert kept == ["22<|end|>", "no, three<|end|>"]
    prompts = [answer.tokens[: answer.learned.index(True)] for answer in row.answers]
    assert prompts[0] == prompts[1]
    assert base.tokenizer.decode(prompts[0]).endswith("two<|end|>\n<|assistant|>\n")
    assert (row.units, row.size) == (1, sum(len(answer.tokens) for answer in row.answers))
    assert row.longest == len(row.answers[1].tokens)


def test_before_training_the_margin_is_nothing_and_the_loss_log_two(small_base: SmallBase) -> None:
    base = load_base(str(small_base("llama")))
    other = replace(PAIR, rejected="quite another answer")
    rows = Dpo().prepare([Dpo().row(example, base, TASK, ()) for example in (PAIR, other)], base)
    assert rows[0].reference < 0
    assert rows[0].reference != rows[0].answers[1].reference
    loss = Dpo().loss(Learner(base.model).eval(), rows, TASK)
    assert loss.total.item() == pytest.approx(2 * math.log(2), abs=1e-5)
    assert loss.sums["margin"] == pytest.approx(0, abs=1e-5)


def test_references_have_the_same_bits_each_time_and_in_the_order_of_the_rows(small_base: SmallBase) -> None:
    base = load_base(str(small_base("llama")))
    examples = [replace(PAIR, id=str(size), rejected="no " * size) for size in (9, 1, 20, 3)]
    rows = [Dpo().row(example, base, TASK, ()) for example in examples]
    prepared = Dpo().prepare(rows, base)
    assert prepared == Dpo().prepare(rows, base)
    for row, alone in zip(prepared, rows, strict=True):
        (single,) = Dpo().prepare([alone], base)
        for one, other in zip(row.answers, single.answers, strict=True):
            assert one.tokens == other.tokens
            assert one.reference == pytest.approx(other.reference, abs=1e-3)


def test_references_are_remembered_to_the_bit_and_not_of_another_base(
    small_base: SmallBase, tmp_path: Path
) -> None:
    base = load_base(str(small_base("llama")))
    rows = [Dpo().row(replace(PAIR, rejected="no " * size), base, TASK, ()) for size in (9, 1, 20)]
    plain = Dpo().prepare(rows, base)
    stores = [Store(tmp_path / "store", 10**8) for _ in range(3)]
    with remembering(stores[0]):
        assert Dpo().prepare(rows, base) == plain
    with remembering(stores[1]):
        assert Dpo().prepare(rows, base) == plain
    assert (stores[0].account.computed, stores[1].account.computed) == (
        4,
        0,
    )  # the chosen answer is one for all
    with torch.no_grad():
        base.model.lm_head.weight[7] += 1
    with remembering(stores[2]):
        assert Dpo().prepare(rows, base) != plain
    assert stores[2].account.hits == 0
