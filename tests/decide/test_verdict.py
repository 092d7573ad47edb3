"""The verdict in words: against the bar, on tuning, in money."""

import pytest

from overtone.core.score import Comparison, Score
from overtone.decide.verdict import Evidence, bar_state, decide

TITLES = {
    "tfidf": "TF-IDF + linear model",
    "majority": "majority class",
    "fine_tune": "tuned",
    "canned_reply": "canned reply",
}


def score(value, half=0.02, n=1000, method="wilson"):
    return Score(value, value - half, value + half, n, method)


def gain(difference, half=0.01, p=0.001):
    return Comparison(difference, difference - half, difference + half, p, p, "exact McNemar")


def evidence(untuned, tuned, gained, **more):
    scores = {"tfidf": score(untuned), "majority": score(0.1), "fine_tune": score(tuned)}
    return Evidence("accuracy", scores, TITLES, frozenset({"fine_tune"}), gained, **more)


@pytest.mark.parametrize(
    ("bar", "state"),
    [(None, "none"), (0.88, "reached"), (0.89, "not shown"), (0.91, "not ruled out"), (0.93, "missed")],
)
def test_a_score_stands_against_the_bar_with_its_interval(bar, state):
    assert bar_state(Score(0.9, 0.88, 0.92, 100), bar) == state


@pytest.mark.parametrize(
    ("bar", "reached"), [(None, None), (0.87, True), (0.89, None), (0.91, None), (0.93, False)]
)
def test_the_bar_is_reached_missed_or_left_open(bar, reached):
    assert decide(evidence(0.85, 0.9, gain(0.05), bar=bar)).reached is reached


CASES = {
    "clearly better": (evidence(0.85, 0.9, gain(0.05)), "tune", "clearly better than"),
    "p too large after correction": (
        evidence(0.85, 0.9, gain(0.05, p=0.06)),
        "not enough rows",
        "not clearly",
    ),
    "interval reaches below zero": (evidence(0.89, 0.9, gain(0.01, 0.02)), "not enough rows", "not clearly"),
    "worse": (evidence(0.9, 0.89, gain(-0.01, 0.03)), "do not tune", "which is cheaper, is as good"),
    "clearly worse": (
        evidence(0.9, 0.8, gain(-0.1, 0.03)),
        "do not tune",
        "Tuning ('tuned') is clearly worse than the best system without it ('TF-IDF + linear model'): -10.0 points "
        "(95 % interval -13.0 points to -7.0 points, corrected p 0.001, exact McNemar, n = 1000). Advice: do not "
        "tune; within these rows (n = 1000) 'TF-IDF + linear model', which is cheaper, is better.",
    ),
    "equal": (evidence(0.9, 0.9, gain(0.0, 0.03, 1.0)), "do not tune", "which is cheaper, is as good"),
    "no more than a point to gain": (
        evidence(0.9, 0.901, gain(0.001, 0.005, 0.5)),
        "do not tune",
        "which is cheaper, is as good",
    ),
    "the cheaper system reaches the bar": (
        evidence(0.9, 0.95, gain(0.05), bar=0.85),
        "do not tune",
        "'TF-IDF + linear model' reaches the bar without it",
    ),
    "the cheaper system may not reach the bar": (
        evidence(0.9, 0.95, gain(0.05), bar=0.89),
        "tune",
        "is not chance",
    ),
    "nothing tuned": (
        Evidence("accuracy", {"tfidf": score(0.9)}, TITLES, frozenset()),
        "nothing to compare",
        "must both be measured",
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_advice(name):
    given, advice, words = CASES[name]
    verdict = decide(given)
    assert verdict.advice == advice
    assert words in verdict.text


@pytest.mark.parametrize("name", CASES)
def test_every_sentence_states_its_rows(name):
    assert all("n = 1000" in sentence for sentence in decide(CASES[name][0]).sentences)


def test_too_few_rows_name_the_smallest_difference():
    verdict = decide(evidence(0.89, 0.9, gain(0.01, 0.02, 0.3), smallest=0.035))
    assert "the smallest that they can show +3.5 points" in verdict.text


def test_the_whole_verdict_of_a_clear_gain():
    given = evidence(0.85, 0.9, gain(0.05), bar=0.89, wrong_answer_cost=2.0, answers_per_month=10_000)
    assert decide(given).text == (
        "Best is 'tuned' with accuracy 90.0 % (95 % interval 88.0 to 92.0), n = 1000. "
        "The bar of 89.0 % is reached by the value but not shown: the interval begins below it (n = 1000). "
        "Tuning ('tuned') is clearly better than the best system without it ('TF-IDF + linear model'): "
        "+5.0 points (95 % interval +4.0 points to +6.0 points, corrected p 0.001, exact McNemar, n = 1000). "
        "Advice: tune; on these rows (n = 1000) the gain is not chance. "
        "Wrong answers at 2.00 each, 10,000 answers a month: 'tuned' 2,000 a month (95 % interval 1,600 "
        "to 2,400); 'TF-IDF + linear model' 3,000 a month (95 % interval 2,600 to 3,400) (n = 1000)."
    )


def test_money_is_not_counted_where_the_metric_is_no_share_of_right_rows():
    scores = {"canned_reply": score(0.5, method="bca"), "fine_tune": score(0.6, method="bca")}
    money = {"wrong_answer_cost": 2.0, "answers_per_month": 100}
    given = Evidence("ROUGE-L", scores, TITLES, frozenset({"fine_tune"}), gain(0.1), **money)
    assert "a month" not in decide(given).text


def test_the_best_is_the_first_of_equals():
    scores = {"tfidf": score(0.9), "fine_tune": score(0.9)}
    given = Evidence("accuracy", scores, TITLES, frozenset({"fine_tune"}))
    assert decide(given).best == "tfidf"
