"""What judges drawn answers: a metric, a trained reward model, or a Python function of the user's own."""

import math
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from overtone.core.answer import Answer
from overtone.core.errors import UserError, nearest
from overtone.core.example import Example, Message
from overtone.core.task import Task
from overtone.core.tasks.approve import GOOD, ApproveTask, marking
from overtone.engine.classifier import Classifier
from overtone.engine.reward_model import RewardModel
from overtone.evaluate.declared import load_python, told
from overtone.evaluate.metric import Metric, metric_of
from overtone.generate.approver import Approver
from overtone.job.candidate import artifact_folder
from overtone.objectives.policy_reward import RewardSource
from overtone.plan.problem import plan_error
from overtone.train.artifact import load_artifact
from overtone.train.sampling import Judge

Approving = Approver | Classifier


def judge_of(task: Task, source: RewardSource) -> Judge:
    """What a plan names as reward, loaded; UserError where it cannot judge the task's answers."""
    if source.model is not None:
        return _judging_model(Path(source.model))
    if source.file is not None and source.function is not None:
        return partial(_by_function, _function(source.file, source.function), source)
    try:
        metric = metric_of(source.metric or task.metric)
    except ValidationError as error:
        raise plan_error(error, "stages[0].objective.reward") from None
    refusal = metric.refusal(task)
    if refusal:
        raise UserError(f"stages[0].objective.reward: {refusal}")
    metric.make_ready()
    return partial(_by_metric, metric, task)


def _by_metric(metric: Metric, task: Task, examples: Sequence[Example], texts: Sequence[str]) -> list[float]:
    return metric.rows(examples, [Answer(text=text) for text in texts], task)


def _by_model(model: RewardModel, examples: Sequence[Example], texts: Sequence[str]) -> list[float]:
    return model.rewards(
        [
            (*example.question.messages, Message("assistant", text))
            for example, text in zip(examples, texts, strict=True)
        ]
    )


def _by_approval(system: Approving, examples: Sequence[Example], texts: Sequence[str]) -> list[float]:
    """How probable it is that each answer is a good one."""
    questions = [
        marking(str(place), example.question.messages, text)
        for place, (example, text) in enumerate(zip(examples, texts, strict=True))
    ]
    answers = system.answer(questions)
    if error := next((answer.error for answer in answers if answer.error), None):
        raise UserError(
            f"stages[0].objective.reward: {error}: ask for shorter answers (max_tokens), or train the judging model "
            "on a base with a longer context"
        )
    return [answer.probabilities[GOOD] for answer in answers if answer.probabilities]


def _by_function(
    function: Callable[..., Any], source: RewardSource, examples: Sequence[Example], texts: Sequence[str]
) -> list[float]:
    """One call an answer; UserError where it fails or gives no finite number."""
    rewards = []
    for example, text in zip(examples, texts, strict=True):
        try:
            reward = float(function(example.input, text, example.completion))
        except Exception as error:
            raise told(error, Path(str(source.file))) from None
        if not math.isfinite(reward):
            raise UserError(
                f"{source.file}: '{source.function}' gave {reward} for an answer to the row "
                f"{example.source or example.id}; give a finite number, of which more is better."
            )
        rewards.append(reward)
    return rewards


def _function(file: str, name: str) -> Callable[..., Any]:
    module = load_python(file)
    found = getattr(module, name, None)
    if callable(found):
        return found  # type: ignore[no-any-return]
    names = [key for key, value in vars(module).items() if callable(value) and not key.startswith("_")]
    raise UserError(f"{file} has no function '{name}'.{nearest(name, names)}")


def _judging_model(folder: Path) -> Judge:
    """By the model in a folder: an artifact, or a finished run that holds one."""
    artifact = load_artifact(artifact_folder(folder) or folder)
    system = artifact.system()
    if isinstance(system, RewardModel):
        return partial(_by_model, system)
    if isinstance(artifact.card.task, ApproveTask) and isinstance(system, Approving):
        return partial(_by_approval, system)
    raise UserError(
        f"stages[0].objective.reward: the model in {folder} gives no rewards: train one with the task prefer and the "
        "objective reward, or with the task approve"
    )
