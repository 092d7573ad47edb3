"""From labelled examples to a fitted linear model."""

from collections.abc import Sequence

from overtone.classical.choose import Rows, fit_best
from overtone.classical.classifier import Features
from overtone.classical.fit import Solver
from overtone.classical.linear import LinearModel, Matrix, targets
from overtone.core.event import Event
from overtone.decide.rival import Materials

SPARSE_STRENGTHS = (0.1, 0.3, 1.0, 3.0)  # C of a support vector machine over TF-IDF
DENSE_STRENGTHS = (0.003, 0.01, 0.03, 0.1, 0.3)  # C of logistic regression over centred vectors


def fit_rows(
    materials: Materials,
    key: str,
    solver: Solver,
    strengths: Sequence[float],
    train: Matrix,
    validation: Matrix,
) -> tuple[LinearModel, float]:
    """The best linear model over features (rows, features) of the materials' rows, and its strength C."""
    labels = materials.labels
    return fit_best(
        solver,
        strengths,
        Rows(train, targets([row.labels for row in materials.train], labels)),
        Rows(validation, targets([row.labels for row in materials.validation], labels)),
        labels,
        multi_label=materials.multi_label,
        seed=materials.seed,
        progress=lambda done, total: materials.watch(Event(f"prepare {key}", done, total)),
    )


def fit_categories(materials: Materials, features: Features, solver: Solver) -> LinearModel:
    """A model of the first label of each row, over sparse features of its input."""
    labels = sorted({row.labels[0] for row in (*materials.train, *materials.validation)})
    parts = [
        Rows(features([row.input for row in rows]), targets([row.labels[:1] for row in rows], labels))
        for rows in (materials.train, materials.validation)
    ]
    return fit_best(solver, SPARSE_STRENGTHS, parts[0], parts[1], labels, seed=materials.seed)[0]
