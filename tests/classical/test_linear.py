"""Linear models: fitted, calibrated, chosen, kept."""

import numpy as np
import pytest
from scipy import sparse

from overtone.classical.calibrate import calibrate, log_loss
from overtone.classical.choose import Rows, fit_best
from overtone.classical.classifier import FeatureClassifier
from overtone.classical.fit import fit_linear, linear_svm, logistic_regression
from overtone.classical.linear import targets
from overtone.classical.store import from_bytes, settings_of, to_bytes
from overtone.classical.tfidf import fit_tfidf
from overtone.core.errors import UserError
from overtone.core.example import Question

LABELS = ("a", "b", "c")
TEXTS = [
    "the card is late",
    "where is my card",
    "wifi is slow",
    "slow wifi at night",
    "pay the bill",
    "bill too high",
]
WANTED = targets([("a",), ("a",), ("b",), ("b",), ("c",), ("c",)], LABELS)


def clouds(rows, seed=0, spread=1.0):
    """Points around three corners, with the matrix of their labels."""
    random = np.random.default_rng(seed)
    classes = np.arange(rows) % 3
    points = np.eye(3)[classes] * 3 + spread * random.normal(size=(rows, 3)) + 100
    return points.astype(np.float32), np.eye(3, dtype=np.float32)[classes]


@pytest.mark.parametrize("solver", [logistic_regression, linear_svm])
def test_dense_features_far_from_zero_are_learned_and_read_raw(solver):
    features, wanted = clouds(300)
    model = fit_linear(solver, 0.1, features, wanted, LABELS)
    fresh, truth = clouds(300, seed=1)
    probabilities = model.probabilities(fresh)
    assert (probabilities.argmax(1) == truth.argmax(1)).mean() > 0.9
    assert probabilities.sum(1) == pytest.approx(np.ones(300), abs=1e-5)


def test_the_scale_of_the_features_does_not_matter():
    features, wanted = clouds(300)
    plain = fit_linear(logistic_regression, 0.1, features, wanted, LABELS).probabilities(features)
    scaled = fit_linear(logistic_regression, 0.1, features * 50, wanted, LABELS).probabilities(features * 50)
    assert scaled == pytest.approx(plain, abs=1e-3)


def test_two_classes_give_the_same_probabilities_as_the_estimator():
    features, wanted = clouds(200)
    keep = wanted[:, 2] == 0
    scaled = sparse.csr_matrix(features[keep] - 100)
    model = fit_linear(logistic_regression, 1.0, scaled, wanted[keep][:, :2], LABELS[:2])
    expected = logistic_regression(1.0, 0).fit(scaled, wanted[keep][:, 1]).predict_proba(scaled)
    assert model.probabilities(scaled) == pytest.approx(expected, abs=1e-5)


def test_a_label_without_rows_never_wins():
    features, wanted = clouds(90)
    wider = np.hstack([wanted, np.zeros((90, 1), dtype=np.float32)])
    probabilities = fit_linear(logistic_regression, 1.0, features, wider, (*LABELS, "d")).probabilities(
        features
    )
    assert probabilities[:, 3].max() < 1e-6


def test_one_class_alone_is_always_given():
    features, _ = clouds(9)
    wanted = targets([("b",)] * 9, LABELS)
    assert (fit_linear(linear_svm, 1.0, features, wanted, LABELS).probabilities(features)[:, 1] > 0.99).all()


def test_several_labels_each_stand_alone():
    features, single = clouds(300, spread=0.3)
    wanted = np.clip(single + np.roll(single, 1, axis=1), 0, 1)  # two labels a row
    wanted[:, 2] = 1
    probabilities = fit_linear(logistic_regression, 1.0, features, wanted, LABELS, True).probabilities(
        features
    )
    assert ((probabilities >= 0.5) == wanted).mean() > 0.95
    assert probabilities[:, 2].min() > 0.99


