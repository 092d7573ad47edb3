import math
import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as some

from overtone.core.score import Score
from overtone.evaluate.report.axis import Axis, round_step
from overtone.evaluate.report.contents import ConfusionTable, Curve
from overtone.evaluate.report.heatmap import LARGEST, confused, heatmap, shown
from overtone.evaluate.report.losses import losses
from overtone.evaluate.report.svg import element, shorten, title_label
from overtone.evaluate.report.tradeoff import tradeoff
from overtone.evaluate.report.whiskers import RIGHT, WIDTH, in_view, limits, whiskers
from tests.evaluate.report.sample import contents


@given(some.floats(-1e3, 1e3), some.floats(1e-3, 1e3))
def test_ticks_are_round_within_the_axis_and_few(low, width):
    axis = Axis(low, low + width, 0, 100)
    ticks = axis.ticks()
    assert 1 <= len(ticks) <= 8
    assert all(low - 1e-6 * width <= tick <= low + width * (1 + 1e-6) for tick in ticks)
    assert [axis.place(tick) for tick in ticks] == sorted(axis.place(tick) for tick in ticks)


@given(some.floats(1e-9, 1e9))
def test_a_round_step_is_one_two_or_five(rough):
    step = round_step(rough)
    assert rough * (1 - 1e-6) <= step <= rough * 2.51
    assert f"{step:e}"[0] in "125"


def test_a_logarithmic_axis_has_powers_of_ten_at_equal_distances():
    axis = Axis(0.001, 1.0, 0, 300, logarithmic=True)
    assert [axis.place(tick) for tick in axis.ticks()] == pytest.approx([0, 100, 200, 300])


def test_places_beyond_the_ends_lie_at_the_ends():
    assert (Axis(0, 1, 10, 20).place(-5), Axis(0, 1, 10, 20).place(9)) == (10, 20)
    assert Axis(3, 3, 10, 20).place(3) == 10


def test_every_system_has_a_row_and_the_baseline_beyond_the_axis_an_arrow():
    whole = contents()
    drawn = whiskers(whole, whole.deciding)
    assert drawn.count("<circle") == 5 and drawn.count("<polyline") == 1
    assert drawn.count('class="bar"') == 1
    assert whiskers(whole, whole.metrics[1]).count('class="bar"') == 0
    middles = [float(x) for x in re.findall(r'<circle cx="([\d.]+)"', drawn)]
    assert middles == sorted(middles, reverse=True)


def test_a_baseline_that_beats_a_rival_is_drawn_with_its_whole_interval():
    whole = contents()
    best = replace(whole.systems[0], scores={"accuracy": Score(0.97, 0.96, 0.98, 100, "wilson")})
    strong = replace(whole, systems=(best, *whole.systems[1:]))
    assert in_view(strong.ranked, "accuracy") == list(strong.ranked)
    drawn = whiskers(strong, strong.deciding)
    assert drawn.count("<circle") == 6 and "<polyline" not in drawn
    row = drawn.partition("Majority class: ")[2].partition("</g>")[0]
    ends = [float(x) for x in re.findall(r'<line x1="([\d.]+)"', row)]
    assert ends[0] == ends[1] < ends[2] < WIDTH - RIGHT
    assert tradeoff(strong).count("<circle") == 6


def test_limits_hold_every_interval_and_the_bar():
    scores = [system.scores["accuracy"] for system in contents().systems]
    low, high = limits(scores, 0.99)
    assert 0 <= low <= min(score.low for score in scores) and 0.99 < high <= 1


def test_a_training_of_one_step_or_without_finite_loss_is_drawn():
    odd = (
        Curve("fine_tune", "train", ((1, 2.0),)),
        Curve("fine_tune, refit", "train", ((1, 2.0),)),
        Curve("other", "validation", ((1, math.nan), (2, math.inf))),
    )
    drawn = losses(contents(curves=odd))
    assert list(drawn) == ["Fine-tuned (full)", "Fine-tuned (full), refit", "other"]
    assert "nan" not in "".join(drawn.values()) and "inf" not in "".join(drawn.values())


def test_names_cover_no_other_name_even_for_equal_systems():
    whole = contents()
    same = tuple(
        replace(system, scores=whole.systems[5].scores, seconds_per_answer=0.0) for system in whole.systems
    )
    drawn = tradeoff(replace(whole, systems=same))
    heights = [float(y) for y in re.findall(r'y="([\d.]+)" class="small"', drawn)]
    assert len(heights) == 6  # the baseline is as good as the others here
    gaps = [after - before for before, after in zip(sorted(heights), sorted(heights)[1:])]
    assert min(gaps) >= 15


def test_one_timed_system_makes_no_picture():
    whole = contents()
    assert tradeoff(replace(whole, systems=whole.systems[-1:])) is None


def test_a_heat_map_draws_each_count_once():
    table = ConfusionTable(("a", "b"), ((5, 1, 0), (0, 4, 0), (0, 0, 0)))
    drawn = heatmap(table)
    assert drawn.count("<rect") == 3 and "no label" not in drawn
    assert "a answered as b: 1 (17%)" in drawn
    assert confused(table) == [("a", "b", 1)]


def test_answers_without_a_label_are_drawn_and_too_many_classes_cut():
    table = ConfusionTable(("a", "b"), ((5, 0, 2), (0, 4, 0), (0, 0, 0)))
    assert shown(table)[0] == ("a", "b", "no label")
    whole = contents(classes=LARGEST + 20).confusion
    labels, counts = shown(whole)
    assert len(labels) == len(counts) == LARGEST


def test_elements_escape_texts_and_attributes():
    drawn = element("text", "<b>&", class_='"><script>', x=1.0)
    assert drawn == '<text class="&#34;&gt;&lt;script&gt;" x="1">&lt;b&gt;&amp;</text>'
    assert shorten("a long name", 7) == "a long…"


def test_a_long_title_takes_two_lines_about_its_height():
    assert title_label(0, 10, "short", 9) == '<text x="0" y="14" class="" text-anchor="start">short</text>'
    drawn = title_label(0, 10, "frozen embedding + <trees> and more of them", 16)
    assert drawn.count("<text") == 2 and 'y="7"' in drawn and 'y="21"' in drawn
    assert ">frozen embedding<" in drawn and ">+ &lt;trees&gt; and m…<" in drawn
