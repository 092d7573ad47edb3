"""Columns beside the base: their formulas and what stays frozen; what holds for every method is in the contracts."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import nn
from torch.nn.functional import gelu, layer_norm

from overtone.core.errors import UserError
from overtone.engine.column import as_before, columns_of
from overtone.engine.layout import layout_of
from overtone.generate.network import is_lean
from overtone.methods.column import Column
from overtone.models.base import load_base
from tests.methods.agreement import after_training, learned, scores, shaken

SmallBase = Callable[[str], Path]


def normed(states: torch.Tensor) -> torch.Tensor:
    return layer_norm(states, states.shape[-1:])


def columned(base: Path, count: int) -> Any:
    """A base with so many columns."""
    body = load_base(str(base)).model
    for _ in range(count):
        body = Column().attach(body, 0)
    return body


@pytest.mark.parametrize("model_type", ["llama", "bert", "deberta-v2"])
def test_the_formula_over_two_layers(small_base: SmallBase, model_type: str) -> None:
    body: Any = learned(Column(reduction=2), small_base(model_type)).eval()
    plain = load_base(str(small_base(model_type))).model.base_model
    tokens = torch.tensor([[1, 30, 31, 32, 2]])
    (column,) = columns_of(body)
    with torch.no_grad():
        output = plain(input_ids=tokens, output_hidden_states=True)
        states = output.hidden_states
        own = column.first(normed(states[0]))
        for layer in (0, 1):
            inner = column.inner[layer](normed(own)) + column.lateral[layer](normed(states[layer + 1]))
            own = own + column.outer[layer](gelu(inner))
        wanted = output.last_hidden_state + column.last(normed(own))
        found = body.base_model(input_ids=tokens).last_hidden_state
    assert torch.allclose(found, wanted, atol=1e-5)
    assert not torch.allclose(found, output.last_hidden_state, atol=1e-2)


@pytest.mark.parametrize("model_type", ["llama", "bert"])
def test_a_second_column_reads_the_first(small_base: SmallBase, model_type: str) -> None:
    first = learned(Column(reduction=2), small_base(model_type))
    body = shaken(Column(reduction=2).attach(first, 1)).eval()
    plain = load_base(str(small_base(model_type))).model.base_model
    tokens = torch.tensor([[1, 30, 31, 32, 2]])
    old, new = columns_of(body)
    with torch.no_grad():
        output = plain(input_ids=tokens, output_hidden_states=True)
        states = output.hidden_states
        one, own = old.first(normed(states[0])), new.first(normed(states[0]))
        for layer in (0, 1):
            inner = old.inner[layer](normed(one)) + old.lateral[layer](normed(states[layer + 1]))
            one = one + old.outer[layer](gelu(inner))
            inner = new.inner[layer](normed(own)) + new.lateral[layer](normed(states[layer + 1]))
            inner = inner + new.beside[layer](normed(one))
            own = own + new.outer[layer](gelu(inner))
        wanted = output.last_hidden_state + old.last(normed(one)) + new.last(normed(own))
        found = body.base_model(input_ids=tokens).last_hidden_state
    assert torch.allclose(found, wanted, atol=1e-5)


@pytest.mark.parametrize("model_type", ["llama", "gpt2", "bert"])
def test_each_number_of_columns_answers_as_it_did(small_base: SmallBase, model_type: str) -> None:
    tokens = torch.tensor([[1, 30, 31, 32, 2]])

    def states(body: Any) -> torch.Tensor:
        with torch.no_grad():
            found: torch.Tensor = body.eval().base_model(input_ids=tokens).last_hidden_state
        return found

    body = load_base(str(small_base(model_type))).model
    known, others = [states(body)], [load_base(str(small_base(model_type))).model]
    for seed in range(3):
        body = shaken(Column().attach(body, seed))
        known.append(states(body))
        others.append(columned(small_base(model_type), seed + 1))
    for wanted, other in zip(known, others, strict=True):
        assert torch.equal(states(as_before(body, other)), wanted)
    assert torch.equal(states(body), known[-1])
    assert not torch.allclose(known[2], known[3], atol=1e-2)


@pytest.mark.parametrize(("every", "reads"), [(1, (1, 2)), (2, (2,)), (9, (2,))])
def test_which_layers_it_reads(small_base: SmallBase, every: int, reads: tuple[int, ...]) -> None:
    (column,) = columns_of(Column(every=every).attach(load_base(str(small_base("gpt2"))).model, 0))
    assert column.reads == reads
    assert column.first.out_features == 8


def test_the_frozen_base_runs_without_dropout_in_training(small_base: SmallBase) -> None:
    body: Any = Column().attach(load_base(str(small_base("bert"))).model, 0).train()
    drops = [module for module in body.modules() if isinstance(module, nn.Dropout)]
    assert drops
    assert not any(module.training for module in drops)
    assert body.columns.training and columns_of(body)[0].training


def test_no_code_that_knows_the_layers_of_a_family_passes_the_column_by(small_base: SmallBase) -> None:
    base = load_base(str(small_base("llama")))
    assert (layout_of(base.model).name, is_lean(base.model)) == ("lean", True)
    body = Column().attach(base.model, 0)
    assert (layout_of(body).name, is_lean(body)) == ("flat", False)


def test_an_earlier_column_keeps_its_type_beside_a_base_of_another(small_base: SmallBase) -> None:
    body = shaken(Column().attach(load_base(str(small_base("llama")), "bfloat16").model, 0))
    body.base_model.columns[0].last.weight.data += 2**-12  # that bfloat16 would round away
    kept = [weight.clone() for weight in columns_of(body)[0].parameters()]
    body = Column().attach(body, 1)
    for weight in body.parameters():
        weight.data = weight.data.bfloat16() if weight.requires_grad else weight.data
    output = body(input_ids=torch.tensor([[1, 30, 31, 2]])).logits
    output.float().sum().backward()
    assert output.dtype == torch.bfloat16
    assert all(map(torch.equal, columns_of(body)[0].parameters(), kept))


def test_weights_of_another_shape_are_refused(small_base: SmallBase, tmp_path: Path) -> None:
    Column(reduction=4).save(learned(Column(reduction=4), small_base("llama")), tmp_path)
    with pytest.raises(UserError, match=r"the method 'column' learned on a base of the family 'llama'"):
        Column(reduction=2).load(str(small_base("llama")), tmp_path)


@pytest.mark.parametrize("model_type", ["llama", "gpt2"])
def test_it_learns_and_the_base_stays_as_it_is(small_base: SmallBase, model_type: str) -> None:
    base = load_base(str(small_base(model_type))).model
    before = {name: weight.clone() for name, weight in base.named_parameters()}
    first = scores(base).sum()
    body: Any = after_training(Column(), small_base(model_type))
    assert scores(body).sum() > first + 0.1
    prefix = body.base_model_prefix
    after = {
        name.replace(f"{prefix}.model.", f"{prefix}."): weight for name, weight in body.named_parameters()
    }
    assert all(torch.equal(weight, after[name]) for name, weight in before.items())
