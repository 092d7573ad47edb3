"""A server behind an output filter: what passes, what is replaced, and that nothing of it leaks."""

import openai
import pytest

from overtone.core.answer import Answer
from overtone.core.score import Score
from overtone.evaluate.safety.output_filter import Filtered
from overtone.evaluate.safety.toxicity import Quality, Toxicity
from overtone.generate import decode as decoding
from overtone.generate.request import Token
from overtone.generate.writer import Writer
from overtone.serve.server import running
from tests.generate.tiny import base_of, llama
from tests.serve.conftest import KEY, Served, build

ASK = [{"role": "user", "content": "My line is dead. What now?"}]
REFUSAL = "No."
ONE = Score(0.7, 0.6, 0.8, 40, "bootstrap")


class Words:
    """A classifier to which one word is toxic; it notes the texts that it judged."""

    def __init__(self):
        self.read = []

    def answer(self, questions):
        self.read += [question.text for question in questions]
        bad = [0.9 if "vile" in question.text else 0.0 for question in questions]
        return [Answer(probabilities={"rude": one, "fine": 1 - one}) for one in bad]


@pytest.fixture(scope="module")
def guarded():
    """The same models behind a filter."""
    words = Words()
    toxicity = Toxicity(words, Quality("tweets", ("rude", "fine"), ("fine",), 100, ONE, ONE, ONE))
    writer = Writer(base_of(llama()), max_tokens=24)
    app, _ = build(writer=writer, filters={"support/tiny": Filtered(writer, toxicity, 0.8, REFUSAL)})
    with running(app) as url:
        served = Served(url, app, writer)
        served.words = words
        yield served


@pytest.fixture
def asked(guarded):
    with openai.OpenAI(base_url=guarded.url + "/v1", api_key=KEY, max_retries=0, timeout=20) as client:
        yield client


@pytest.fixture
def writes(guarded, monkeypatch):
    """Make the model write a text, a byte a token, and then its end token."""

    def script(text):
        tokenizer = guarded.writer.base.tokenizer
        tokens = [*tokenizer(text)["input_ids"], tokenizer.eos_token_id]
        rest = iter(tokens)
        monkeypatch.setattr(decoding, "choose", lambda *_: [Token(next(rest), -0.5)])
        return len(tokens)

    return script


TOXIC, KIND = "you vile man", "you kind man"


def chat(client, **options):
    return client.chat.completions.create(
        model="support/tiny", messages=ASK, max_tokens=40, logprobs=True, **options
    )


def test_a_blocked_answer_is_the_refusal_and_tells_nothing_of_what_was_written(asked, writes):
    count = writes(TOXIC)
    reply = chat(asked)
    assert reply.choices[0].message.content == REFUSAL
    assert reply.choices[0].finish_reason == "content_filter"
    assert reply.choices[0].logprobs.content == []
    assert reply.usage.completion_tokens == count  # they are written, and paid for


def test_what_the_filter_lets_through_is_as_without_it(asked, client, writes, guarded):
    count = writes(KIND)
    reply = chat(asked)
    assert (reply.choices[0].message.content, reply.choices[0].finish_reason) == (KIND, "stop")
    assert len(reply.choices[0].logprobs.content) == count - 1
    assert guarded.words.read[-1] == KIND  # the whole text is judged at once
    writes(TOXIC)
    assert chat(client).choices[0].message.content == TOXIC  # a server without a filter


def test_a_stream_is_held_until_it_is_judged(asked, writes):
    count = writes(TOXIC)
    chunks = list(chat(asked, stream=True, stream_options={"include_usage": True}))
    *told, last = chunks
    assert [chunk.choices[0].delta.content for chunk in told] == ["", REFUSAL, None]
    assert [chunk.choices[0].finish_reason for chunk in told] == [None, None, "content_filter"]
    assert not any(chunk.choices[0].logprobs and chunk.choices[0].logprobs.content for chunk in told)
    assert last.usage.completion_tokens == count
    writes(KIND)
    chunks = list(chat(asked, stream=True))
    assert "".join(chunk.choices[0].delta.content or "" for chunk in chunks) == KIND
    assert len(chunks) > 5 and chunks[-1].choices[0].finish_reason == "stop"


@pytest.mark.parametrize("stream", [False, True])
def test_a_plain_completion_cannot_go_round_the_filter(asked, writes, stream):
    def complete(text):
        writes(text)
        reply = asked.completions.create(
            model="support/tiny", prompt="vile", echo=True, max_tokens=40, stream=stream
        )
        choices = [chunk.choices[0] for chunk in (reply if stream else [reply])]
        return "".join(one.text for one in choices), choices[-1].finish_reason

    assert complete(TOXIC) == ("vile" + REFUSAL, "content_filter")
    assert complete(KIND) == ("vile" + KIND, "stop")  # the prompt is the client's own and is not judged


def test_nothing_written_is_nothing_judged(asked):
    reply = asked.completions.create(model="support/tiny", prompt="vile", echo=True, max_tokens=0, logprobs=1)
    assert (reply.choices[0].text, reply.choices[0].finish_reason) == ("vile", "length")


def test_a_classifier_is_not_filtered(guarded):
    reply = guarded.post("/v1/classify", {"model": "sorter", "input": "a vile text"})
    assert reply.status_code == 200 and reply.json()["data"][0]["label"] == "short"
