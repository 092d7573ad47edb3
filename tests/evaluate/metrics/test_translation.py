"""BLEU, chrF and TER against sacrebleu's corpus scores, and their sums under resampling."""

import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some
from sacrebleu.metrics import BLEU, CHRF, TER

from overtone.core.answer import Answer
from overtone.core.errors import MissingExtra
from overtone.evaluate import sacre
from overtone.evaluate.metrics import ter
from overtone.evaluate.metrics.bleu import Bleu
from overtone.evaluate.metrics.chrf import ChrF
from overtone.evaluate.metrics.ter import Ter
from overtone.evaluate.scores import score
from tests.evaluate.rows import WRITE, texts, written

WORDS = ["the", "a", "router", "Light", "is", "re-set", "5.5", "light,", "würde", "東京", "."]
PICK = random.Random(5)
LINE = some.lists(some.sampled_from(WORDS), max_size=9).map(" ".join)
CORPUS = some.lists(some.tuples(LINE, LINE), min_size=1, max_size=8)


def lines(count, longest=12):
    return [" ".join(PICK.choices(WORDS, k=PICK.randint(1, longest))) for _ in range(count)]


def near_copies(wanted):
    return [" ".join(word for word in line.split() if PICK.random() < 0.8) for line in wanted]


def expected(metric, wanted, given_texts):
    oracle, turn = {
        "bleu": (BLEU(), lambda value: value / 100),
        "chrf": (CHRF(), lambda value: value / 100),
        "ter": (TER(), lambda value: 1 - min(1, value / 100)),
    }[metric.name]
    return turn(oracle.corpus_score(given_texts, [wanted]).score)


METRICS = pytest.mark.parametrize("metric", [Bleu(), ChrF(), Ter()], ids=lambda metric: metric.name)


@METRICS
@given(CORPUS)
def test_values_equal_sacrebleu(metric, pairs):
    wanted, given_texts = map(list, zip(*pairs, strict=True))
    found = metric.value(written(*wanted), texts(*given_texts), WRITE)
    assert found == pytest.approx(expected(metric, wanted, given_texts), abs=1e-9)


@METRICS
def test_values_of_long_corpora_equal_sacrebleu(metric):
    wanted = lines(60)
    for given_texts in (near_copies(wanted), wanted, [""] * 60, ["xyz"] * 60):
        found = metric.value(written(*wanted), texts(*given_texts), WRITE)
        assert found == pytest.approx(expected(metric, wanted, given_texts), abs=1e-9)


@METRICS
def test_any_resample_has_the_value_of_its_rows(metric):
    """The bootstrap sums tallies; a sum must be worth what sacrebleu says of the same rows."""
    wanted = lines(30)
    given_texts = near_copies(wanted)
    tallies = metric.tallies(written(*wanted), texts(*given_texts), WRITE)
    drawn = np.random.default_rng(0).integers(0, 30, (6, 30))
    values = metric.of_sums(tallies[drawn].sum(axis=1))
    for rows, value in zip(drawn, values, strict=True):
        again = [wanted[row] for row in rows], [given_texts[row] for row in rows]
        assert value == pytest.approx(expected(metric, *again), abs=1e-9)


@METRICS
def test_the_interval_holds_the_value_and_failed_answers_are_empty(metric):
    wanted = lines(40)
    answers = texts(*near_copies(wanted))
    found = score(metric, written(*wanted), answers, WRITE, seed=0)
    assert found.low < found.value < found.high <= 1 and found.method == "bootstrap"
    failed = [Answer(text=wanted[0], error="late"), *answers[1:]]
    assert metric.value(written(*wanted), failed, WRITE) == metric.value(
        written(*wanted), [*texts(""), *answers[1:]], WRITE
    )


@METRICS
def test_a_row_alone_has_a_value_to_be_sorted_by(metric):
    rows = metric.rows(written("turn the router off", "yes"), texts("turn the router off", "no"), WRITE)
    assert rows[0] == pytest.approx(1) and rows[1] < 0.5


@pytest.mark.parametrize("metric", [Bleu(), Ter()])
def test_without_sacrebleu_the_plan_is_refused(metric, monkeypatch):
    monkeypatch.setattr(sacre, "find_spec", lambda name: None)
    with pytest.raises(MissingExtra, match=rf"the metric '{metric.name}' needs .* 'overtone\[metrics\]'"):
        metric.make_ready()


def test_the_edits_of_a_pair_are_counted_once(monkeypatch):
    examples, answers = written("a pair that no other test has"), texts("a pair no other test has got")
    first = Ter().value(examples, answers, WRITE)
    monkeypatch.setattr(ter, "counter", lambda case_sensitive: pytest.fail("counted again"))
    assert Ter().value(examples, answers, WRITE) == first


def test_case_is_a_setting():
    examples, answers = written("Turn the router off now"), texts("turn the ROUTER off now")
    assert Bleu(lowercase=True).value(examples, answers, WRITE) == pytest.approx(1)
    assert Bleu().value(examples, answers, WRITE) < 0.5
    assert (
        Ter().value(examples, answers, WRITE) == 1 > Ter(case_sensitive=True).value(examples, answers, WRITE)
    )
