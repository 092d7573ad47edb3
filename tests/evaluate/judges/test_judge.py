"""The judge: what it is told, how its replies are read, an endpoint on loopback and a base on this machine."""

import pytest
from pydantic import ValidationError

from overtone.core.answer import Answer
from overtone.core.errors import UserError
from overtone.evaluate.judges.case import Case
from overtone.evaluate.judges.endpoint import Endpoint
from overtone.evaluate.judges.local import LocalJudge
from overtone.evaluate.judges.pairwise import Pair, prefer
from overtone.evaluate.judges.rating import prompt, rate, rating
from overtone.evaluate.metrics.judge import Judge, asker
from overtone.evaluate.scores import compare, score
from tests.evaluate.judges.endpoint import between, prompt_of, served
from tests.evaluate.rows import WRITE, texts, written


def by_length(body):
    """A judge that likes long answers, and says so in one of several ways."""
    return 200, f"Some reason with 3 words.\n**Rating: {min(5, len(between(prompt_of(body), 'answer')))}**"


@pytest.mark.parametrize(
    ("reply", "found"),
    [
        ("Rating: 4", 4),
        ("I first thought Rating: 2, but\nRating: 5", 5),
        ("**Rating:** 3/5", 3),
        ("rating = 1.", 1),
        (" 4 ", 4),
        ("4/5", 4),
        ("(2)", 2),
        ("Rating: 7", None),
        ("Rating: 45", None),
        ("I like 4 of these", None),
        ("", None),
    ],
)
def test_a_rating_is_read_or_not_there(reply, found):
    assert rating(reply) == found


def test_the_judge_is_told_rubric_question_answer_and_wanted_answer_where_it_may_know_it():
    shown = prompt(Case("how?", "so", "thus"), "5 is good.")
    assert [between(shown, mark) for mark in ("question", "answer", "reference")] == ["how?", "so", "thus"]
    assert "5 is good." in shown and "reference" not in prompt(Case("how?", "so"), "5 is good.")
    assert rate(lambda asked: ["5"] * len(asked), [Case("q", "a")]) == [5]


def test_an_endpoint_rates_each_answer_once(monkeypatch):
    monkeypatch.setenv("JUDGE_KEY", "secret")
    examples, answers = written("wanted", "w", "v"), [*texts("abc", "abcde"), Answer(error="late")]
    with served(by_length) as (url, asked):
        metric = Judge(base_url=url, model="big", key_variable="JUDGE_KEY")
        metric.make_ready()
        assert metric.rows(examples, answers, WRITE) == [0.5, 1.0, 0.0]
        assert score(metric, examples, answers, WRITE, 0).value == 0.5
        assert compare(metric, examples, answers, texts("a", "a", "a"), WRITE, 0).difference == 0.5
        metric.remarks(examples, answers, WRITE)
    assert len(asked) == 5  # two answers of the one system, three of the other, and none again
    path, key, body = asked[0]
    assert (path, key) == ("/v1/chat/completions", "Bearer secret")
    assert (body["model"], body["temperature"]) == ("big", 0)
    assert between(prompt_of(body), "reference") in ("wanted", "w")


def test_ratings_that_cannot_be_read_count_as_the_worst_and_are_told():
    replies = iter([(200, "no idea"), (400, "refused"), (200, "Rating: 5")])
    with served(lambda body: next(replies)) as (url, _):
        metric = Judge(base_url=url, model="m", sees_wanted=False)
        examples, answers = written(*"abc"), texts("x", "y", "z")
        assert sorted(metric.rows(examples, answers, WRITE)) == [0, 0, 1]
        said = metric.remarks(examples, answers, WRITE)
    assert said == ["2 of 3 ratings could not be read and count as the worst."]


def test_a_server_that_is_busy_is_asked_again_and_one_that_stays_away_is_told():
    waited, replies = [], iter([(503, "busy"), (429, "slow"), (200, "Rating: 2")])
    with served(lambda body: next(replies)) as (url, asked):
        assert Endpoint(url, "m", wait=waited.append)(["one"]) == ["Rating: 2"]
    assert waited == [1.0, 2.0] and len(asked) == 3
    with pytest.raises(
        UserError, match=r"the judge 'm' at http://127.0.0.1:\d+/v1 gives no reply .*see to base_url"
    ):
        Endpoint(url, "m", wait=waited.append)(["one"])


@pytest.mark.parametrize("status", [401, 404])
def test_a_wrong_key_or_model_is_told_at_once(status):
    with served(lambda body: (status, "no")) as (url, asked):
        with pytest.raises(UserError, match=rf"gives no reply \({status} "):
            Endpoint(url, "m", wait=lambda seconds: pytest.fail("waited"))(["one"])
        assert len(asked) == 1


