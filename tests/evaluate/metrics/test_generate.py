import random

import pytest
from hypothesis import given
from hypothesis import strategies as some
from rouge_score.rouge_scorer import RougeScorer

from overtone.core.answer import Answer
from overtone.evaluate.metrics.exact_match import ExactMatch
from overtone.evaluate.metrics.rouge_l import RougeL, longest_common_subsequence, rouge_l
from overtone.evaluate.metrics.steps import Steps
from overtone.evaluate.metrics.steps_order import StepsInOrder, increasing
from tests.evaluate.rows import WRITE, texts, written

GOLD = "Do this:\n1. Restart the router.\n2) Open the settings page\n3: Enter the new password\n\nGoodbye"
ORACLE = RougeScorer(["rougeL"], use_stemmer=False)
SENTENCE = some.text("ab cÄ1-.\n", max_size=60)


@given(SENTENCE, SENTENCE)
def test_rouge_l_equals_the_package(wanted, other):
    assert rouge_l(wanted, other) == pytest.approx(ORACLE.score(wanted, other)["rougeL"].fmeasure, abs=1e-9)


def test_rouge_l_equals_the_package_on_long_texts():
    pick = random.Random(3)
    for _ in range(20):
        first, second = (
            " ".join(pick.choices(["the", "a", "router", "light", "is", "red", "5"], k=150)) for _ in range(2)
        )
        assert rouge_l(first, second) == pytest.approx(
            ORACLE.score(first, second)["rougeL"].fmeasure, abs=1e-9
        )


def test_rouge_l_of_texts_counted_by_hand():
    assert rouge_l("police killed the gunman", "police kill the gunman") == 0.75
    assert rouge_l("police killed the gunman", "the gunman kill police") == 0.5
    assert rouge_l("", "") == rouge_l("one", "...") == 0.0


@given(some.lists(some.sampled_from("abc"), max_size=12), some.lists(some.sampled_from("abc"), max_size=12))
def test_the_common_subsequence_is_symmetric_and_bounded(first, second):
    length = longest_common_subsequence(first, second)
    assert length == longest_common_subsequence(second, first) <= min(len(first), len(second))
    assert longest_common_subsequence(first, first + second) == len(first)


def test_exact_match_folds_case_and_space_only():
    answers = texts("  Restart\nTHE router ", "Restart the router.", "restart the router")
    assert ExactMatch().rows(written(*["Restart the router"] * 3), answers, WRITE) == [1.0, 0.0, 1.0]


def test_a_failed_answer_is_wrong_whatever_it_wrote():
    examples, answers = written(GOLD), [Answer(text=GOLD, error="cut off")]
    for metric in (ExactMatch(), RougeL(), Steps(), StepsInOrder()):
        assert metric.rows(examples, answers, WRITE) == [0.0]


@pytest.mark.parametrize(
    ("text", "found", "in_order"),
    [
        (GOLD, 3, 3),
        ("- restart the router\n* OPEN the settings page!\nenter the new password", 3, 3),
        ("3. enter the new password\n1. restart the router\n2. open the settings page", 3, 2),
        ("enter the new password\nopen the settings page\nrestart the router", 3, 1),
        ("restart the router\nrestart the router\nrestart the router", 1, 1),
        ("open the settings", 1, 1),  # F1 6/7
        ("open settings", 0, 0),  # F1 2/3
        ("", 0, 0),
    ],
)
def test_steps_and_their_order(text, found, in_order):
    assert Steps().rows(written(GOLD), texts(text), WRITE) == [found / 3]
    assert StepsInOrder().rows(written(GOLD), texts(text), WRITE) == [in_order / 3]


def test_a_line_answers_the_step_it_fits_best():
    gold = "1. turn the old router off\n2. turn the new router off"
    assert Steps().rows(written(gold), texts("turn the new router off"), WRITE) == [0.5]
    swapped = "turn the new router off\nturn the old router off"
    assert StepsInOrder().rows(written(gold), texts(swapped), WRITE) == [0.5]


def test_only_rows_with_a_numbered_list_are_judged_for_steps():
    with_list, without = written(GOLD, "Just wait. 2 hours.")
    assert Steps().judges(with_list) and StepsInOrder().judges(with_list)
    assert not Steps().judges(without) and not StepsInOrder().judges(without)


@given(some.permutations(range(7)))
def test_the_longest_rise_equals_trying_every_subset(places):
    from itertools import combinations

    rises = (len(one) for size in range(8) for one in combinations(places, size) if list(one) == sorted(one))
    assert increasing(places) == max(rises)
