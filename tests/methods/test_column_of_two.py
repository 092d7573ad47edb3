"""Columns beside encoder-decoders: one beside the decoder for what writes, one beside the encoder for what reads."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor, nn
from torch.nn.functional import gelu, layer_norm

from overtone.core.errors import UserError
from overtone.engine.column import as_before, beside, layers_of, stacks_of
from overtone.engine.encoder_decoder import decoded, projection_of, read, rest_unasked
from overtone.engine.score import learned_log_probabilities
from overtone.generate.decode import Decoding
from overtone.generate.request import Request
from overtone.methods.column import Column
from overtone.models.base import load_base
from overtone.train.artifact import Artifact, load_artifact
from overtone.train.carry import Carried
from overtone.train.tune import Tuning, objective_of, start, tune
from tests.generate.tiny import collect, ids
from tests.methods.agreement import learned
from tests.small import CONTEXT
from tests.train.rows import tuning

SmallBase = Callable[[str], Path]
SOURCE, TARGET = [1, 30, 31, 32, 2], [50, 51, 52, 2]
LEARNED = [[False] * len(SOURCE) + [True] * len(TARGET)]
SIDES = {"answer": "decoder", "classify": "encoder"}  # by the task: beside which network its column stands
both = pytest.mark.parametrize("model_type", ["t5", "bart"])


def normed(states: Tensor) -> Tensor:
    return layer_norm(states, states.shape[-1:])


def by_hand(column: Any, states: tuple[Tensor, ...]) -> Tensor:
    """What a column of two layers adds, by the formula of its paper: (rows, tokens, hidden)."""
    own = column.first(normed(states[0]))
    for layer in (0, 1):
        inner = column.inner[layer](normed(own)) + column.lateral[layer](normed(states[layer + 1]))
        own = own + column.outer[layer](gelu(inner))
    added: Tensor = column.last(normed(own))
    return added


def counts(body: Any) -> dict[str, int]:
    """How many columns stand beside each network."""
    return {name: len(beside(stack)) for name, stack in stacks_of(body).items()}


def answers(body: Any) -> Tensor:
    with torch.no_grad():
        return learned_log_probabilities(body.eval(), [SOURCE + TARGET], LEARNED)[0]


def features(body: Any) -> Tensor:
    with torch.no_grad():
        return read(body.eval(), [SOURCE])[0]


@both
def test_the_formula_beside_either_network(small_base: SmallBase, model_type: str) -> None:
    body: Any = learned(Column(reduction=2), small_base(model_type)).eval()
    plain: Any = load_base(str(small_base(model_type))).model
    columns = {name: beside(stack)[0] for name, stack in stacks_of(body).items()}
    source, fed = (
        torch.tensor([row]) for row in (SOURCE, [plain.config.decoder_start_token_id, *TARGET[:-1]])
    )
    with torch.no_grad():
        encoded = plain.get_encoder()(input_ids=source, output_hidden_states=True)
        memory = encoded.last_hidden_state + by_hand(columns["encoder"], encoded.hidden_states)
        written = plain.get_decoder()(
            input_ids=fed, encoder_hidden_states=memory, output_hidden_states=True, use_cache=False
        )
        wanted = written.last_hidden_state + by_hand(columns["decoder"], written.hidden_states)
        if model_type == "t5":  # tied to its embeddings, it scales in front of the projection
            wanted = wanted * plain.config.d_model**-0.5
        assert torch.allclose(features(body), memory, atol=1e-5)
        assert torch.allclose(decoded(body, [SOURCE], [TARGET]), wanted, atol=1e-5)
        logits = projection_of(plain)(wanted[0]).log_softmax(-1)
    assert torch.allclose(answers(body), logits[torch.arange(len(TARGET)), torch.tensor(TARGET)], atol=1e-5)
    assert not torch.allclose(memory, encoded.last_hidden_state, atol=1e-2)


@both
@pytest.mark.parametrize("reads", [True, False])
def test_an_objective_keeps_the_column_that_it_reaches(
    small_base: SmallBase, model_type: str, reads: bool
) -> None:
    side = "encoder" if reads else "decoder"
    body: Any = Column().attach(load_base(str(small_base(model_type))).model, 0).train()
    rest_unasked(body, reads)
    learns = {name for name, weight in body.named_parameters() if weight.requires_grad}
    assert learns and all(f"{side}.columns.0." in name for name in learns)
    assert counts(body) == {"encoder": int(reads), "decoder": int(not reads)}
    (column,) = beside(stacks_of(body)[side])
    nn.init.normal_(column.last.weight)
    found = read(body, [SOURCE])[0] if reads else decoded(body, [SOURCE], [TARGET])
    found.square().sum().backward()
    assert all(weight.grad is not None and weight.grad.any() for weight in column.parameters())
    assert not any(one.training for stack in stacks_of(body).values() for one in stack.model.modules())


def test_a_decoder_deeper_than_its_encoder_is_read_in_all_its_layers(small_base: SmallBase) -> None:
    from transformers import AutoConfig, AutoModelForSeq2SeqLM

    config = AutoConfig.from_pretrained(small_base("t5"), num_decoder_layers=3)
    model: Any = AutoModelForSeq2SeqLM.from_config(config)
    assert {name: layers_of(stack) for name, stack in stacks_of(model).items()} == {
        "encoder": 2,
        "decoder": 3,
    }
    body = Column().attach(model, 0)
    assert [beside(stack)[0].reads for stack in stacks_of(body).values()] == [(1, 2), (1, 2, 3)]


@both
def test_greedy_answers_are_those_of_the_library(small_base: SmallBase, model_type: str) -> None:
    body: Any = learned(Column(), small_base(model_type)).eval()
    body.generation_config.eos_token_id = body.generation_config.forced_eos_token_id = None
    with torch.no_grad():
        wanted = body.generate(input_ids=torch.tensor([SOURCE]), max_new_tokens=12, do_sample=False)[0, 1:]
    requests = [Request(tuple(row), 12) for row in ([1, 60, 2], SOURCE)]
    found = collect(Decoding(body, requests, CONTEXT), 2)[0]
    assert ids(found[1]) == wanted.tolist()
    base = load_base(str(small_base(model_type))).model
    assert ids(collect(Decoding(base, requests, CONTEXT), 2)[0][1]) != wanted.tolist()


def trained(job: Tuning, folder: Path) -> Artifact:
    """Train to the end, and load what was saved."""
    list(tune(job, folder / "checkpoints", folder / "adapter"))
    return load_artifact(folder / "adapter")


def job_of(small_base: SmallBase, model_type: str, task: str) -> Tuning:
    stage = {"method": "column", "epochs": 1, "batch_rows": 8, "learning_rate": 0.01}
    return tuning(small_base, model_type, task, stage)


@both
@pytest.mark.parametrize("tasks", [("answer", "answer", "classify"), ("classify", "answer", "classify")])
def test_each_task_is_answered_as_its_own_stage_left_it(
    small_base: SmallBase, model_type: str, tasks: tuple[str, ...], tmp_path: Path
) -> None:
    """A stage adds a column beside the network that it asks; earlier stages' bits come back without it."""
    kept: list[Artifact] = []
    stood = {"encoder": 0, "decoder": 0}
    base = load_base(str(small_base(model_type))).model
    for number, task in enumerate(tasks):
        job = job_of(small_base, model_type, task)
        if kept:
            carried = Carried(tmp_path / str(number - 1) / "adapter", "continue")
            job = replace(job, base=carried.base("float32"), carried=carried)
            assert torch.equal(
                answers(start(job, objective_of(job)).base.model), answers(kept[-1].base.model)
            )
            job = replace(job, base=carried.base("float32"))
        kept.append(trained(job, tmp_path / str(number)))
        stood[SIDES[task]] += 1
        assert counts(kept[-1].base.model) == stood
    last = kept[-1].base.model
    for one in kept:
        before = as_before(last, one.base.model)
        assert torch.equal(answers(before), answers(one.base.model))
        assert torch.equal(features(before), features(one.base.model))
    assert torch.equal(answers(as_before(last, base)), answers(base))
    assert not torch.allclose(answers(kept[0].base.model), answers(last), atol=1e-3)
    assert torch.equal(features(kept[1].base.model), features(kept[0].base.model))
    weights = zip(as_before(last, base).parameters(), base.parameters(), strict=True)
    assert all(torch.equal(one, other) for one, other in weights)


def test_columns_of_another_kind_of_base_are_refused(small_base: SmallBase, tmp_path: Path) -> None:
    Column().save(learned(Column(), small_base("t5")), tmp_path)
    with pytest.raises(UserError, match=r"the method 'column' learned on a base of the family 't5'"):
        Column().load(str(small_base("llama")), tmp_path)
