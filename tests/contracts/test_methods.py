"""What every method promises, over the whole registry and every family."""

import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import nn

from overtone.core.errors import UserError
from overtone.core.task import Task
from overtone.engine.hidden import plain
from overtone.engine.layout import layout_of
from overtone.engine.learner import Learner
from overtone.engine.score import learned_log_probabilities
from overtone.methods.library import known_warnings_silenced
from overtone.methods.library_adapter import LibraryAdapter
from overtone.methods.method import Method
from overtone.models.base import load_base
from overtone.models.families import FAMILIES
from overtone.train.artifact import (
    Artifact,
    ArtifactCard,
    base_digest,
    load_artifact,
    make_learner,
    save_artifact,
)

SmallBase = Callable[[str], Path]
SEQUENCES = [[1, 30, 31, 32, 2], [1, 50, 2], [1, 60, 61, 62, 63, 64, 65, 2]]
LABELS = ("a", "b", "c")
SETTINGS: dict[str, dict[str, Any]] = {  # variants of a method that keep its promises in another way
    "lora, rank-stabilised": {"name": "lora", "rank_stabilised": True},
    "lora, dora": {"name": "lora", "dora": True},
    "adapter, houlsby": {"name": "adapter", "kind": "houlsby", "activation": "relu", "dropout": 0.1},
    "column, every second": {"name": "column", "every": 2, "reduction": 2},
    "p_tuning, mlp": {"name": "p_tuning", "encoder": "mlp"},
    "top_layers": {"name": "top_layers", "count": 1},
    "adapter, parallel": {"name": "adapter", "kind": "parallel", "width": 3, "scale": 4.0},
}
FINAL_NORMS = {  # of each family that has any behind its last layer
    *("model.norm", "transformer.ln_f", "final_norm", "gpt_neox.final_layer_norm"),
    *("model.decoder.final_layer_norm", "encoder.final_layer_norm", "decoder.final_layer_norm"),
}
LEARNS: dict[str, Callable[[str], bool]] = {
    "adapter": lambda name: ".bottleneck_" in name,
    "adapter, houlsby": lambda name: ".bottleneck_" in name,
    "adapter, parallel": lambda name: ".bottleneck_" in name,
    "bitfit": lambda name: name.endswith(".bias") and not name.startswith("pooler."),
    "column": lambda name: ".columns.0." in f".{name}",
    "column, every second": lambda name: ".columns.0." in f".{name}",
    "full": lambda name: True,
    "head": lambda name: False,
    "ia3": lambda name: "ia3_" in name,
    "lora": lambda name: "lora_" in name,
    "lora, dora": lambda name: "lora_" in name,
    "lora, rank-stabilised": lambda name: "lora_" in name,
    "norms": lambda name: any(mark in name.lower() for mark in ("norm", ".ln_")),
    "p_tuning": lambda name: "prompt_encoder" in name,
    "p_tuning, mlp": lambda name: "prompt_encoder" in name,
    "prefix": lambda name: "prompt_encoder" in name,
    "prompt": lambda name: "prompt_encoder" in name,
    "top_layers": lambda name: bool(re.match(r"\D*\.1\.", name)) or name.rsplit(".", 1)[0] in FINAL_NORMS,
}
BUILT = {"fusion"}  # needs finished adapters: its promises are kept in tests/methods/test_fusion.py
BEGINNINGS = {
    "p_tuning",
    "p_tuning, mlp",
    "prefix",
    "prompt",
}  # what is learned stands before the rows: outputs change at once, nothing merges
UNMERGED = {  # why it stays beside the base's weights
    **dict.fromkeys(BEGINNINGS, "stands before the rows"),
    **dict.fromkeys(("adapter", "adapter, houlsby", "adapter, parallel"), "is not linear"),
    **dict.fromkeys(("column", "column, every second"), "is a network beside the base"),
}
UNBIASED = {  # no layer of theirs has a bias, and neither has a norm
    *("gemma2", "gemma3_text", "llama", "mistral", "mixtral", "modernbert", "olmo2", "phi3", "qwen3"),
    *("smollm3", "t5"),
}
REFUSALS = {
    "prefix": r"prefix cannot .* the family '{}', whose attention takes .* alone: choose .*, falcon, .*, t5",
    "bitfit": "of the family '{}' has no biases that bitfit could learn: choose norms, ia3 or lora",
    "lora, dora": "cannot adapt the experts of the family '{}': leave dora out, or choose targets",
}


def takes(method: str, model_type: str) -> bool:
    """Whether the mathematics of a method is there for a family; elsewhere it is refused."""
    family = FAMILIES[model_type]
    if method == "bitfit":
        return model_type not in UNBIASED
    if method == "lora, dora":
        return model_type != "mixtral"
    if method == "prefix":
        return family.flat or family.kind != "encoder"
    return True


