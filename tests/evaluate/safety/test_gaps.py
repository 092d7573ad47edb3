"""Gaps between groups: found where they are, seldom where they are not."""

import numpy as np
import pytest

from overtone.core.answer import Answer
from overtone.core.example import Example
from overtone.core.tasks.classify import ClassifyTask
from overtone.evaluate.metrics.accuracy import Accuracy
from overtone.evaluate.safety.gap_section import gap_section
from overtone.evaluate.safety.gaps import gaps, permutation_p


def rows(groups, trait="site"):
    return [
        Example(str(place), text="x", labels=("a",), traits=((trait, group),))
        for place, group in enumerate(groups)
    ]


def answers(right):
    return [Answer(probabilities={"a" if one else "b": 1.0}) for one in right]


def test_a_gap_is_found_with_its_groups():
    groups = ["n"] * 50 + ["s"] * 50 + ["tiny"] * 3
    (gap,) = gaps(
        Accuracy(), rows(groups), answers([True] * 50 + [True, False] * 25 + [False] * 3), ClassifyTask()
    )
    assert (gap.low, gap.high, gap.left_out) == ("s", "n", 3)
    assert gap.gap.value == 0.5
    assert 0.3 < gap.gap.low < 0.5 < gap.gap.high < 0.7
    assert gap.p < 0.001
    assert [(name, score.value, score.n) for name, score in gap.groups] == [("n", 1.0, 50), ("s", 0.5, 50)]


def test_several_traits_are_one_family():
    several = [
        Example(
            str(place),
            text="x",
            labels=("a",),
            traits=(("site", "ns"[place % 2]), ("day", "mt"[place // 50])),
        )
        for place in range(100)
    ]
    random = np.random.default_rng(3)
    given = answers(random.random(100) < [0.95 if place % 2 else 0.7 for place in range(100)])
    alone = gaps(Accuracy(), rows(["ns"[place % 2] for place in range(100)]), given, ClassifyTask())
    both = {gap.trait: gap for gap in gaps(Accuracy(), several, given, ClassifyTask())}
    assert both["site"].p == pytest.approx(2 * alone[0].p)


def test_false_alarms_are_rare_though_the_widest_pair_is_picked():
    random = np.random.default_rng(0)
    groups = np.repeat(range(5), 20)
    alarms = 0
    for seed in range(40):
        right = (random.random(100) < 0.7).astype(float)
        alarms += permutation_p(Accuracy(), np.stack([right, np.ones(100)], axis=1), groups, seed) < 0.05
    assert alarms <= 5


def test_rows_without_traits_make_no_section():
    plain = [Example("1", text="x", labels=("a",))]
    assert gap_section(Accuracy(), plain, {"x": answers([True])}, ClassifyTask()) is None


def test_small_groups_cannot_be_told():
    section = gap_section(Accuracy(), rows("nnss"), {"x": answers([True] * 4)}, ClassifyTask())
    assert section.sentences[0] == "No trait has two groups of 10 rows: gaps cannot be told."
    assert section.tables == ()
