"""Every listed family runs flat, and equals its own forward pass over each row alone."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor
from transformers import AutoModelForCausalLM

from overtone.engine import flat
from overtone.engine.layout import layout_of
from overtone.engine.pack import pack
from overtone.engine.score import learned_log_probabilities, total_log_probability
from overtone.engine.stream import Stream
from overtone.models.base import load_base
from tests.engine.rows import ROWS, alone, near
from tests.small import edit_json, write_base

SmallBase = Callable[[str], Path]
ENCODERS = ("bert", "roberta", "xlm-roberta", "distilbert", "electra", "modernbert")
DECODERS = (
    *("llama", "qwen2", "qwen3", "mistral", "mixtral", "gemma2", "gemma3_text", "phi3", "olmo2", "smollm3"),
    *("gpt2", "gpt_neox", "opt"),
)
LAYERS = {"layer_types": ["sliding_attention", "full_attention"]}
WINDOWS: dict[str, dict[str, Any]] = {
    "mistral": {},
    "mixtral": {},
    "phi3": {},
    "gemma2": LAYERS,
    "gemma3_text": LAYERS,
    "qwen2": {**LAYERS, "use_sliding_window": True},
    "qwen3": {**LAYERS, "use_sliding_window": True},
    "smollm3": {**LAYERS, "use_sliding_window": True},
    "modernbert": LAYERS,
}
families = pytest.mark.parametrize("model_type", (*ENCODERS, *DECODERS))


def packed(model_type: str, rows: list[list[int]] = ROWS) -> Stream:
    return pack(rows, share=model_type in DECODERS)


def windowed(folder: Path, model_type: str, window: int) -> Any:
    """A base whose tokens see `window` neighbours to a side at most."""
    write_base(folder, model_type)
    width = {"sliding_window": window, "local_attention": 2 * window}
    edit_json(folder / "config.json", **WINDOWS[model_type], **width)
    return load_base(str(folder)).model


@families
def test_it_runs_flat_and_every_layer_asks(
    small_base: SmallBase, model_type: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    model, asked = load_base(str(small_base(model_type))).model, []
    usual = flat.attend
    monkeypatch.setattr(flat, "attend", lambda *parts, **how: asked.append(how) or usual(*parts, **how))
    assert layout_of(model).name in {"flat", "lean"}
    flat.flat_states(model, packed(model_type))
    assert [how["causal"] for how in asked] == [model_type in DECODERS] * 2


@families
def test_outputs_and_gradients_are_those_of_each_row_alone(small_base: SmallBase, model_type: str) -> None:
    model = load_base(str(small_base(model_type))).model
    check(model, packed(model_type))


@pytest.mark.parametrize("model_type", WINDOWS)
def test_windows_shorter_than_the_rows_are_honoured(tmp_path: Path, model_type: str) -> None:
    model, wide = windowed(tmp_path / "5", model_type, 5), windowed(tmp_path / "99", model_type, 99)
    check(model, packed(model_type))
    assert not near(*(flat.flat_states(body, packed(model_type)) for body in (model, wide)), 1e-4)  # type: ignore[arg-type]


@pytest.mark.parametrize("cap", ["attn_logit_softcapping", "final_logit_softcapping"])
def test_soft_capping_is_that_of_the_librarys_own_attention(tmp_path: Path, cap: str) -> None:
    folder = write_base(tmp_path, "gemma2")  # rows are longer than its window
    model, eager = load_base(str(folder)).model, AutoModelForCausalLM.from_pretrained(folder, **EAGER)
    learned = [[True] * len(row) for row in ROWS]
    weights = [list(one.parameters()) for one in (model, eager)]
    total = total_log_probability(model, ROWS, learned)
    values, _ = learned_log_probabilities(model, ROWS, learned)
    wanted = torch.cat([each_token(eager, row) for row in ROWS])
    assert near(values, wanted)
    pairs = zip(*map(torch.autograd.grad, (total, wanted.sum()), weights), strict=True)
    assert all(near(one, other) for one, other in pairs)
    edit_json(folder / "config.json", **{cap: None})
    uncapped, _ = learned_log_probabilities(load_base(str(folder)).model, ROWS, learned)
    assert not near(uncapped, wanted)


EAGER: dict[str, Any] = {"attn_implementation": "eager", "dtype": torch.float32}


def each_token(model: Any, row: list[int]) -> Tensor:
    """The log-probability of every token of a row but the first, from full logits."""
    logits = model(input_ids=torch.tensor([row])).logits[0, :-1].log_softmax(-1)
    return logits[torch.arange(len(row) - 1), torch.tensor(row[1:], dtype=torch.long)]


@pytest.mark.parametrize("model_type", ["gpt2", "opt", "roberta", "modernbert"])
def test_in_double_precision_the_error_is_that_of_rounding(small_base: SmallBase, model_type: str) -> None:
    check(load_base(str(small_base(model_type))).model.double(), packed(model_type), 1e-12)


@families
def test_changing_a_row_changes_no_other_by_a_bit(small_base: SmallBase, model_type: str) -> None:
    model = load_base(str(small_base(model_type))).model
    stream = packed(model_type)
    row = 6  # behind a beginning that it shares, among others of its length
    own = stream.places[row][-3:]
    tokens = stream.tokens.clone()
    tokens[own] = 5
    changed = Stream(tokens, stream.positions, stream.segments, stream.ends)
    with torch.no_grad():
        before, after = (flat.flat_states(model, one) for one in (stream, changed))
    others = torch.tensor(sorted({place for places in stream.places for place in places} - set(own)))
    if model_type in ENCODERS:
        others = torch.tensor([place for place in others.tolist() if place not in stream.places[row]])
    assert torch.equal(before[others], after[others])
    assert not torch.equal(before[own], after[own])


def test_a_stream_may_be_longer_than_the_context(small_base: SmallBase) -> None:
    rows = ROWS * 12  # several times the 128 positions and the types of tokens that BERT keeps
    for model_type in ("bert", "roberta", "electra", "opt", "gpt2"):
        model = load_base(str(small_base(model_type))).model
        with torch.no_grad():
            stream = pack(rows, share=False)
            states = flat.flat_states(model, stream)
            assert all(
                near(states[places], one)
                for places, one in zip(stream.places, alone(model, rows), strict=True)
            )


def test_attention_in_code_of_its_own_is_found_out(small_base: SmallBase) -> None:
    model = load_base(str(small_base("falcon"))).model
    with pytest.raises(RuntimeError, match="FalconForCausalLM computes attention in code of its own"):
        flat.flat_states(model, pack(ROWS, share=False))


def check(model: Any, stream: Stream, limit: float = 1e-5) -> None:
    """Hidden states and gradients of all weights, against the model's own passes over single rows."""
    states = flat.flat_states(model, stream)
    found = [states[places] for places in stream.places]
    wanted = alone(model)
    for one, other in zip(found, wanted, strict=True):
        assert near(one, other, limit)
    weights = [weight for name, weight in model.named_parameters() if "pooler" not in name]
    directions = [torch.randn_like(states) for states in wanted]
    pairs = list(zip(*(gradients(side, directions, weights) for side in (found, wanted)), strict=True))
    largest = max(other.norm() for _, other in pairs if other is not None)
    for one, other in pairs:
        assert (one is None) == (other is None)
        if one is not None and other is not None:  # that of a bias of the keys is zero but for rounding
            assert (one - other).norm() <= limit * (other.norm() + largest / 1000)


def gradients(
    states: list[Tensor], directions: list[Tensor], weights: list[Tensor]
) -> tuple[Tensor | None, ...]:
    total = torch.stack([(one * other).sum() for one, other in zip(states, directions, strict=True)]).sum()
    return torch.autograd.grad(total, weights, allow_unused=True)