def part_of(method: str) -> Method:
    """The method of that row in the tables."""
    return Method.model_validate(SETTINGS.get(method, method))


PAIRS = [(method, family) for method in LEARNS for family in FAMILIES]
everywhere = pytest.mark.parametrize(("method", "model_type"), [pair for pair in PAIRS if takes(*pair)])
nowhere = pytest.mark.parametrize(("method", "model_type"), [pair for pair in PAIRS if not takes(*pair)])


def shake(learner: Learner, seed: int) -> None:
    torch.manual_seed(seed)
    with torch.no_grad():
        for weight in learner.parameters():
            if weight.requires_grad:
                weight += 0.02 * torch.randn_like(weight)


def attached(small_base: SmallBase, method: str, model_type: str, seed: int = 1) -> Artifact:
    """A classifier with the method attached and its learned weights shaken, as after a training."""
    name, part = str(small_base(model_type)), part_of(method)
    base = load_base(name)
    body = part.attach(base.model, 0)
    learner = make_learner(base, body, LABELS, 0.0, 0)
    shake(learner, seed)
    card = ArtifactCard(
        base=name, base_sha256=base_digest(name), task=Task.find("classify")(), method=part, labels=LABELS
    )
    return Artifact(card, replace(base, model=body), learner.eval())


def given(learner: Learner) -> torch.Tensor:
    """The head's logits and, of an encoder-decoder, also how likely what it writes is: (numbers,)."""
    return torch.cat((learner.logits(SEQUENCES).flatten(), written(learner.body)))


def written(body: nn.Module) -> torch.Tensor:
    """Log-probabilities of an encoder-decoder behind a source of two tokens: (tokens,); none of another base."""
    if not plain(body).config.is_encoder_decoder:
        return torch.empty(0)
    learned = [[place > 1 for place, _ in enumerate(row)] for row in SEQUENCES]
    return learned_log_probabilities(body, SEQUENCES, learned)[0]


def logits(learner: Learner) -> torch.Tensor:
    with torch.no_grad():
        return given(learner.eval())


def test_the_table_of_what_learns_names_every_method() -> None:
    assert {part_of(method).name for method in LEARNS} | BUILT == Method.all().keys()


@everywhere
def test_exactly_the_declared_weights_learn(small_base: SmallBase, method: str, model_type: str) -> None:
    body = part_of(method).attach(load_base(str(small_base(model_type))).model, 0)
    learns = {name for name, weight in body.named_parameters() if weight.requires_grad}
    declared = {name for name, _ in body.named_parameters() if LEARNS[method](name)}
    assert learns == declared
    assert bool(learns) == (method != "head")


@pytest.mark.parametrize(
    ("method", "model_type"), [pair for pair in PAIRS if takes(*pair) and pair[0] not in BEGINNINGS]
)
def test_attaching_changes_no_output(small_base: SmallBase, method: str, model_type: str) -> None:
    base = load_base(str(small_base(model_type)))
    with torch.no_grad():  # else torch computes T5's attention by another kernel where its bias learns
        layout, before = layout_of(base.model).name, Learner(base.model).features(SEQUENCES)
        told = written(base.model)
        body = part_of(method).attach(base.model, 0)
        after = Learner(body).eval().features(SEQUENCES)
        assert torch.equal(written(body), told)
    if layout_of(body).name == layout:
        assert torch.equal(before, after)
    else:  # another layout adds up in another order
        assert torch.allclose(before, after, atol=1e-5)


@everywhere
def test_saved_without_pickle_reloaded_to_the_bit_and_merged_nearly(
    small_base: SmallBase, method: str, model_type: str, tmp_path: Path
) -> None:
    artifact = attached(small_base, method, model_type)
    trained = logits(artifact.learner)
    save_artifact(artifact, tmp_path)
    kinds = {path.suffix for path in tmp_path.rglob("*") if path.is_file()}
    assert kinds <= {".safetensors", ".json", ".jinja", ".txt", ".md"}
    assert torch.equal(logits(load_artifact(tmp_path).learner), trained)
    if not artifact.card.method.merges:
        return
    merged = load_artifact(tmp_path, merged=True)
    assert not any("lora_" in name or "ia3_" in name for name, _ in merged.learner.named_parameters())
    assert torch.allclose(logits(merged.learner), trained, atol=1e-5)


SWAPPED = [method for method in LEARNS if issubclass(type(part_of(method)), LibraryAdapter)]


@pytest.mark.parametrize("method", SWAPPED)
def test_a_second_adapter_leaves_the_first_alone(small_base: SmallBase, method: str, tmp_path: Path) -> None:
    first = attached(small_base, method, "llama")
    other = attached(small_base, method, "llama", seed=2)
    save_artifact(other, tmp_path / "other")
    alone = {name: logits(artifact.learner) for name, artifact in (("default", first), ("other", other))}
    body: Any = first.learner.body
    with known_warnings_silenced():
        body.load_adapter(str(tmp_path / "other"), "other")
    other.learner.head, head = first.learner.head, other.learner.head
    for name in ("default", "other", "default"):
        body.set_adapter(name)
        first.learner.head = other.learner.head if name == "default" else head
        assert torch.equal(logits(first.learner), alone[name])


