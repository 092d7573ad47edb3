"""The models over frozen features that are not linear: kernel machine, boosted trees, neighbours."""

from functools import partial

import numpy as np
import pytest
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.svm import SVC

from overtone.classical.boosting import Growth, fit_boosting
from overtone.classical.choose import Rows, choose
from overtone.classical.fit import centred
from overtone.classical.kernel import fit_kernel
from overtone.classical.linear import NEVER
from overtone.classical.neighbours import cosine, fit_neighbours, whitened_cosine

LABELS = ("in", "out", "unseen")


def rings(rows, seed=0):
    """Points near the centre and points around them, which no plane parts; the third label has no row."""
    random = np.random.default_rng(seed)
    outer = np.arange(rows) % 2
    angles, radii = random.uniform(0, 2 * np.pi, rows), np.where(outer, 3.0, 0.5)
    points = np.stack([np.cos(angles), np.sin(angles)], 1) * radii[:, None] + 0.2 * random.normal(
        size=(rows, 2)
    )
    return Rows(points.astype(np.float32), np.eye(3, dtype=np.float32)[outer])


def several(rows):
    """The same points with two labels that may both hold, and one that always does."""
    near = rows.wanted[:, 0]
    return Rows(rows.features, np.stack([near, 1 - near, np.ones_like(near)], 1))


def right(model, rows):
    return (model.probabilities(rows.features).argmax(1) == rows.wanted.argmax(1)).mean()


def test_a_kernel_parts_what_no_plane_does():
    train, fresh = rings(200), rings(200, seed=1)
    model = fit_kernel("rbf", 1.0, 1.0, LABELS, False, train)
    assert right(model, fresh) > 0.97
    probabilities = model.probabilities(fresh.features)
    assert probabilities.sum(1) == pytest.approx(np.ones(200))
    assert probabilities[:, 2].max() < 1e-6
    assert right(fit_kernel("linear", 1.0, 0.0, LABELS, False, train), fresh) < 0.7


def test_the_kernel_is_that_of_the_library():
    random = np.random.default_rng(0)
    points, classes = random.normal(size=(90, 4)).astype(np.float32) + 7, np.arange(90) % 3
    model = fit_kernel(
        "rbf", 2.0, 1.5, ("a", "b", "c"), False, Rows(points, np.eye(3, dtype=np.float32)[classes])
    )
    scaled = centred(points)[0]
    expected = SVC(C=2.0, gamma=1.5 / 4).fit(scaled, classes).decision_function(scaled)
    assert model.scores(points) == pytest.approx(expected, abs=1e-4)
    assert model.scaled(2.0, 1.0).scores(points) == pytest.approx(2 * expected + 1, abs=1e-3)


def test_several_labels_each_have_a_machine_of_their_own():
    train, fresh = several(rings(200)), several(rings(100, seed=1))
    model = fit_kernel("rbf", 1.0, 1.0, LABELS, True, train)
    assert ((model.probabilities(fresh.features) >= 0.5) == fresh.wanted).mean() > 0.97
    assert len(model.inner.estimators) == 2
    assert (model.scores(fresh.features)[:, 2] == -NEVER).all()


def test_one_class_alone_is_always_given():
    rows = rings(20)
    only = Rows(rows.features, np.tile(np.float32([0, 1, 0]), (20, 1)))
    assert (fit_kernel("rbf", 1.0, 1.0, LABELS, False, only).probabilities(rows.features)[:, 1] > 0.99).all()


@pytest.mark.parametrize("many", [False, True])
def test_boosting_stops_on_validation_rows_and_grows_the_same_trees_as_at_once(many):
    make = several if many else (lambda rows: rows)
    train, validation, fresh = make(rings(200)), make(rings(80, 1)), make(rings(100, 2))
    told = []
    model, iterations, cut = fit_boosting(
        Growth(100, 10_000, 0.3), train, validation, LABELS, many, lambda *done: told.append(done)
    )
    assert iterations < 100 and not cut
    assert ((model.probabilities(fresh.features) >= 0.5) == fresh.wanted).mean() > 0.95
    assert told[-1] == (101, 101)
    both = train.with_more(validation)
    target = both.wanted[:, 0] if many else both.wanted.argmax(1)
    plain = HistGradientBoostingClassifier(
        max_iter=iterations, learning_rate=0.3, max_leaf_nodes=15, early_stopping=False, random_state=0
    ).fit(both.features, target)
    assert model.estimators[0].decision_function(fresh.features) == pytest.approx(
        plain.decision_function(fresh.features)
    )


def test_the_trees_of_all_labels_bound_the_iterations():
    growth = Growth(iterations=200, trees=77 * 26, learning_rate=0.1)
    assert growth.bound(77, False) == growth.bound(77, True) == 26
    assert growth.bound(2, False) == 200  # one tree an iteration
    assert Growth(200, 10, 0.1).bound(77, False) == 1
    train = rings(100)
    _, iterations, cut = fit_boosting(Growth(200, 6, 0.01), train, rings(60, 1), LABELS, False)
    assert (iterations, cut) == (2, True)
    empty = Rows(train.features[:0], train.wanted[:0])
    assert fit_boosting(Growth(8, 999, 0.1), train, empty, LABELS, False)[1:] == (4, False)


def test_nearer_rows_vote_with_more_weight_and_the_first_beyond_with_none():
    angles = np.deg2rad([0.0, 20.0, 40.0])
    rows = Rows(np.stack([np.cos(angles), np.sin(angles)], 1), np.eye(3)[[0, 1, 1]])
    model = fit_neighbours("cosine", 2, LABELS, False, rows)
    shares = np.exp(model.scores(np.array([[1.0, 0.0]])))[0]
    near = np.cos(angles)
    weights = np.array([1.0, (near[1] - near[2]) / (near[0] - near[2])])
    frequent = (np.array([1, 2, 0]) + 0.5) / 4
    assert shares == pytest.approx((np.array([*weights, 0]) + frequent) / (weights.sum() + 1))


def test_more_neighbours_than_rows_and_rows_all_alike_vote_too():
    rows = Rows(np.ones((3, 2)), np.eye(3)[[0, 0, 1]])
    share = fit_neighbours("cosine", 40, LABELS, False, rows).probabilities(np.ones((2, 2)))
    assert share[0].argmax() == 0
    assert share.sum(1) == pytest.approx(np.ones(2))
    assert fit_neighbours("cosine", 1, LABELS, True, rows).probabilities(np.ones((0, 2))).shape == (0, 3)


def test_whitening_gives_every_direction_the_same_weight():
    random = np.random.default_rng(0)
    stretched = random.normal(size=(500, 2)) * np.array([10.0, 1.0]) + 3
    space = whitened_cosine(stretched)
    spread = ((stretched - space.mean) @ space.turn).std(0)
    assert spread.max() / spread.min() < 3  # 10 before; held back by the shrinkage
    assert cosine(stretched).place(stretched) == pytest.approx(
        stretched / np.linalg.norm(stretched, axis=1, keepdims=True), abs=1e-5
    )


def test_the_best_candidate_is_chosen_on_validation_rows():
    noisy = rings(300)
    flipped = np.random.default_rng(0).uniform(size=300) < 0.3
    noisy.wanted[flipped] = noisy.wanted[flipped][:, [1, 0, 2]]
    rows = [Rows(one.features - 2, one.wanted) for one in (noisy, rings(200, 3))]
    candidates = {count: partial(fit_neighbours, "cosine", count, LABELS, False) for count in (1, 15)}
    model, count = choose(candidates, *rows)
    assert count == 15
    assert len(model.wanted) == 500
