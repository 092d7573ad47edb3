from overtone.core.answer import Answer
from overtone.core.example import Example, Message
from overtone.core.tasks.prefer import PreferTask
from overtone.evaluate.metrics.preference_accuracy import PreferenceAccuracy
from overtone.evaluate.scores import compare, score
from overtone.evaluate.statistics.wilson import wilson

PAIR = Example("1", messages=(Message("user", "hi"), Message("assistant", "good")), rejected="bad")
RIGHT, WRONG = (Answer(probabilities={"good": share, "bad": 1 - share}) for share in (0.6, 0.4))
FAILED = Answer(error="the prompt has 600 tokens, the context holds 512 with the answer")
NAN = Answer(probabilities={"good": float("nan"), "bad": float("nan")})
TASK = PreferTask()


def test_a_failed_answer_and_one_without_numbers_are_wrong():
    answers = [RIGHT, WRONG, FAILED, NAN]
    assert PreferenceAccuracy().rows([PAIR] * 4, answers, TASK) == [1.0, 0.0, 0.0, 0.0]


def test_the_share_of_pairs_has_the_interval_of_wilson_and_an_exact_test():
    one, other = [RIGHT] * 30 + [WRONG] * 10, [RIGHT] * 20 + [WRONG] * 20
    found = score(PreferenceAccuracy(), [PAIR] * 40, one, TASK, 0)
    assert (found.value, (found.low, found.high), found.n) == (0.75, wilson(30, 40), 40)
    against = compare(PreferenceAccuracy(), [PAIR] * 40, one, other, TASK, 0)
    assert against.test == "exact McNemar"
    assert (against.difference, round(against.p, 6)) == (0.25, round(2 * 0.5**10, 6))
