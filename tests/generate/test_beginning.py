"""Answers behind a learned prompt or prefix are those of PEFT's own greedy decoding, alone and in any batch."""

import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import torch
from transformers import AutoConfig, AutoModelForCausalLM

from overtone.core.errors import UserError
from overtone.engine.score import log_probabilities
from overtone.generate.adapters import Adapter
from overtone.generate.decode import Decoding
from overtone.generate.lean_rows import LeanRows
from overtone.generate.prompt import read_prompt
from overtone.generate.request import Request
from overtone.generate.rows import rows_of
from overtone.methods.prefix import Prefix
from overtone.methods.prompt import Prompt
from overtone.models.base import load_base
from tests.generate.tiny import collect, ids, reference
from tests.small import edit_json, write_base

SmallBase = Callable[[str], Path]
LENGTH = 7  # longer than the windows of the small models
METHODS = {
    "prompt": Prompt(tokens=LENGTH),
    "prefix": Prefix(tokens=LENGTH),
    "projected": Prefix(tokens=LENGTH, projection=16),
}
PROMPTS = [[1, 30, 31, 32], [1, 50], [1, *range(60, 80)], [1, 30, 31, 32]]
kinds = pytest.mark.parametrize("kind", METHODS)


@pytest.fixture(autouse=True)
def _known_warnings() -> Iterator[None]:
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Position ids are not supported", UserWarning)  # PEFT in `generate`
        yield


def begun(folder: Path, kind: str) -> Any:
    """A model that writes varied answers, behind a shaken beginning that it depends on."""
    model: Any = load_base(str(folder)).model
    torch.manual_seed(2)
    with torch.no_grad():
        for weight in model.parameters():
            weight.add_(torch.randn_like(weight), alpha=0.25 if weight.ndim > 1 else 0.05)
        body: Any = METHODS[kind].attach(model, 0)
        for weight in body.prompt_encoder.parameters():
            weight.add_(torch.randn_like(weight))
    body.generation_config.eos_token_id = None
    return body.eval()


def answers(body: Any, prompts: list[list[int]], tokens: int = 12, context: int = 128) -> list[list[int]]:
    requests = [Request(tuple(prompt), tokens) for prompt in prompts]
    with torch.no_grad():
        return [ids(row) for row in collect(Decoding(body, requests, context), len(prompts))[0]]


def check(body: Any) -> None:
    wanted = [reference(body, prompt, 12) for prompt in PROMPTS]
    assert answers(body, PROMPTS) == wanted
    assert [answers(body, [prompt])[0] for prompt in PROMPTS] == wanted
    assert answers(body.get_base_model(), PROMPTS) != wanted


@kinds
@pytest.mark.parametrize(
    "model_type",
    ["llama", "qwen3", "smollm3", "gpt2", "opt", "gpt_neox", "gemma3_text", "mixtral", "falcon"],
)
def test_greedy_answers_are_those_of_the_library(small_base: SmallBase, model_type: str, kind: str) -> None:
    check(begun(small_base(model_type), kind))


@kinds
def test_a_window_shorter_than_the_beginning_is_honoured(tmp_path: Path, kind: str) -> None:
    write_base(tmp_path, "mistral")
    edit_json(tmp_path / "config.json", sliding_window=5)
    check(begun(tmp_path, kind))


@kinds
@pytest.mark.parametrize("shape", [{"alibi": True}, {"new_decoder_architecture": True, "num_kv_heads": 2}])
def test_every_shape_of_falcon_begins_so(tmp_path: Path, kind: str, shape: dict[str, Any]) -> None:
    write_base(tmp_path, "falcon")
    edit_json(tmp_path / "config.json", **shape)
    fresh = AutoModelForCausalLM.from_config(AutoConfig.from_pretrained(tmp_path))
    fresh.save_pretrained(tmp_path)
    body = begun(tmp_path, kind)
    check(body)
    prompt = [1, *(3 + place * 7 % 200 for place in range(80))]
    found = log_probabilities(body, [(prompt[:1], prompt[1:]), ([1], [5, 6])])
    with torch.no_grad():
        logits = body(input_ids=torch.tensor([prompt])).logits[0, -len(prompt) : -1].log_softmax(-1)
    assert found[0] == pytest.approx(
        logits.gather(1, torch.tensor(prompt[1:])[:, None])[:, 0].tolist(), abs=2e-4
    )


@kinds
def test_prompts_that_begin_alike_copy_what_was_read(small_base: SmallBase, kind: str) -> None:
    body = begun(small_base("llama"), kind)
    start = [3 + place * 7 % 200 for place in range(70)]
    prompts = [[*start, 5, 6], [*start, 9], [*start[:30], 8]]
    assert answers(body, prompts) == [reference(body, prompt, 12) for prompt in prompts]


@kinds
@pytest.mark.parametrize("model_type", ["llama", "gpt2", "falcon"])
def test_a_request_that_joins_later_changes_nothing(
    small_base: SmallBase, model_type: str, kind: str
) -> None:
    body = begun(small_base(model_type), kind)
    with torch.no_grad():
        decoding = Decoding(body, [Request(tuple(PROMPTS[0]), 12)], 128)
        written = [[step.token.id for step in decoding.step()]]
        decoding.join([Request(tuple(PROMPTS[2]), 12)])
        written.append([])
        for steps in decoding:
            for step in steps:
                written[step.row].append(step.token.id)
    assert written == [reference(body, PROMPTS[row], 12) for row in (0, 2)]


@kinds
@pytest.mark.parametrize("model_type", ["llama", "gpt2", "gemma3_text", "falcon"])
def test_a_prompt_is_as_likely_read_as_scored(small_base: SmallBase, model_type: str, kind: str) -> None:
    body, prompt = begun(small_base(model_type), kind), [1, *(3 + place * 7 % 200 for place in range(80))]
    found = [token.log_probability for token in read_prompt(body, prompt)]
    assert found == pytest.approx(log_probabilities(body, [(prompt[:1], prompt[1:])])[0], abs=2e-4)


def test_a_lean_family_answers_on_the_engine(small_base: SmallBase) -> None:
    assert isinstance(rows_of(begun(small_base("llama"), "prefix")), LeanRows)


@pytest.mark.parametrize("model_type", ["llama", "gpt2"])
def test_a_further_adapter_for_one_request_is_refused_in_words(
    small_base: SmallBase, model_type: str
) -> None:
    body = begun(small_base(model_type), "prompt")
    with pytest.raises(UserError, match="cannot answer with a"):
        Decoding(body, [Request((1, 2), 3, adapter=Adapter({}))], 128)
