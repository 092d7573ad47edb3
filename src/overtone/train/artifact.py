"""The artifact: what a training leaves behind, in one folder that can be loaded, served and moved.

`artifact.json` says what it is; the weights stand beside it (an adapter in PEFT's format, or a whole model
in the layout of transformers), with the head of a classifier in `head.safetensors` and the tokenizer.
"""

import hashlib
import json
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from overtone.core.errors import UserError, nearest
from overtone.core.settings import Settings
from overtone.core.task import Task
from overtone.core.tasks.choose import ChooseTask
from overtone.core.tasks.classify import ClassifyTask
from overtone.engine.classifier import Classifier
from overtone.engine.learner import Learner, hidden_size, make_head
from overtone.engine.masked_scorer import MaskedScorer
from overtone.engine.predictor import Predictor
from overtone.engine.reward_model import RewardModel
from overtone.engine.row import Row
from overtone.engine.span_scorer import SpanScorer
from overtone.generate.approver import Approver, likelihoods
from overtone.generate.choice_scorer import ChoiceScorer
from overtone.generate.chooser import Chooser, Rewards, Scored, gains
from overtone.generate.text_scorer import TextScorer
from overtone.generate.writer import Writer
from overtone.methods.method import Method
from overtone.models.base import QUANTISED, Base, Precision, load_base
from overtone.models.locate import locate
from overtone.objectives.objective import Objective
from overtone.objectives.preference import Preference
from overtone.train.lineage import Ancestor, write_lineage
from overtone.train.predictors import PREDICTORS
from overtone.train.shared import FILE as HEADS_FILE
from overtone.train.shared import SharedLearner, TaskCard, load_heads, save_heads

START, BEFORE = "start", "before"  # in an artifact's folder: what it needs of the stage before it
POOLING = {"encoder": "mean", "decoder": "last", "encoder-decoder": "mean"}


class ArtifactCard(Settings):
    """What `artifact.json` holds."""

    format: int = 1
    base: str
    base_sha256: str
    task: Task
    method: Method
    objective: Objective | None = None
    precision: Precision = "float32"  # of the base that it answers on
    labels: tuple[str, ...] = ()
    rows: int = 0  # that it learned from
    rows_sha256: str = ""
    lineage: tuple[Ancestor, ...] = ()  # the trainings before this one, the oldest first
    new_words: int = 0  # that its tokenizer has beyond the base's
    own_name: str = ""  # what the task is called beside the further ones
    tasks: tuple[TaskCard, ...] = ()  # the further tasks, each with a head of its own

    @property
    def merges_alike(self) -> bool:
        """Whether it answers the same when merged: not where it learned beside rounded weights."""
        return self.method.merges and self.precision not in QUANTISED

    @property
    def history(self) -> tuple[Ancestor, ...]:
        """The lineage with this training at its end."""
        own = {name: getattr(self, name) for name in Ancestor.model_fields}
        return (*self.lineage, Ancestor(**own))


@dataclass(frozen=True)
class Artifact:
    """A tuned model in memory.

    What it needs of a stage before it travels in its folder: `start`, plain weights that it stands upon, or `before`,
    the artifact that it went on from, against which its objective measures rewards.
    """

    card: ArtifactCard
    base: Base  # its `model` is the tuned body
    learner: Learner
    start: Path | None = None
    before: Path | None = None

    @property
    def reference(self) -> Base:
        """The model before its first step, loaded anew."""
        card = self.card
        return load_artifact(self.before).base if self.before else load_base(card.base, card.precision)

    def under(self, name: str) -> "Artifact":
        """The same model under the head of one of its tasks; UserError where it has no task of that name."""
        card, learner = self.card, self.learner
        if name == card.own_name:
            return self
        found = next((one for one in card.tasks if one.name == name), None)
        if found is None or not isinstance(learner, SharedLearner):
            names = [card.own_name, *(one.name for one in card.tasks)]
            told = f"its tasks are {', '.join(names)}" if card.tasks else "it was trained for one task alone"
            raise UserError(f"the model has no task '{name}': {told}.{nearest(name, names)}")
        of_task = {"task": found.task, "objective": found.objective, "labels": found.labels}
        return replace(
            self, card=card.model_copy(update={**of_task, "tasks": ()}), learner=learner.under(name).eval()
        )

    def system(self) -> Classifier | Predictor | RewardModel | Writer:
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


def make_learner(
    base: Base,
    body: object,
    labels: Sequence[str],
    dropout: float,
    seed: int,
    objective: Objective | None = None,
) -> Learner:
    """A learner over a body, with a fresh head where there are labels, or the objective's own kind of head."""
    from torch import nn

    assert isinstance(body, nn.Module)
    device = next(body.parameters()).device
    head = objective.new_head(base, seed) if objective else None
    if labels:
        head = make_head(hidden_size(body), len(labels), dropout, seed)
    head = head.to(device) if head is not None else None
    pooling = (objective and objective.pooling) or POOLING[base.description.kind]
    return Learner(body, head, pooling, base.description.name)