@pytest.mark.parametrize("multi_label", [False, True])
def test_calibration_finds_the_slope_that_made_the_labels(multi_label):
    random = np.random.default_rng(0)
    true = random.normal(size=(4000, 3)) * 2
    if multi_label:
        wanted = (random.uniform(size=true.shape) < 1 / (1 + np.exp(-(true + 1)))).astype(float)
    else:
        wanted = np.eye(3)[(true + random.gumbel(size=true.shape)).argmax(1)]
    slope, shift = calibrate(true * 5, wanted, multi_label)
    assert slope == pytest.approx(0.2, rel=0.1)
    assert shift == pytest.approx(1.0 if multi_label else 0.0, abs=0.15)
    assert log_loss(slope * true * 5 + shift, wanted, multi_label) < log_loss(true * 5, wanted, multi_label)


def test_a_perfectly_separated_validation_set_keeps_the_slope_finite():
    slope, _ = calibrate(np.eye(3), np.eye(3), False)
    assert np.isfinite(slope)


def test_the_strength_is_chosen_on_validation_rows_and_both_are_refitted():
    train, validation = Rows(*clouds(60, spread=2)), Rows(*clouds(60, seed=1, spread=2))
    told = []
    model, strength = fit_best(
        logistic_regression,
        (1e-6, 0.1),
        train,
        validation,
        LABELS,
        progress=lambda *done: told.append(done),
    )
    assert strength == 0.1
    assert told == [(1, 3), (2, 3), (3, 3)]
    alone = fit_linear(logistic_regression, 0.1, train.features, train.wanted, LABELS)
    assert not np.allclose(model.weights / model.weights[0, 0], alone.weights / alone.weights[0, 0])


def test_the_chosen_model_is_calibrated_on_validation_rows():
    train, validation = Rows(*clouds(30, spread=2)), Rows(*clouds(300, seed=1, spread=2))
    model, _ = fit_best(linear_svm, (1.0,), train, validation, LABELS)
    alone = fit_linear(linear_svm, 1.0, train.features, train.wanted, LABELS)
    both = Rows(
        np.vstack([train.features, validation.features]), np.vstack([train.wanted, validation.wanted])
    )
    refitted = fit_linear(linear_svm, 1.0, both.features, both.wanted, LABELS)
    slope, _ = calibrate(alone.scores(validation.features), validation.wanted, False)
    assert abs(slope - 1) > 0.1
    assert model.weights == pytest.approx(refitted.weights * slope, rel=1e-5)


def test_without_validation_rows_the_middle_strength_is_taken():
    train = Rows(*clouds(60))
    empty = Rows(train.features[:0], train.wanted[:0])
    assert fit_best(logistic_regression, (0.01, 0.1, 1.0), train, empty, LABELS)[1] == 0.1


def test_a_classifier_answers_and_is_kept_to_the_bit():
    features = fit_tfidf(TEXTS)
    system = FeatureClassifier(features, fit_linear(linear_svm, 1.0, features(TEXTS), WANTED, LABELS))
    questions = [Question(id=str(row), text=text) for row, text in enumerate(TEXTS)]
    answers = system.answer(questions)
    assert [answer.label for answer in answers] == ["a", "a", "b", "b", "c", "c"]
    again = from_bytes(to_bytes(system)).answer(questions)
    assert [answer.probabilities for answer in again] == [answer.probabilities for answer in answers]


def test_a_head_over_a_base_is_kept_with_the_name_of_the_base():
    features, wanted = clouds(30)
    system = FeatureClassifier(
        lambda texts: features, fit_linear(logistic_regression, 1.0, features, wanted, LABELS)
    )
    data = to_bytes(system, base="builtin:minilm")
    assert settings_of(data)["base"] == "builtin:minilm"
    with pytest.raises(UserError, match="reads features of base 'builtin:minilm'"):
        from_bytes(data)
    assert np.array_equal(from_bytes(data, lambda texts: features).model.weights, system.model.weights)


@pytest.mark.parametrize("data", [b"", b"garbage that is no file at all", b"\x02\0\0\0\0\0\0\0{}"])
def test_another_file_is_refused(data):
    with pytest.raises(UserError, match="does not hold a linear classifier"):
        from_bytes(data)


def test_features_survive_typos_and_unknown_words():
    features = fit_tfidf(TEXTS)
    near, far = features(["wify sloow"]), features(["§§§"])
    assert near.nnz > 0
    assert far.nnz == 0


def test_texts_without_any_term_are_refused():
    with pytest.raises(ValueError, match="no text holds"):
        fit_tfidf(["", " "])
