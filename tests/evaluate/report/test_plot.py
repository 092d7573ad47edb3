import math
import re

import pytest

from overtone.evaluate.report.axis import Axis
from overtone.evaluate.report.cells import wordy, written
from overtone.evaluate.report.plot import BOTTOM, HEIGHT, LEFT, RIGHT, WIDTH, across_ticks, axes, plot_picture
from overtone.evaluate.report.section import Column, Line, Plot, Table

LINE = Line("a", ((0.2, 0.1), (0.4, 0.5), (0.8, 0.9)))


def plot(*lines, **settings):
    return Plot("Title", "across", "up", lines, **settings)


def test_each_line_has_its_own_style_and_its_points_in_order():
    drawn = plot_picture(plot(LINE, Line("b", ((0.1, 0.2), (0.3, 0.1)))))
    assert re.findall(r'class="plotted (line-\d)"', drawn) == ["line-1", "line-2"]
    first = re.findall(r'points="([^"]+)"', drawn)[0].split()
    places = [tuple(map(float, one.split(","))) for one in first]
    assert [x for x, _ in places] == sorted(x for x, _ in places)
    assert [y for _, y in places] == sorted((y for _, y in places), reverse=True)  # up is less
    assert drawn.count("<circle") == 5


def test_dots_have_no_line_and_intervals_their_spans():
    dots = plot_picture(plot(Line("d", LINE.points, dots=True)))
    assert "<polyline" not in dots and dots.count("<circle") == 3
    spans = plot_picture(plot(Line("s", LINE.points, (0.0, 0.4, 0.8), (0.2, 0.6, 1.0))))
    assert spans.count('class="span line-1"') == 3


def test_long_lines_have_no_dots():
    many = Line("m", tuple((one / 100, one / 100) for one in range(100)))
    assert plot_picture(plot(many)).count("<circle") == 0


def test_axes_hold_intervals_and_the_level_and_shares_end_at_one():
    one = Line("a", ((0.5, 0.9),), (0.7,), (0.99,))
    across, up = axes(plot(one, up_written="percent", across_written="percent", level=0.6))
    assert up.low <= 0.6 and 0.99 < up.high <= 1
    assert across.low < 0.5 < across.high


def test_a_diagonal_runs_where_both_axes_are_equal():
    drawn = plot_picture(plot(LINE, diagonal=True))
    x1, y1, x2, y2 = map(
        float,
        re.search(r'x1="([\d.]+)" y1="([\d.]+)" x2="([\d.]+)" y2="([\d.]+)" class="ruler"', drawn).groups(),
    )
    assert (x1, y1) == (LEFT, HEIGHT - BOTTOM) and x2 == WIDTH - RIGHT and y2 < y1


@pytest.mark.parametrize(
    "odd",
    [
        plot(),
        plot(Line("none", ())),
        plot(Line("one", ((3.0, 3.0),))),
        plot(Line("nan", ((math.nan, 1.0), (1.0, math.inf), (2.0, 2.0)))),
        plot(Line("zero", ((0.0, 1.0), (10.0, 2.0))), logarithmic=True),
        plot(Line("same", ((5.0, 1.0), (5.0, 2.0))), logarithmic=True),
        plot(Line("below", ((-3.0, -1.0), (5.0, -2.0)))),
    ],
)
def test_any_points_are_drawn_within_the_picture(odd):
    drawn = plot_picture(odd)
    assert "nan" not in drawn.replace("nan:", "") and "inf" not in drawn
    assert all(0 <= float(x) <= WIDTH for x in re.findall(r' (?:x|cx|x1|x2)="(-?[\d.]+)"', drawn))


def test_a_logarithmic_axis_has_at_least_three_ticks():
    assert across_ticks(Axis(0.02, 0.3, 0, 1, logarithmic=True)) == pytest.approx([0.02, 0.05, 0.1, 0.2])
    assert across_ticks(Axis(0.01, 1.0, 0, 1, logarithmic=True)) == pytest.approx([0.01, 0.1, 1.0])


@pytest.mark.parametrize(
    ("value", "kind", "words"),
    [
        (0.5, "percent", "50.0"),
        (-0.021, "signed", "−2.1"),
        (-0.00012345, "number", "−0.000123"),
        (12345.6, "number", "12\u202f346"),
        (12, "count", "12"),
        (None, "p", "–"),
        (math.nan, "number", "–"),
        ("every row", "percent", "every row"),
        (3, "text", "3"),
    ],
)
def test_cells_are_written_as_their_column_says(value, kind, words):
    assert written(value, Column("x", kind)) == words


def test_tables_of_long_texts_are_wordy():
    assert wordy(Table((Column("x"),), (("word " * 20,),)))
    assert not wordy(Table((Column("x"),), (("word",),)))
