"""The reward model's loss against numbers worked out by hand, and what it reads."""

import math
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from overtone.core.task import Task
from overtone.engine.learner import Learner
from overtone.models.base import load_base
from overtone.objectives.objective import Objective
from overtone.objectives.reward import Reward
from tests.objectives.pairs import TASK, answer, pair
from tests.objectives.test_dpo import PAIR

SmallBase = Callable[[str], Path]


class Known(Learner):
    """A learner that gives a token's id as the reward of the row that ends with it."""

    def logits(self, sequences):  # type: ignore[no-untyped-def]
        return torch.tensor([[float(row[-1])] for row in sequences])


def test_the_loss_is_that_of_bradley_and_terry() -> None:
    """Rewards 4 and 2, then 2 and 4: log(1 + exp(-2)) and log(1 + exp(2))."""
    rows = [pair(answer(3), answer(1)), pair(answer(1), answer(3))]
    loss = Reward().loss(Known(torch.nn.Identity()), rows, TASK)
    assert loss.total.item() == pytest.approx(math.log1p(math.exp(-2)) + math.log1p(math.exp(2)), rel=1e-6)
    assert loss.units == 2
    assert loss.sums == {"accuracy": 1, "margin": pytest.approx(0)}


def test_both_answers_are_read_whole_behind_one_prompt(small_base: SmallBase) -> None:
    base = load_base(str(small_base("llama")))
    row = Reward().row(PAIR, base, TASK, ())
    texts = [base.tokenizer.decode(one.tokens) for one in row.answers]
    assert texts[0].endswith("<|assistant|>\n22<|end|>")
    assert texts[1].endswith("<|assistant|>\nno, three<|end|>")
    assert row.units == 1


def test_an_encoder_reads_the_turns_as_one_text(small_base: SmallBase) -> None:
    base = load_base(str(small_base("bert")))
    row = Reward().row(replace(PAIR, rejected="<|end|>"), base, TASK, ())
    assert base.tokenizer.decode(row.tokens) == "<|begin|>one\n1\ntwo\n22<|end|>"
    assert row.rejected is not None and row.rejected.tokens.count(2) == 1  # what people wrote stays text


def test_an_encoder_learns_rewards_where_the_plan_names_nothing() -> None:
    prefer = Task.model_validate("prefer")
    assert Objective.usual(prefer, "encoder").name == "reward"
    assert Objective.usual(prefer, "decoder").name == "dpo"
