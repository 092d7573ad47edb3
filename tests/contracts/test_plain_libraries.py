"""What is saved here loads in plain PEFT and plain transformers with equal logits: nobody needs Overtone to use it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import peft
import pytest
import torch
import transformers

from overtone.engine.hidden import plain
from overtone.methods.method import Method
from overtone.models.base import LOADERS, load_base
from overtone.models.families import FAMILIES
from overtone.train.artifact import load_artifact, save_artifact
from tests.contracts.test_methods import attached, part_of, takes
from tests.methods.agreement import known_warnings

SmallBase = Callable[[str], Path]
NATIVE = (
    "lora",
    "lora, rank-stabilised",
    "lora, dora",
    "ia3",
    "prompt",
    "prefix",
    "p_tuning",
    "p_tuning, mlp",
)
UNSUPPORTED = {("prefix", "modernbert")}  # by PEFT: its forward pass hands on no keys
WHOLE = ("full",)  # their folder holds a whole model
PAIRS = [
    (method, family)
    for method in (*NATIVE, *WHOLE)
    for family in ("bert", "gpt2", "llama", "modernbert", "t5")
    if takes(method, family) and (method, family) not in UNSUPPORTED
]


def given(body: Any, model_type: str) -> torch.Tensor:
    """What a model of transformers, in PEFT's wrapper or not, gives for a row."""
    tokens = torch.tensor([[1, 30, 31, 32, 50, 2]])
    targets = {"decoder_input_ids": tokens} if FAMILIES[model_type].kind == "encoder-decoder" else {}
    with torch.no_grad(), known_warnings():
        found = body(input_ids=tokens, **targets)
    return found.last_hidden_state if FAMILIES[model_type].kind == "encoder" else found.logits


def plain_model(folder: Path, model_type: str) -> Any:
    loader = getattr(transformers, LOADERS[FAMILIES[model_type].kind])
    return loader.from_pretrained(folder, dtype=torch.float32).eval()


def test_every_method_whose_files_others_know_is_looked_at() -> None:
    others = {
        "adapter",
        "bitfit",
        "column",
        "fusion",
        "head",
        "norms",
        "top_layers",
    }  # our own files, or none
    assert {part_of(name).name for name in (*NATIVE, *WHOLE)} | others == Method.all().keys()


@pytest.mark.parametrize(("method", "model_type"), PAIRS)
def test_plain_libraries_give_the_same(
    small_base: SmallBase, method: str, model_type: str, tmp_path: Path
) -> None:
    artifact = attached(small_base, method, model_type)
    save_artifact(artifact, tmp_path)
    ours = given(load_artifact(tmp_path).learner.body, model_type)
    if method in WHOLE:
        theirs = plain_model(tmp_path, model_type)
    else:
        with known_warnings():
            theirs = peft.PeftModel.from_pretrained(
                plain_model(small_base(model_type), model_type), str(tmp_path)
            )
    found = given(theirs.eval(), model_type)[:, -ours.shape[1] :]
    assert torch.allclose(found, ours, atol=1e-5)
    untuned = given(plain(load_base(str(small_base(model_type))).model), model_type)
    assert not torch.allclose(untuned, ours[:, -untuned.shape[1] :], atol=1e-4)
