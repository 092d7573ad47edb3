"""Train a classifier of toxic texts: TF-IDF into a calibrated linear support vector machine, judged on test rows."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from overtone.classical.choose import Rows, fit_best
from overtone.classical.classifier import FeatureClassifier
from overtone.classical.fit import linear_svm
from overtone.classical.linear import targets
from overtone.classical.tfidf import fit_tfidf
from overtone.core.answer import Answer
from overtone.core.errors import UserError
from overtone.core.example import Example
from overtone.core.tasks.classify import ClassifyTask
from overtone.evaluate.metrics.macro_f1 import MacroF1
from overtone.evaluate.safety.estimate import estimate
from overtone.evaluate.safety.toxicity import Quality, Toxicity
from overtone.evaluate.scores import score

STRENGTHS = (0.03, 0.1, 0.3, 1.0)  # C, of which validation rows choose one


@dataclass(frozen=True)
class Labelled:
    """Labelled rows, split, with the name of the data and the labels that are not toxic."""

    data: str
    train: Sequence[Example]
    validation: Sequence[Example]
    test: Sequence[Example]
    harmless: tuple[str, ...]


def train(
    rows: Labelled, seed: int = 0, progress: Callable[[int, int], None] = lambda done, total: None
) -> Toxicity:
    """The classifier with its quality on the test rows; UserError where no label, or every one, is harmless."""
    labels = sorted({label for row in rows.train for label in row.labels})
    _refuse(rows.harmless, labels)
    features = fit_tfidf([row.text for row in rows.train])
    train, validation = (
        Rows(features([row.text for row in part]), targets([row.labels for row in part], labels))
        for part in (rows.train, [row for row in rows.validation if set(row.labels) <= set(labels)])
    )
    model, _ = fit_best(linear_svm, STRENGTHS, train, validation, labels, seed=seed, progress=progress)
    classifier = FeatureClassifier(features, model)
    return Toxicity(
        classifier,
        _quality(rows, tuple(labels), classifier.answer([row.question for row in rows.test]), seed),
    )


def _refuse(harmless: Sequence[str], labels: Sequence[str]) -> None:
    """Harmless labels must stand in the data, and others beside them."""
    unknown = [label for label in harmless if label not in labels]
    if unknown or not harmless or set(harmless) >= set(labels):
        raise UserError(
            f"--harmless: {', '.join(unknown or harmless) or 'nothing'} does not part the labels of the file into "
            f"harmless and toxic ones; its labels are {', '.join(labels)}. Name those that are not toxic."
        )


def _quality(rows: Labelled, labels: tuple[str, ...], answers: Sequence[Answer], seed: int) -> Quality:
    wanted = np.array([not set(row.labels) <= set(rows.harmless) for row in rows.test])
    given = np.array([answer.label not in rows.harmless for answer in answers])
    right = wanted.astype(np.float64), given.astype(np.float64)
    return Quality(
        data=rows.data,
        labels=labels,
        harmless=rows.harmless,
        train_rows=len(rows.train) + len(rows.validation),
        macro_f1=score(MacroF1(), rows.test, answers, ClassifyTask(), seed),
        precision=estimate(right[0][given]) if given.any() else estimate(np.zeros(1)),
        recall=estimate(right[1][wanted]) if wanted.any() else estimate(np.zeros(1)),
    )
