import numpy as np
import pytest
from scipy.stats import fisher_exact

from overtone.core.example import Example
from overtone.evaluate.diagnosis.slices import apart, mean_score, slices
from overtone.evaluate.statistics.share import share_interval


def rows(*texts, label="a", traits=()):
    return [Example(str(index), text, (label,), traits=traits) for index, text in enumerate(texts)]


def test_thirds_by_words():
    found = slices(rows("a", "b b", "c c", "d d d", "e e e e", "f f f f f f"))
    assert [(one.name, int(one.rows.sum())) for one in found] == [
        ("1 to 2 words", 3),
        ("3 words", 1),
        ("4 to 6 words", 2),
    ]


def test_texts_without_spaces_are_measured_in_characters():
    assert {one.name.split()[-1] for one in slices(rows("あ", "いい", "ううう", "ええええ"))} == {
        "characters"
    }


def test_classes_and_traits_and_no_slice_that_holds_all():
    german = rows("x y", "x y", label="a", traits=(("language", "de"),))
    english = rows("x y", label="b", traits=(("language", "en"), ("source", "web")))
    found = {(one.kind, one.name): one.rows.tolist() for one in slices([*german, *english])}
    assert found == {
        ("Language", "de"): [True, True, False],
        ("Language", "en"): [False, False, True],
        ("Source", "web"): [False, False, True],
        ("Class", "a"): [True, True, False],
        ("Class", "b"): [False, False, True],
    }


def test_a_trait_that_tells_every_row_apart_is_no_slice():
    many = [Example(str(one), "x y", ("a",), traits=(("customer", str(one)),)) for one in range(60)]
    assert slices(many) == []


def test_shares_are_compared_exactly_and_means_by_welch():
    inside = np.arange(60) < 20
    right = np.where(inside, np.arange(60) % 2, 1.0)
    assert apart(right, inside) == pytest.approx(fisher_exact([[10, 10], [40, 0]]).pvalue)
    graded = np.where(inside, 0.2, 0.7) + np.arange(60) / 1000
    assert apart(graded, inside) < 1e-9
    assert apart(right[:29], inside[:29]) is None  # nine rows are too few
    assert apart(np.full(60, 0.5), inside) is None


def test_a_share_has_its_own_interval_and_a_mean_another():
    share = mean_score(np.array([1.0, 0.0, 1.0, 1.0]), None, 0)
    assert (share.value, share.low, share.high, share.n) == (0.75, *share_interval(3, 4), 4)
    graded = mean_score(np.array([0.2, 0.4, 0.9]), None, 0)
    assert graded.method == "bca" and graded.low < 0.5 < graded.high
