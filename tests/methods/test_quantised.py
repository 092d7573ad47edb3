"""Methods on a quantised base: exact against its dense twin, in outputs, gradients, files; merged they are another."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch

from overtone.core.task import Task
from overtone.engine.activations import keeping
from overtone.engine.lean.parts import part_of
from overtone.engine.score import total_log_probability
from overtone.generate.network import is_lean
from overtone.methods.method import Method
from overtone.models.base import load_base
from overtone.train.artifact import (
    Artifact,
    ArtifactCard,
    base_digest,
    load_artifact,
    make_learner,
    save_artifact,
)
from tests.methods.agreement import gradients, library_total, scores
from tests.models.test_quantised import precisions, twin_of

SmallBase = Callable[[str], Path]
LONG = [1, *(place * 7 % 250 + 3 for place in range(100))]  # so many rows that pairs are added to weights
SEQUENCES = {"short": [[1, 30, 31, 32, 2], [1, 50, 51, 2]], "long": [LONG, [1, 60, 2]]}
SETTINGS: dict[str, Any] = {
    "lora": {"name": "lora", "rank": 4},
    "dora": {"name": "lora", "dora": True, "rank": 4, "alpha": 4.0},
    "ia3": "ia3",
    "adapter": {"name": "adapter", "reduction": 4},
    "prompt": {"name": "prompt", "tokens": 3},
    "prefix": {"name": "prefix", "tokens": 3},
    "p_tuning": {"name": "p_tuning", "tokens": 3, "encoder": "mlp"},
    "bitfit": "bitfit",
    "norms": "norms",
    "column": "column",
}
CASES = [
    *((name, "qwen2", "short", "nf4") for name in SETTINGS),
    *(
        (name, family, "long", precision)
        for name, family, precision in (
            ("lora", "qwen2", "nf4"),
            ("lora", "qwen2", "int8"),
            ("dora", "qwen2", "int8"),
            ("lora", "gpt2", "nf4"),
            ("dora", "gpt2", "int8"),
            ("ia3", "gemma3_text", "int8"),
        )
    ),
]


def shaken(part: Method, model: Any) -> Any:
    """The method attached, its learned numbers off their start."""
    body: Any = part.attach(model, 0)
    torch.manual_seed(1)
    with torch.no_grad():
        for weight in body.parameters():
            if weight.requires_grad:
                weight += 0.1 * torch.randn_like(weight)
    return body


def total(body: Any, sequences: list[list[int]]) -> torch.Tensor:
    return total_log_probability(body, sequences, [[True] * len(row) for row in sequences])


@pytest.mark.parametrize(("name", "model_type", "length", "precision"), CASES)
def test_outputs_and_gradients_are_those_of_the_dense_twin(
    small_base: SmallBase, name: str, model_type: str, length: str, precision: Any
) -> None:
    part, sequences = Method.model_validate(SETTINGS[name]), SEQUENCES[length]
    quantised = load_base(str(small_base(model_type)), precision)
    twin = twin_of(quantised, small_base(model_type))
    bodies = [shaken(part, base.model) for base in (quantised, twin)]
    found, wanted = (total(body, sequences) for body in bodies)
    torch.testing.assert_close(found, wanted, rtol=1e-5, atol=1e-5)
    ours, theirs = (gradients(body, value) for body, value in zip(bodies, (found, wanted), strict=True))
    assert ours.keys() == theirs.keys() != set()
    for key, grad in theirs.items():
        torch.testing.assert_close(ours[key], grad, rtol=1e-5, atol=1e-5 * float(grad.abs().max()))


@precisions
def test_the_lean_path_gives_what_the_family_s_own_modules_give(
    small_base: SmallBase, precision: Any
) -> None:
    body = shaken(
        Method.model_validate(SETTINGS["lora"]), load_base(str(small_base("llama")), precision).model
    )
    query = body.get_base_model().model.layers[0].self_attn.q_proj
    part = part_of(query)
    assert part is not None and part.unpack is not None  # else the modules would be held against themselves
    for sequences in SEQUENCES.values():
        found, wanted = total(body, sequences), library_total(body, sequences)
        torch.testing.assert_close(found, wanted, rtol=1e-5, atol=1e-5)
        torch.testing.assert_close(gradients(body, found), gradients(body, wanted), rtol=1e-3, atol=1e-4)


@pytest.mark.parametrize(("model_type", "recompute"), [("llama", False), ("llama", True), ("gpt2", False)])
def test_the_backward_pass_keeps_no_dense_weight(
    small_base: SmallBase, model_type: str, recompute: bool
) -> None:
    body = shaken(
        Method.model_validate(SETTINGS["lora"]), load_base(str(small_base(model_type)), "nf4").model
    )
    shapes = {tuple(layer.shape) for layer in body.modules() if hasattr(layer, "codes")}
    saved: list[tuple[int, ...]] = []
    learned = {weight.data_ptr() for weight in body.parameters()}

    def pack(tensor: torch.Tensor) -> torch.Tensor:
        if tensor.untyped_storage().data_ptr() not in learned:
            saved.extend({tuple(tensor.shape), tuple(reversed(tensor.shape))})
        return tensor

    with torch.autograd.graph.saved_tensors_hooks(pack, lambda tensor: tensor):
        with keeping("recompute" if recompute else "keep", body):
            value = total(body, [[1, *range(30, 97), 2]])  # no width of the model, filled up to 96 or not
        value.backward()
    assert saved and not shapes & set(saved)


def test_decoding_takes_the_modules_of_the_family(small_base: SmallBase) -> None:
    """Our own network packs weights once; from packed layers it would be dense, or a merged copy that is no copy."""
    for precision, lean in (("float32", True), ("nf4", False)):
        model = load_base(str(small_base("llama")), precision).model  # type: ignore[arg-type]
        assert is_lean(model) is lean
        body: Any = Method.model_validate(SETTINGS["lora"]).attach(model, 0)
        assert is_lean(body.get_base_model()) is lean


def artifact_of(folder: Path, name: str, precision: Any) -> Artifact:
    part, base = Method.model_validate(SETTINGS[name]), load_base(str(folder), precision)
    body = shaken(part, base.model)
    card = ArtifactCard(
        base=str(folder),
        base_sha256=base_digest(str(folder)),
        task=Task.model_validate("answer"),
        method=part,
        precision=precision,
    )
    tuned = part.tuned(base, body)
    return Artifact(card, replace(tuned, model=body), make_learner(base, body, (), 0.0, 0).eval())


@pytest.mark.parametrize(("name", "precision"), [*((name, "nf4") for name in SETTINGS), ("lora", "int8")])
def test_saved_and_reloaded_it_is_the_same_to_the_bit(
    small_base: SmallBase, name: str, precision: Any, tmp_path: Path
) -> None:
    artifact = artifact_of(small_base("qwen2"), name, precision)
    wanted = scores(artifact.learner.body)
    save_artifact(artifact, tmp_path)
    again = load_artifact(tmp_path)
    assert again.card.precision == precision
    assert torch.equal(scores(again.learner.body), wanted)


@pytest.mark.parametrize(
    ("name", "precision"),
    [("lora", "nf4"), ("lora", "int8"), ("dora", "nf4"), ("ia3", "nf4"), ("norms", "nf4")],
)
def test_a_merge_goes_onto_weights_of_full_precision_and_is_another_model(
    small_base: SmallBase, name: str, precision: Any, tmp_path: Path
) -> None:
    save_artifact(artifact_of(small_base("qwen2"), name, precision), tmp_path)
    merged = load_artifact(tmp_path, merged=True).learner.body
    assert not [module for module in merged.modules() if hasattr(module, "codes")]
    part = Method.model_validate(SETTINGS[name])
    full = part.load(str(small_base("qwen2")), tmp_path).model
    assert torch.allclose(scores(merged), scores(full), atol=1e-5)
    gap = float((scores(merged) - scores(load_artifact(tmp_path).learner.body)).abs().max())
    assert gap > 1e-4
