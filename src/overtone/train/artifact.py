"""The artifact: what a training leaves behind, in one folder that can be loaded, served and moved.

`artifact.json` says what it is; the weights stand beside it (an adapter in PEFT's format, or a whole model
in the layout of transformers), with the head of a classifier in `head.safetensors` and the tokenizer.
"""

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from overtone.core.errors import UserError
from overtone.core.settings import Settings
from overtone.core.task import Task
from overtone.core.tasks.classify import ClassifyTask
from overtone.engine.classifier import Classifier
from overtone.engine.learner import Learner, hidden_size, make_head
from overtone.engine.row import Row
from overtone.generate.chooser import Chooser, Scored
from overtone.generate.writer import Writer
from overtone.methods.method import Method
from overtone.models.base import Base, load_base
from overtone.models.locate import locate
from overtone.objectives.objective import Objective
from overtone.objectives.preference import Preference

POOLING = {"encoder": "mean", "decoder": "last", "encoder-decoder": "mean"}


class ArtifactCard(Settings):
    """What `artifact.json` holds."""

    format: int = 1
    base: str
    base_sha256: str
    task: Task
    method: Method
    objective: Objective | None = None
    labels: tuple[str, ...] = ()


@dataclass(frozen=True)
class Artifact:
    """A tuned model in memory."""

    card: ArtifactCard
    base: Base  # its `model` is the tuned body
    learner: Learner

    def system(self) -> Classifier | Writer:
        """The tuned model as a system that answers."""
        return SYSTEMS[self.card.task.asks](self)


def base_digest(name: str) -> str:
    """A hash of the files that a base's outputs depend on: weights, configuration, tokenizer, template."""
    folder, digest = locate(name), hashlib.sha256()
    files = [path for path in folder.iterdir() if path.suffix in {".safetensors", ".json", ".jinja", ".txt"}]
    for path in sorted(files):
        with path.open("rb") as file:
            digest.update(path.name.encode() + hashlib.file_digest(file, "sha256").digest())
    return digest.hexdigest()


def make_learner(base: Base, body: object, labels: Sequence[str], dropout: float, seed: int) -> Learner:
    """A learner over a body, with a fresh head where there are labels."""
    from torch import nn

    assert isinstance(body, nn.Module)
    head, device = None, next(body.parameters()).device
    if labels:
        head = make_head(hidden_size(body), len(labels), dropout, seed).to(device)
    return Learner(body, head, POOLING[base.description.kind], base.description.name)


def save_artifact(artifact: Artifact, folder: Path) -> None:
    """Write an artifact; `artifact.json` comes last, so that a folder without it is unfinished."""
    from safetensors.torch import save_file

    folder.mkdir(parents=True, exist_ok=True)
    artifact.card.method.save(artifact.learner.body, folder)
    artifact.base.tokenizer.save_pretrained(folder)
    if artifact.learner.head is not None:
        save_file(artifact.learner.head.state_dict(), folder / "head.safetensors")
    (folder / "artifact.json").write_text(artifact.card.model_dump_json(indent=1), encoding="utf-8")


def read_card(folder: Path) -> ArtifactCard:
    """The card of an artifact; UserError where the folder holds none."""
    path = folder / "artifact.json"
    if not path.is_file():
        raise UserError(
            f"{folder} holds no finished model (no artifact.json): give the folder of a finished run"
        )
    return ArtifactCard.model_validate(json.loads(path.read_text(encoding="utf-8")))


def load_artifact(folder: Path, merged: bool = False) -> Artifact:
    """Load what `save_artifact` wrote; with `merged`, adapters are folded into plain weights."""
    card = read_card(folder)
    if not any(folder.glob("*.safetensors")):
        raise UserError(
            f"{folder} has lost its weights: put its .safetensors files back, or run the plan again"
        )
    if base_digest(card.base) != card.base_sha256:
        raise UserError(
            f"{folder} was tuned on a base '{card.base}' whose files have changed since: put the old files back, or "
            "run the plan again"
        )
    base = card.method.load(card.base, folder)
    if merged:
        base = replace(base, model=card.method.merge(base.model))
    learner = make_learner(base, base.model, card.labels, 0.0, 0)
    if learner.head is not None:
        from safetensors.torch import load_file

        learner.head.load_state_dict(load_file(folder / "head.safetensors"))
    return Artifact(card, base, learner.eval())


def _classifier(artifact: Artifact) -> Classifier:
    task = artifact.card.task
    several = isinstance(task, ClassifyTask) and task.multi_label
    threshold = task.threshold if isinstance(task, ClassifyTask) else 0.5
    return Classifier(artifact.base, artifact.learner, artifact.card.labels, several, threshold)


def _writer(artifact: Artifact) -> Writer:
    task = artifact.card.task
    return Writer(artifact.base, getattr(task, "max_tokens", 256), getattr(task, "system_prompt", None))


def _chooser(artifact: Artifact) -> Chooser:
    """A writer that prefers by the rewards of its objective."""
    writer, objective = _writer(artifact), artifact.card.objective
    if not isinstance(objective, Preference):
        return Chooser(writer.base, writer.max_tokens, writer.system_prompt)
    reference = partial(load_base, artifact.card.base) if objective.referenced else None
    return Chooser(
        writer.base, writer.max_tokens, writer.system_prompt, reference, partial(_rewards, objective)
    )


def _rewards(
    objective: Preference, rows: Sequence[Scored], totals: Sequence[float], before: Sequence[float]
) -> list[float]:
    import torch

    answers = [
        Row((*prompt, *answer), (False,) * len(prompt) + (True,) * len(answer), reference=reference)
        for (prompt, answer), reference in zip(rows, before, strict=True)
    ]
    found: list[float] = objective.rewards(torch.tensor(totals, dtype=torch.float64), answers).tolist()
    return found


SYSTEMS: dict[str, Callable[[Artifact], Classifier | Writer]] = {
    "classify": _classifier,
    "generate": _writer,
    "prefer": _chooser,
    "score": _writer,
}
