"""A training that was killed takes, after its restart, the very steps of one that was not."""

import shutil
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest

from overtone.train.report import Step, Validation
from overtone.train.tune import Tuning, tune
from tests.train.rows import tuning

SmallBase = Callable[[str], Path]
CASES = [
    (
        "bert",
        "classify",
        {"method": "full", "epochs": 2, "checkpoint_steps": 3, "evaluations": 2, "batch_rows": 8},
    ),
    (
        "llama",
        "classify",
        {"method": "lora", "epochs": 2, "checkpoint_steps": 3, "accumulate": 2, "batch_rows": 8},
    ),
    ("llama", "answer", {"method": "lora", "epochs": 2, "checkpoint_steps": 2, "batch_tokens": 300}),
    (
        "llama",
        "answer",
        {"method": "full", "epochs": 1.5, "checkpoint_steps": 3, "batch_rows": 8, "patience": 1},
    ),
    (
        "llama",
        "answer",
        {"method": "lora", "epochs": 2, "checkpoint_steps": 2, "batch_rows": 8, "precision": "bfloat16"},
    ),
    ("llama", "prefer", {"method": "lora", "epochs": 2, "checkpoint_steps": 3, "batch_tokens": 500}),
]


def reports(job: Tuning, folder: Path, most: int | None = None) -> list[Step | Validation]:
    """Train, and stop dead after `most` reports: nothing is told to the loop, as in a kill."""
    found: list[Step | Validation] = []
    for report in tune(job, folder / "checkpoints", folder / "artifact"):
        if isinstance(report, Step | Validation):
            found.append(report)
        if most is not None and len(found) == most:
            break
    return found


def lines(found: list[Step | Validation]) -> dict[tuple[type, int], tuple[str, ...]]:
    """Every number of each report by kind and step, to the bit."""
    result = {}
    for report in found:
        numbers = [report.loss, report.gradient_norm] if isinstance(report, Step) else report.means.values()
        result[(type(report), report.step)] = tuple(number.hex() for number in numbers)
    return result


@pytest.mark.parametrize(("model_type", "task", "stage"), CASES)
def test_a_killed_training_goes_on_to_the_bit(
    small_base: SmallBase, tmp_path: Path, model_type: str, task: str, stage: dict[str, object]
) -> None:
    oracle = reports(tuning(small_base, model_type, task, stage), tmp_path / "oracle")
    random = Random(0)
    folder = tmp_path / "killed"
    seen: dict[tuple[type, int], tuple[str, ...]] = {}
    for _ in range(3):
        part = reports(
            tuning(small_base, model_type, task, stage), folder, most=random.randint(2, len(oracle) // 2)
        )
        again = lines(part)
        assert all(seen.get(key, numbers) == numbers for key, numbers in again.items())
        seen |= again
    seen |= lines(reports(tuning(small_base, model_type, task, stage), folder))
    assert seen == lines(oracle)
    for path in (tmp_path / "oracle" / "artifact").glob("*.safetensors"):
        assert path.read_bytes() == (folder / "artifact" / path.name).read_bytes()


@pytest.mark.parametrize("damage", ["truncate", "flip", "delete", "swap"])
def test_a_damaged_checkpoint_is_passed_over(small_base: SmallBase, tmp_path: Path, damage: str) -> None:
    model_type, task, stage = CASES[0]
    oracle = lines(reports(tuning(small_base, model_type, task, stage), tmp_path / "oracle"))
    reports(tuning(small_base, model_type, task, stage), tmp_path, most=9)
    older, newest = sorted((tmp_path / "checkpoints").glob("step-*"))
    path = newest / "weights.safetensors"
    contents = bytearray(path.read_bytes())
    if damage == "truncate":
        path.write_bytes(contents[: len(contents) // 2])
    elif damage == "flip":
        contents[len(contents) // 2] ^= 1
        path.write_bytes(contents)
    elif damage == "delete":
        path.unlink()
    else:
        shutil.copy(older / "weights.safetensors", path)
    again = lines(reports(tuning(small_base, model_type, task, stage), tmp_path))
    first = min(step for kind, step in again if kind is Step)
    assert first == int(older.name.removeprefix("step-")) + 1
    assert all(oracle[key] == numbers for key, numbers in again.items())


def test_the_best_weights_are_kept(small_base: SmallBase, tmp_path: Path) -> None:
    """A rate far too high ruins the model after its first validation; what is kept is the first."""
    stage = {"method": "full", "epochs": 3, "batch_rows": 8, "learning_rate": 3e-3, "patience": 2}
    found = reports(tuning(small_base, "llama", "answer", stage), tmp_path)
    validations = [report for report in found if isinstance(report, Validation)]
    losses = [report.means["loss"] for report in validations]
    best = [report for report in validations if report.best][-1]
    assert best.means["loss"] == min(losses)
    from overtone.objectives.objective import Objective
    from overtone.train.artifact import load_artifact
    from overtone.train.loop import evaluate_rows
    from overtone.train.tune import make_rows

    job = tuning(small_base, "llama", "answer", stage)
    objective = Objective.find("sft")()
    learner = load_artifact(tmp_path / "artifact").learner
    again = evaluate_rows(
        learner, objective, job.task, make_rows(job, objective, job.validation, "validation")
    )
    assert again["loss"] == best.means["loss"]
