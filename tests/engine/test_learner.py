"""Features and logits of rows: equal to the plain formula over each row alone, whatever the batch and the layout."""

from collections.abc import Callable
from pathlib import Path

import pytest
import torch

from overtone.core.errors import UserError
from overtone.engine import pooling
from overtone.engine.layout import layout_of, shares_beginnings
from overtone.engine.learner import Learner, make_head
from overtone.engine.stream import Stream
from overtone.methods.method import Method
from overtone.models.base import load_base
from overtone.models.families import FAMILIES
from tests.engine.rows import ROWS, alone, near

SmallBase = Callable[[str], Path]


@pytest.mark.parametrize("model_type", FAMILIES)
def test_features_are_the_mean_and_the_last_state_of_each_row(small_base: SmallBase, model_type: str) -> None:
    model = load_base(str(small_base(model_type))).model
    with torch.no_grad():
        states = alone(model)
        for pooling, pool in (("mean", lambda row: row.mean(0)), ("last", lambda row: row[-1])):
            assert near(Learner(model, pooling=pooling).features(ROWS), torch.stack(list(map(pool, states))))


def test_a_batch_of_features_is_each_alone(small_base: SmallBase) -> None:
    learner = Learner(load_base(str(small_base("llama"))).model)
    with torch.no_grad():
        assert near(learner.features(ROWS), torch.cat([learner.features([row]) for row in ROWS]))


def test_a_frozen_body_leaves_no_graph(small_base: SmallBase) -> None:
    model = load_base(str(small_base("bert"))).model
    head = make_head(32, 3, 0.0, 0)
    assert Learner(model, head).features(ROWS).requires_grad
    model.requires_grad_(False)
    assert not Learner(model, head).features(ROWS).requires_grad
    assert Learner(model, head).logits(ROWS).requires_grad


def test_a_row_without_tokens_gives_no_feature_that_is_no_number(small_base: SmallBase) -> None:
    model = load_base(str(small_base("llama"))).model
    rows = [[5, 6], []]
    assert Learner(model).features(rows).isfinite().all()
    with pytest.raises(UserError, match="has no tokens"):
        Learner(model, pooling="last").features(rows)


def test_beginnings_are_shared_where_that_is_exact(
    small_base: SmallBase, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[Stream] = []
    usual = pooling.states
    monkeypatch.setattr(
        pooling, "states", lambda body, stream, *asked: seen.append(stream) or usual(body, stream, *asked)
    )
    for model_type, share in (("llama", True), ("bert", False), ("falcon", False)):
        Learner(load_base(str(small_base(model_type))).model).features(ROWS)
        assert (len(seen[-1].tokens) < sum(map(len, ROWS))) == share


def test_rows_share_nothing_while_dropout_draws(small_base: SmallBase) -> None:
    for family in (
        "gpt2",
        "opt",
    ):  # both drop a tenth while they train, the second without modules of its own for it
        model = load_base(str(small_base(family))).model
        assert shares_beginnings(model)
        assert not shares_beginnings(model.train())
    for rate, shares in ((0.0, True), (0.1, False)):
        adapted = Method.find("lora")(dropout=rate).attach(load_base(str(small_base("llama"))).model, 0)
        assert shares_beginnings(adapted.train()) == shares
        assert shares_beginnings(adapted.eval())
    attending = load_base(str(small_base("llama"))).model
    attending.config.attention_dropout = 0.1
    assert shares_beginnings(attending)
    assert not shares_beginnings(attending.train())


@pytest.mark.parametrize("model_type", FAMILIES)
def test_the_layout_is_told_with_its_reason(small_base: SmallBase, model_type: str) -> None:
    base = load_base(str(small_base(model_type)))
    layout = layout_of(base.model)
    assert (layout.name == "padded") == (not FAMILIES[model_type].flat)
    assert model_type in layout.reason
    assert layout_of(Method.find("lora")().attach(base.model, 0)) == layout
