"""The teacher of a distillation: found by name, held against the student, and asked about all rows at once."""

from collections.abc import Sequence
from functools import cache
from pathlib import Path

from overtone.core.task import Task
from overtone.engine.learner import Learner
from overtone.engine.row import Row
from overtone.engine.taught import Teacher
from overtone.models.base import Base, load_base, load_tokenizer
from overtone.models.describe import describe
from overtone.objectives.distillation import Distillation
from overtone.objectives.objective import Objective
from overtone.train.artifact import load_artifact, read_card


def find_teacher(name: str) -> Teacher:
    """The teacher in a run's or an artifact's folder, or a base as it is; UserError where there is none."""
    folder = _artifact(Path(name).expanduser())
    if folder is None:
        known = describe(name)
        return Teacher(name, known.kind, load_tokenizer(known.folder), (), cache(lambda: _as_it_is(name)))
    card = read_card(folder)
    load = cache(lambda: _tuned(folder, card.merges_alike))
    return Teacher(name, describe(card.base).kind, load_tokenizer(folder), card.labels, load)


def check_teacher(objective: Objective, base: Base, labels: tuple[str, ...]) -> None:
    """UserError where the objective's teacher, if it has one, is not there or does not fit the student."""
    if isinstance(objective, Distillation):
        objective.check_teacher(find_teacher(objective.teacher), base, labels)


def prepared(
    objective: Objective, base: Base, task: Task, labels: tuple[str, ...], parts: Sequence[Sequence[Row]]
) -> list[list[Row]]:
    """Parts of rows with all that the teacher and the untuned base say of them."""
    if isinstance(objective, Distillation):
        teacher = find_teacher(objective.teacher)
        parts = [objective.taught(rows, base, teacher, task, labels) for rows in parts]
    return [objective.prepare(rows, base) for rows in parts]


def _artifact(folder: Path) -> Path | None:
    """The folder of an artifact: the one given, or that of a finished run."""
    places = (folder, *sorted(path.parent for path in folder.glob("*/artifact.json")))
    return next((place for place in places if (place / "artifact.json").is_file()), None)


def _as_it_is(name: str) -> tuple[Base, Learner]:
    base = load_base(name)
    return base, Learner(base.model, name=name).eval()


def _tuned(folder: Path, merges: bool) -> tuple[Base, Learner]:
    artifact = load_artifact(folder, merged=merges)
    return artifact.base, artifact.learner
