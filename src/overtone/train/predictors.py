"""The systems that tuned models make whose answers are neither labels nor written text."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from overtone.core.tasks.embed import EmbedTask
from overtone.core.tasks.extract import ExtractTask
from overtone.engine.embedder import Embedder
from overtone.engine.predictor import Predictor
from overtone.engine.regressor import Regressor
from overtone.engine.span_finder import SpanFinder
from overtone.engine.tagger import Tagger
from overtone.objectives.regress import Regress

if TYPE_CHECKING:
    from overtone.train.artifact import Artifact


def _regressor(artifact: "Artifact") -> Regressor:
    objective = artifact.card.objective
    assert isinstance(objective, Regress) and objective.mean is not None and objective.deviation
    return Regressor(artifact.base, artifact.learner, objective.mean, objective.deviation)


def _tagger(artifact: "Artifact") -> Tagger:
    return Tagger(artifact.base, artifact.learner, artifact.card.labels)


def _span_finder(artifact: "Artifact") -> SpanFinder:
    task = artifact.card.task
    assert isinstance(task, ExtractTask)
    return SpanFinder(artifact.base, artifact.learner, task.max_tokens)


def _embedder(artifact: "Artifact") -> Embedder:
    task = artifact.card.task
    assert isinstance(task, EmbedTask)
    return Embedder(artifact.base, artifact.learner, task.found)


PREDICTORS: dict[str, Callable[["Artifact"], Predictor]] = {
    "regress": _regressor,
    "tag": _tagger,
    "extract": _span_finder,
    "embed": _embedder,
}
