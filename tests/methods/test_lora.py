"""LoRA's own settings; what holds for every method stands in the contracts."""

from pathlib import Path

import pytest

from overtone.core.errors import UserError
from overtone.methods.lora import Lora
from overtone.models.base import load_base
from tests.small import write_base


def adapted_layers(model_type: str, folder: Path, top_layers: int | None) -> set[str]:
    body = Lora(top_layers=top_layers).attach(load_base(str(write_base(folder, model_type))).model, seed=0)
    names = [name for name, weight in body.named_parameters() if weight.requires_grad]
    assert names
    return {part for name in names for part in name.split(".") if part.isdigit()}


@pytest.mark.parametrize("model_type", ["llama", "gpt2", "bert", "distilbert"])
def test_only_the_uppermost_layers_are_adapted(model_type: str, tmp_path: Path) -> None:
    assert adapted_layers(model_type, tmp_path, 1) == {"1"}
    assert adapted_layers(model_type, tmp_path, None) == {"0", "1"}


def test_more_layers_than_the_base_has_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"3 layers are asked for and the base has 2: choose 1 to 2"):
        adapted_layers("llama", tmp_path, 3)
