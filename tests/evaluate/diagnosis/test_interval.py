import numpy as np
import pytest

from overtone.core.example import Example
from overtone.evaluate.diagnosis.interval import mean_interval, share_of, sources
from overtone.evaluate.diagnosis.predicted import Predicted
from overtone.evaluate.diagnosis.slices import apart
from overtone.evaluate.statistics.share import share_interval

ALONE = np.arange(80) % 3 / 2
TWICE, PLACE = np.repeat(ALONE, 2), np.repeat(np.arange(80), 2)


def test_rows_have_sources_only_where_two_share_one():
    rows = [Example(str(place), "x", group=group) for place, group in enumerate(("a", "", "b", ""))]
    assert sources(rows) is None
    found = sources([*rows, Example("9", "x", group="a")])
    assert found[0] == found[4] and len(set(found.tolist())) == 4


def test_rows_that_are_copies_add_no_certainty():
    alone, twice = mean_interval(ALONE, None, 0), mean_interval(TWICE, PLACE, 0)
    assert twice == pytest.approx(alone, abs=0.01)
    assert mean_interval(TWICE, None, 0)[0] > twice[0] + 0.02
    hits = (ALONE > 0.4).astype(float)
    assert share_of(hits) == share_interval(hits.sum(), 80)
    assert share_of(np.repeat(hits, 2), PLACE) == pytest.approx(share_of(hits), abs=0.01)


def test_copies_do_not_make_a_slice_differ():
    inside = np.arange(80) < 30
    values = np.where(inside, ALONE, ALONE + 0.12)
    once = apart(values, inside)
    copied = apart(np.repeat(values, 5), np.repeat(inside, 5), np.repeat(np.arange(80), 5))
    assert once == pytest.approx(copied, abs=0.02) and once > 0.05
    assert apart(np.repeat(values, 5), np.repeat(inside, 5)) < 0.01


def test_the_labels_of_a_row_share_its_source():
    rows = Predicted(("a", "b"), np.zeros((3, 2)), np.zeros((3, 2)), several=True)
    assert rows.decision_place.tolist() == [0, 0, 1, 1, 2, 2]
    assert Predicted(("a", "b"), np.zeros((3, 2)), np.zeros((3, 2)), several=False).decision_place is None