def test_a_server_of_another_kind_is_told():
    class Other(Endpoint):
        def _post(self, prompt):
            return {"text": "hi"}

    with pytest.raises(UserError, match="does not answer as an OpenAI-compatible endpoint does"):
        Other("http://x", "m")(["one"])


def longer_is_better(prompts):
    replies = []
    for one in prompts:
        a, b = len(between(one, "answer_a")), len(between(one, "answer_b"))
        replies.append(f"Because.\nBetter: {'A' if a > b else 'B' if b > a else 'tie'}")
    return replies


def test_a_steady_judge_prefers_the_same_answer_in_both_orders():
    found = prefer(longer_is_better, [Pair("q", "long", "s"), Pair("q", "s", "long"), Pair("q", "a", "b")])
    assert [one.share for one in found] == [1.0, 0.0, 0.5] and all(one.steady for one in found)


def test_a_judge_that_favours_a_place_gives_ties_and_is_told():
    found = prefer(lambda prompts: ["Better: A"] * len(prompts), [Pair("q", "x", "y")])
    assert (found[0].straight, found[0].swapped, found[0].share) == ("first", "second", 0.5)
    assert found[0].readable and not found[0].steady


def test_preferences_that_cannot_be_read_are_ties():
    replies = iter([["Better: A", "both fine", None], ["B", "Better: B", "Better: A"]])
    found = prefer(lambda prompts: next(replies), [Pair("q", "x", "y")] * 3)
    assert [one.share for one in found] == [1.0, 0.5, 0.5]
    assert [one.readable for one in found] == [True, False, False]


def test_against_the_wanted_answer():
    def reply(body):
        text = prompt_of(body)
        if between(text, "question") == "how?" and "odd" in (
            between(text, "answer_a"),
            between(text, "answer_b"),
        ):
            return 200, "Better: A"
        return 200, longer_is_better([text])[0]

    with served(reply) as (url, _):
        metric = Judge(way="pairwise", base_url=url, model="m")
        examples, answers = (
            written(*["wanted"] * 4),
            [*texts("longer by far", "odd", "no"), Answer(error="late")],
        )
        assert metric.rows(examples, answers, WRITE) == [1.0, 0.5, 0.0, 0.0]
        assert metric.remarks(examples, answers, WRITE) == [
            "the order of the two answers turned the opinion in 1 of 3 pairs, each a tie."
        ]


def test_a_base_on_this_machine(small_base):
    """A random base writes nothing that could be read, and its replies are those of the writer."""
    name = str(small_base("llama"))
    judge = LocalJudge(name, max_tokens=4)
    short, long = judge(["hi", "long " * 200])
    assert isinstance(short, str) and long is None
    metric = Judge(base=name, max_tokens=4)
    metric.make_ready()
    assert metric.rows(written("a"), texts("b"), WRITE) == [0.0]
    assert metric.remarks(written("a"), texts("b"), WRITE)


def test_a_fake_writer_judges(small_base):
    class Writer:
        def answer(self, questions):
            return [Answer(text=f"Rating: {len(questions)}", finish="stop") for _ in questions]

    judge = LocalJudge("none", 4)
    judge.__dict__["writer"] = Writer()
    assert rate(judge, [Case("q", "a"), Case("q", "b")]) == [2, 2]


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({}, "a judge is an endpoint"),
        ({"base": "b", "base_url": "u", "model": "m"}, "a judge is an endpoint"),
        ({"base_url": "u"}, "base_url and model go together"),
        ({"base": "b", "key_variable": "K"}, "key_variable is read for endpoints only"),
    ],
)
def test_a_judge_that_is_none_or_two_is_refused(settings, message):
    with pytest.raises(ValidationError, match=message):
        Judge(**settings)


def test_a_key_that_is_not_set_and_a_base_that_is_not_there_are_told_before_any_work(monkeypatch):
    monkeypatch.delenv("NO_SUCH_KEY", raising=False)
    with pytest.raises(UserError, match="environment variable NO_SUCH_KEY, which is not set"):
        Judge(base_url="u", model="m", key_variable="NO_SUCH_KEY").make_ready()
    with pytest.raises(UserError, match="no base is called 'builtin:tny'"):
        Judge(base="builtin:tny").make_ready()


@pytest.fixture(autouse=True)
def forgotten():
    """Each test's judge begins without memory."""
    asker.cache_clear()
