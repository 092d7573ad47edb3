"""Several wanted answers: the best one counts for a row, all of them for a corpus score, as sacrebleu has it."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some
from rouge_score.rouge_scorer import RougeScorer
from sacrebleu.metrics import BLEU, CHRF, TER

from overtone.core.tasks.answer import AnswerTask
from overtone.evaluate.metrics.bleu import Bleu
from overtone.evaluate.metrics.chrf import ChrF
from overtone.evaluate.metrics.exact_match import ExactMatch
from overtone.evaluate.metrics.rouge_1 import Rouge1
from overtone.evaluate.metrics.rouge_2 import Rouge2
from overtone.evaluate.metrics.rouge_l import RougeL
from overtone.evaluate.metrics.ter import Ter
from overtone.evaluate.metrics.token_f1 import TokenF1
from tests.evaluate.metrics.test_translation import LINE, METRICS, lines
from tests.evaluate.rows import WRITE, referenced, texts

CORPUS = some.integers(1, 4).flatmap(
    lambda count: some.lists(
        some.tuples(some.lists(LINE, min_size=count, max_size=count), LINE), min_size=1, max_size=6
    )
)
ORACLES = {
    "bleu": (BLEU(), lambda value: value / 100),
    "chrf": (CHRF(), lambda value: value / 100),
    "ter": (TER(), lambda value: 1 - min(1, value / 100)),
}


def expected(metric, wanted, given_texts):
    oracle, turn = ORACLES[metric.name]
    return turn(oracle.corpus_score(given_texts, [list(texts) for texts in zip(*wanted, strict=True)]).score)


@METRICS
@given(CORPUS)
def test_values_equal_sacrebleu_with_several_references(metric, pairs):
    wanted, given_texts = map(list, zip(*pairs, strict=True))
    found = metric.value(referenced(*wanted), texts(*given_texts), WRITE)
    assert found == pytest.approx(expected(metric, wanted, given_texts), abs=1e-9)


@METRICS
def test_values_of_a_long_corpus_equal_sacrebleu_and_exceed_those_of_one_reference(metric):
    wanted = list(zip(lines(60), lines(60), lines(60), strict=True))
    given_texts = [texts[row % 3] + " light" * (row % 2) for row, texts in enumerate(wanted)]
    found = metric.value(referenced(*wanted), texts(*given_texts), WRITE)
    assert found == pytest.approx(expected(metric, wanted, given_texts), abs=1e-9)
    assert (
        found
        > metric.value(referenced(*((first,) for first, *_ in wanted)), texts(*given_texts), WRITE) + 0.1
    )


@METRICS
def test_rows_may_have_different_numbers_of_references(metric):
    wanted = [("the router is off", "router off"), ("yes",), ("a light", "the light", "light")]
    answers = texts("router off now", "yes", "the light")
    sums = [
        metric.tallies(referenced(row), [answer], WRITE)[0]
        for row, answer in zip(wanted, answers, strict=True)
    ]
    assert metric.value(referenced(*wanted), answers, WRITE) == metric.of_sums(np.sum(sums, axis=0))


@pytest.mark.parametrize(
    ("metric", "name"), [(Rouge1(), "rouge1"), (Rouge2(), "rouge2"), (RougeL(), "rougeL")], ids=str
)
def test_rouge_takes_the_best_reference_as_the_reference_implementation_does(metric, name):
    wanted, given_texts = list(zip(lines(40), lines(40), strict=True)), lines(40)
    found = metric.rows(referenced(*wanted), texts(*given_texts), WRITE)
    scorer = RougeScorer([name])
    values = [scorer.score_multi(*pair)[name].fmeasure for pair in zip(wanted, given_texts, strict=True)]
    assert found == pytest.approx(values, abs=1e-9)


def test_a_match_with_any_wanted_answer_counts():
    examples, answers = referenced(("four", "4"), ("five", "5")), texts("4", "6")
    assert ExactMatch().rows(examples, answers, WRITE) == [1, 0]
    assert TokenF1().rows(referenced(("a b", "c d e")), texts("c d"), WRITE) == [pytest.approx(0.8)]


def test_an_extractor_reads_the_references_too():
    task = AnswerTask(extract="last_number")
    assert ExactMatch().rows(referenced(("it is 3", "or 4")), texts("so 4."), task) == [1]


def test_the_three_are_the_metrics_of_corpora():
    assert {Bleu().name, ChrF().name, Ter().name} == set(ORACLES)
