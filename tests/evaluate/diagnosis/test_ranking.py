from statistics import NormalDist

import numpy as np
import pytest
from sklearn.metrics import average_precision_score, precision_recall_curve, roc_auc_score, roc_curve

from overtone.evaluate.diagnosis.ranking import (
    GRID,
    area_interval,
    average_precision,
    placements,
    precision_on_grid,
    rates,
    recall_and_precision,
    roc_on_grid,
    row_areas,
    thinned,
)
from overtone.evaluate.statistics.unvarying import unvarying


@pytest.fixture(params=[0, 1, 2])
def ranked(request):
    """Scores with ties, of which those of positives lie higher."""
    draw = np.random.default_rng(request.param)
    positive = draw.random(200) < 0.2
    return np.round(draw.normal(size=200) + positive, 1), positive


def test_areas_are_those_of_sklearn(ranked):
    scores, positive = ranked
    assert row_areas(scores, positive).mean() == pytest.approx(roc_auc_score(positive, scores), abs=1e-12)
    expected = average_precision_score(positive, scores)
    assert average_precision(scores, positive) == pytest.approx(expected, abs=1e-12)


def test_curves_are_those_of_sklearn(ranked):
    scores, positive = ranked
    false, true, _ = roc_curve(positive, scores, drop_intermediate=False)
    assert np.allclose(rates(scores, positive), (false, true))
    precision, recall, _ = precision_recall_curve(positive, scores)
    ours = recall_and_precision(scores, positive)
    assert np.allclose(ours[0], recall[::-1][1:]) and np.allclose(ours[1], precision[::-1][1:])


def test_the_spread_of_the_rows_is_the_variance_of_delong(ranked):
    scores, positive = ranked
    placed = placements(scores, positive)
    variance = placed[positive].var() / positive.sum() + placed[~positive].var() / (~positive).sum()
    assert row_areas(scores, positive).var() / len(scores) == pytest.approx(variance, rel=1e-9)


def test_the_interval_of_an_area_covers_what_it_promises():
    """Two normal distributions 1.5 apart: the area is that share of pairs that stand in order."""
    true, held = NormalDist().cdf(1.5 / 2**0.5), 0
    for seed in range(400):
        draw = np.random.default_rng(seed)
        positive = np.arange(80) < 16
        values = row_areas(draw.normal(size=80) + 1.5 * positive, positive)
        low, high = area_interval(values, 16)
        held += low <= true <= high
    assert 0.93 <= held / 400 <= 0.985


def test_copies_of_rows_narrow_no_interval(ranked):
    scores, positive = ranked
    evidence = int(positive.sum())
    alone = area_interval(row_areas(scores, positive), evidence)
    values = row_areas(np.repeat(scores, 3), np.repeat(positive, 3))
    assert area_interval(values, evidence, np.repeat(np.arange(200), 3)) == pytest.approx(alone, abs=1e-9)
    assert area_interval(values, evidence)[0] > alone[0]


def test_a_perfect_area_is_bounded_by_its_evidence():
    low, high = area_interval(np.ones(50), 5)
    assert (low, high) == (*unvarying(1.0, 5, 0, 1),) and low == pytest.approx(0.025 ** (1 / 5))


def test_placements_by_hand():
    scores, positive = np.array([0.9, 0.5, 0.5, 0.1]), np.array([True, True, False, False])
    assert placements(scores, positive).tolist() == [1.0, 0.75, 0.75, 1.0]


def test_curves_on_the_grid_run_over_the_corners(ranked):
    scores, positive = ranked
    false, true = rates(scores, positive)
    height = roc_on_grid(scores, positive)
    assert height[0] == true[false == 0].max() and height[-1] == 1
    assert np.trapezoid(height, GRID) == pytest.approx(roc_auc_score(positive, scores), abs=0.01)
    best = precision_on_grid(scores, positive)
    recall, precision = recall_and_precision(scores, positive)
    assert (np.diff(best) <= 0).all() and best[-1] == precision[recall == 1].max()
    assert best[0] == precision.max()


def test_a_perfect_ranking_is_perfect_on_the_grid():
    scores, positive = np.array([0.9, 0.8, 0.2, 0.1]), np.array([True, True, False, False])
    assert roc_on_grid(scores, positive).min() == precision_on_grid(scores, positive).min() == 1


def test_thinning_keeps_ends_and_bends():
    across, up = np.array([0, 0, 0, 0.5, 1]), np.array([0, 0.5, 1, 1, 1])
    assert thinned(across, up) == ((0, 0), (0, 1), (1, 1))
    many = np.linspace(0, 1, 1000)
    kept = thinned(many, many**2, most=50)
    assert len(kept) <= 50 and kept[0] == (0, 0) and kept[-1] == (1, 1)
