"""A base whose attention can be replaced is the same base: what it writes and saves does not show it."""

from collections.abc import Callable
from pathlib import Path

import pytest
import torch

from overtone.models.attention import replaced
from overtone.models.base import load_base
from overtone.models.families import FAMILIES

SmallBase = Callable[[str], Path]


@pytest.mark.parametrize(
    "model_type", [name for name, family in FAMILIES.items() if family.kind == "decoder" and family.flat]
)
def test_outputs_are_those_of_the_usual_attention_to_the_bit(small_base: SmallBase, model_type: str) -> None:
    model = load_base(str(small_base(model_type))).model
    tokens = torch.arange(20).view(2, 10) + 5
    mask = torch.ones_like(tokens)
    mask[0, :4] = 0

    def written() -> torch.Tensor:
        texts: torch.Tensor = model.generate(
            input_ids=tokens, attention_mask=mask, max_new_tokens=6, do_sample=False, eos_token_id=None
        )
        with torch.no_grad():
            return torch.cat([texts.flatten(), model(input_ids=tokens, attention_mask=mask).logits.flatten()])

    found = written()
    model.set_attn_implementation("sdpa" if model._supports_sdpa else "eager")  # Gemma 2 knows no other
    assert torch.equal(found, written())


def test_the_saved_configuration_does_not_tell(small_base: SmallBase, tmp_path: Path) -> None:
    load_base(str(small_base("bert"))).model.save_pretrained(tmp_path)
    assert "overtone" not in (tmp_path / "config.json").read_text()


def test_it_is_replaced_within_only(small_base: SmallBase) -> None:
    model = load_base(str(small_base("bert"))).model
    tokens = torch.arange(10)[None] + 5
    with torch.no_grad():
        before = model(input_ids=tokens).last_hidden_state
        with replaced(lambda layer, query, key, value, settings: torch.zeros_like(query).transpose(1, 2)):
            assert not torch.equal(model(input_ids=tokens).last_hidden_state, before)
        assert torch.equal(model(input_ids=tokens).last_hidden_state, before)
