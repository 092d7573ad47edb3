"""Prompt tuning: its files are PEFT's, and it starts from words; what holds for every method is in the contracts."""

from collections.abc import Callable
from pathlib import Path

import pytest
import torch

from overtone.core.errors import UserError
from overtone.methods.method import Method
from overtone.methods.prompt import Prompt
from overtone.models.base import load_base
from tests.methods.agreement import (
    after_training,
    learned,
    library_scores,
    loaded_by_library,
    plain_model,
    scores,
    written_by_library,
)

SmallBase = Callable[[str], Path]
families = pytest.mark.parametrize("model_type", ["llama", "mistral", "smollm3", "gpt2", "gemma3_text"])


@families
def test_plain_peft_loads_what_is_saved(small_base: SmallBase, model_type: str, tmp_path: Path) -> None:
    base = small_base(model_type)
    body = learned(Prompt(tokens=5), base)
    Prompt(tokens=5).save(body, tmp_path)
    assert {"adapter_config.json", "adapter_model.safetensors"} <= {path.name for path in tmp_path.iterdir()}
    found = library_scores(loaded_by_library(base, tmp_path))
    assert torch.allclose(found, scores(body), atol=1e-5)
    assert not torch.allclose(found, library_scores(plain_model(base)), atol=1e-3)


@families
def test_what_plain_peft_has_written_loads_here(
    small_base: SmallBase, model_type: str, tmp_path: Path
) -> None:
    import peft

    base = small_base(model_type)
    config = peft.PromptTuningConfig(task_type="CAUSAL_LM", num_virtual_tokens=7)
    theirs = written_by_library(base, tmp_path, config)
    ours = Prompt().load(str(base), tmp_path)
    assert torch.allclose(scores(ours.model), library_scores(theirs), atol=1e-5)
    assert ours.description.context == load_base(str(base)).description.context - 7


def test_a_short_text_is_repeated_and_a_long_one_cut(small_base: SmallBase) -> None:
    def rows(text: str) -> torch.Tensor:
        body = Prompt(tokens=5, text=text).attach(load_base(str(small_base("llama"))).model, 0)
        return body.prompt_encoder["default"].embedding.weight  # type: ignore[index, union-attr]

    assert torch.equal(rows("ab"), rows("ababababab"))
    assert not torch.equal(rows("ab"), rows("abcde"))


def test_a_prompt_that_fills_the_context_is_refused(small_base: SmallBase) -> None:
    with pytest.raises(UserError, match=r"tokens: 128 tokens leave no room in the base's context of 128"):
        Prompt(tokens=128).attach(load_base(str(small_base("llama"))).model, 0)


def test_a_plan_keeps_its_settings() -> None:
    part = Method.model_validate({"name": "prompt", "tokens": 3, "text": "Be kind."})
    assert Method.model_validate(part.model_dump()) == part == Prompt(tokens=3, text="Be kind.")
    assert (part.positions, part.merges) == (3, False)


@pytest.mark.parametrize("model_type", ["llama", "gpt2"])
def test_it_learns_and_the_base_stays_as_it_is(small_base: SmallBase, model_type: str) -> None:
    base = load_base(str(small_base(model_type))).model
    before = {name: weight.clone() for name, weight in base.named_parameters()}
    first = scores(Prompt(tokens=5).attach(base, 0)).sum()
    body = after_training(Prompt(tokens=5), small_base(model_type))
    assert scores(body).sum() > first + 0.1
    assert all(torch.equal(before[name], weight) for name, weight in body.get_base_model().named_parameters())