@nowhere
def test_a_family_that_cannot_take_it_is_refused_in_words(
    small_base: SmallBase, method: str, model_type: str
) -> None:
    with pytest.raises(UserError, match=REFUSALS[method].format(model_type)):
        part_of(method).attach(load_base(str(small_base(model_type))).model, 0)


@pytest.mark.parametrize("method", LEARNS)
def test_what_does_not_merge_is_refused_with_the_reason(
    small_base: SmallBase, method: str, tmp_path: Path
) -> None:
    artifact = attached(small_base, method, "gpt2")
    assert artifact.card.method.merges == (method not in UNMERGED)
    if artifact.card.method.merges:
        return
    save_artifact(artifact, tmp_path)
    with pytest.raises(
        UserError,
        match=f"'{artifact.card.method.name}' learns {UNMERGED[method]} and cannot be merged .*: serve",
    ):
        load_artifact(tmp_path, merged=True)


@pytest.mark.parametrize(
    ("method", "part"),
    [
        ("adapter", "bottleneck_down"),
        ("column", "columns."),
        ("lora", "lora_A"),
        ("p_tuning", "prompt_encoder"),
        ("prefix", "prompt_encoder"),
        ("prompt", "prompt_encoder"),
    ],
)
def test_a_seed_decides_what_is_drawn(small_base: SmallBase, method: str, part: str) -> None:
    def drawn(seed: int) -> list[nn.Parameter]:
        body = part_of(method).attach(load_base(str(small_base("llama"))).model, seed)
        return [weight for name, weight in body.named_parameters() if part in name]

    assert all(map(torch.equal, drawn(3), drawn(3)))
    assert not all(map(torch.equal, drawn(3), drawn(4)))


@pytest.mark.parametrize("method", LEARNS)
def test_a_plan_keeps_the_method(method: str) -> None:
    part = part_of(method)
    again = Method.model_validate(json.loads(json.dumps(part.model_dump())))
    assert (again, type(again)) == (part, type(part))


@everywhere
def test_what_learns_gets_gradients_and_nothing_else_changes(
    small_base: SmallBase, method: str, model_type: str
) -> None:
    """One step of training: every learned weight that acts on the features gets a gradient, no other changes."""
    base = load_base(str(small_base(model_type)))
    before = {id(weight): weight.clone() for weight in base.model.parameters()}
    learner = make_learner(base, part_of(method).attach(base.model, 0), LABELS, 0.0, 0)
    learned = [weight for weight in learner.parameters() if weight.requires_grad]
    given(learner).square().sum().backward()
    torch.optim.SGD(learned, 0.1).step()
    frozen = [weight for weight in learner.body.parameters() if not weight.requires_grad]
    assert all(weight.grad is None for weight in frozen)
    assert all(torch.equal(weight, before[id(weight)]) for weight in frozen if id(weight) in before)
    assert any(weight.grad is not None and weight.grad.any() for weight in learned)


GROWING = [pair for pair in PAIRS if takes(*pair) and part_of(pair[0]).grows]


@pytest.mark.parametrize(("method", "model_type"), GROWING)
def test_what_grows_leaves_all_that_was_learned_as_it_is(
    small_base: SmallBase, method: str, model_type: str, tmp_path: Path
) -> None:
    """A second attaching changes no output; what it learns is new, and saved and loaded beside the first to the bit."""
    artifact = attached(small_base, method, model_type)
    first = logits(artifact.learner)
    before = {id(weight): weight.clone() for weight in artifact.learner.body.parameters()}
    body = part_of(method).attach(artifact.learner.body, 3)
    learner = Learner(body, artifact.learner.head, artifact.learner.pooling, artifact.learner.name)
    assert torch.equal(logits(learner), first)
    learns = {id(weight) for weight in body.parameters() if weight.requires_grad}
    assert learns and not learns & before.keys()
    shake(learner, 4)
    assert all(torch.equal(weight, before.get(id(weight), weight)) for weight in body.parameters())
    second = logits(learner)
    assert not torch.allclose(second, first, atol=1e-3)
    save_artifact(replace(artifact, base=replace(artifact.base, model=body), learner=learner), tmp_path)
    assert torch.equal(logits(load_artifact(tmp_path).learner), second)


@pytest.mark.parametrize("method", Method.all().values())
def test_a_method_that_grows_says_how_it_is_built_upon(method: type[Method]) -> None:
    assert method.grows == (method.upon is not Method.upon)
