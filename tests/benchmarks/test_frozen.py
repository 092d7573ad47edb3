"""What remembering is held to: the ceiling that operations allow, and one extraction beside the fits."""

import pytest

from benchmarks.engine.compare import Entry, Measured
from benchmarks.engine.frozen import ceiling, tell_search
from benchmarks.engine.job import Job, Step
from benchmarks.engine.rows import Row


def test_the_ceiling_is_what_the_lower_layers_cost():
    """With little attention and head: 23 layers forward, and 7 forward and back, against those 7 alone."""
    rows = [Row((1,) * 60, (1,))]
    assert ceiling(rows, "135M") == pytest.approx((23 + 2 * 7) / (2 * 7), rel=0.05)


def test_the_ceiling_falls_when_the_head_costs_more():
    few, many = ([Row((1,) * (100 - learned), (1,) * learned)] for learned in (1, 99))
    assert ceiling(few, "15M") > ceiling(many, "15M") > 1


def test_a_search_is_held_to_one_extraction_and_its_fits():
    notes = {"extraction": 2.0, "fits": 10.0, "computed": 7}
    steps = [Step(seconds, seconds, 0, notes=notes) for seconds in (99.0, 6.5)]
    lines = tell_search(Measured(Entry(Job("overtone_head", "", "", 2), ""), tuple(steps)), 7)
    assert lines[0] == "Computed 7 rows for 7 different ones."
    assert "0.50 [0.50, 0.50] of extraction + 1.1 x fits" in lines[1]