def save_artifact(artifact: Artifact, folder: Path) -> None:
    """Write an artifact; `artifact.json` comes last, so that a folder without it is unfinished."""
    from safetensors.torch import save_file

    folder.mkdir(parents=True, exist_ok=True)
    card = artifact.card
    card.method.save(artifact.learner.body, folder)
    artifact.base.tokenizer.save_pretrained(folder)
    if artifact.learner.head is not None:
        save_file(artifact.learner.head.state_dict(), folder / "head.safetensors")
    save_heads(artifact.learner, folder)
    if artifact.start:
        copy_model(artifact.start, folder / START)
        card = card.model_copy(update={"base": START, "base_sha256": base_digest(str(folder / START))})
    if artifact.before:
        unneeded = shutil.ignore_patterns(BEFORE)
        shutil.copytree(artifact.before, folder / BEFORE, dirs_exist_ok=True, ignore=unneeded)
    if card.method.folder == "model":
        write_lineage(card.history, folder)
    (folder / "artifact.json").write_text(card.model_dump_json(indent=1), encoding="utf-8")


def copy_model(source: Path, target: Path) -> None:
    """Plain weights with tokenizer and lineage, without what makes them an artifact."""
    target.mkdir(parents=True, exist_ok=True)
    for path in source.iterdir():
        if path.is_file() and path.name not in ("artifact.json", "head.safetensors", HEADS_FILE):
            shutil.copy2(path, target / path.name)


def read_card(folder: Path) -> ArtifactCard:
    """The card of an artifact; UserError where the folder holds none."""
    path = folder / "artifact.json"
    if not path.is_file():
        raise UserError(
            f"{folder} holds no finished model (no artifact.json): give the folder of a finished run"
        )
    card = ArtifactCard.model_validate(json.loads(path.read_text(encoding="utf-8")))
    return card.model_copy(update={"base": str(folder / START)}) if card.base == START else card


def load_artifact(folder: Path, merged: bool = False) -> Artifact:
    """Load what `save_artifact` wrote; with `merged`, adapters are folded into plain weights of full precision."""
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
    base = card.method.load(card.base, folder, "float32" if merged else card.precision)
    if merged:
        base = replace(base, model=card.method.merge(base.model))
    learner = make_learner(base, base.model, card.labels, 0.0, 0, card.objective)
    if learner.head is not None:
        from safetensors.torch import load_file

        learner.head.load_state_dict(load_file(folder / "head.safetensors"))
    learner = load_heads(learner, card.tasks, folder) if card.tasks else learner
    before = folder / BEFORE
    return Artifact(card, base, learner.eval(), before=before if before.is_dir() else None)


def _classifier(artifact: Artifact) -> Classifier | Chooser:
    """A head over labels, or a writer that approves of answers by the rewards of its objective."""
    if artifact.learner.head is None:
        return _rewarding(artifact, Approver, likelihoods)
    task = artifact.card.task
    several = isinstance(task, ClassifyTask) and task.multi_label
    threshold = task.threshold if isinstance(task, ClassifyTask) else 0.5
    return Classifier(artifact.base, artifact.learner, artifact.card.labels, several, threshold)


def _writer(artifact: Artifact) -> Writer:
    task = artifact.card.task
    return Writer(artifact.base, getattr(task, "max_tokens", 256), getattr(task, "system_prompt", None))


def _choice_scorer(artifact: Artifact) -> ChoiceScorer:
    assert isinstance(artifact.card.task, ChooseTask)
    return ChoiceScorer(artifact.base, artifact.card.task)


def _scorer(artifact: Artifact) -> TextScorer | Predictor:
    """A writer that also scores texts, or what asks a model that sees both sides for hidden words."""
    if artifact.learner.head is not None:
        return MaskedScorer(artifact.base, artifact.learner)
    if artifact.base.description.kind == "encoder-decoder":
        return SpanScorer(artifact.base, artifact.learner)
    return TextScorer(artifact.base)


def _chooser(artifact: Artifact) -> Chooser | RewardModel:
    """A writer that prefers by the rewards of its objective, or a model that gives rewards alone."""
    if artifact.learner.head is not None:
        prompt = getattr(artifact.card.task, "system_prompt", None)
        return RewardModel(artifact.base, artifact.learner, prompt)
    return _rewarding(artifact, Chooser, gains)


def _rewarding(artifact: Artifact, kind: type[Chooser], usual: Rewards) -> Chooser:
    """A writer that judges by the rewards of its objective; where that gives none, in the usual way."""
    writer, objective = _writer(artifact), artifact.card.objective
    own = (writer.base, writer.max_tokens, writer.system_prompt)
    if not isinstance(objective, Preference):
        return kind(*own, rewards=usual)
    return kind(
        *own, (lambda: artifact.reference) if objective.referenced else None, partial(_rewards, objective)
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


SYSTEMS: dict[str, Callable[[Artifact], Classifier | Predictor | RewardModel | Writer]] = {
    "classify": _classifier,
    "generate": _writer,
    "prefer": _chooser,
    "choose": _choice_scorer,
    "score": _scorer,
    **PREDICTORS,
}
