import openai
import pytest

from overtone.core.example import Message, Question
from overtone.generate import decode as decoding
from overtone.generate.request import Token

ASK = [{"role": "user", "content": "My line is dead. What now?"}]


def test_a_chat_answer_is_the_writers_own_answer(client, served):
    reply = client.chat.completions.create(model="support/tiny", messages=ASK)
    (answer,) = served.writer.answer([Question("q", messages=(Message("user", ASK[0]["content"]),))])
    assert reply.choices[0].message.content == answer.text
    assert reply.choices[0].message.role == "assistant"
    assert reply.choices[0].finish_reason == answer.finish == "length"
    assert reply.usage.prompt_tokens == answer.prompt_tokens
    assert reply.usage.completion_tokens == answer.completion_tokens == 24
    assert reply.usage.total_tokens == answer.prompt_tokens + 24
    assert (reply.object, reply.model, reply.created) == ("chat.completion", "support/tiny", 1_700_000_000)


@pytest.mark.parametrize("options", [{}, {"temperature": 1.0, "seed": 5, "top_p": 0.9}])
def test_a_stream_joined_equals_the_whole_answer(client, options):
    asked = {"model": "support/tiny", "messages": ASK, "max_tokens": 20, **options}
    whole = client.chat.completions.create(**asked)
    stream = client.chat.completions.create(**asked, stream=True, stream_options={"include_usage": True})
    chunks = list(stream)
    *told, last = chunks
    assert "".join(chunk.choices[0].delta.content or "" for chunk in told) == whole.choices[0].message.content
    assert [chunk.choices[0].finish_reason for chunk in told] == [None] * (len(told) - 1) + ["length"]
    assert told[0].choices[0].delta.role == "assistant" and len(told) > 5
    assert last.choices == [] and last.usage == whole.usage
    assert len({chunk.id for chunk in chunks}) == 1


def test_a_seed_repeats_and_another_seed_differs(client):
    def say(seed):
        reply = client.chat.completions.create(
            model="support/tiny", messages=ASK, temperature=1.5, seed=seed, max_tokens=12
        )
        return reply.choices[0].message.content

    assert say(1) == say(1) != say(2)
    assert say(None) != say(None)


def test_a_stop_string_is_not_in_whole_or_stream(client):
    asked = {"model": "support/tiny", "messages": ASK, "max_tokens": 20}
    text = client.chat.completions.create(**asked).choices[0].message.content
    stop = next(letter for letter in text[1:] if letter != "\ufffd")
    wanted = text[: text.index(stop)]
    cut = client.chat.completions.create(**asked, stop=["never said", stop])
    assert cut.choices[0].message.content == wanted and cut.choices[0].finish_reason == "stop"
    stream = client.chat.completions.create(**asked, stop=stop, stream=True)
    assert "".join(chunk.choices[0].delta.content or "" for chunk in stream) == wanted


def test_log_probabilities_and_alternatives_arrive(client):
    reply = client.chat.completions.create(
        model="support/tiny", messages=ASK, max_tokens=6, logprobs=True, top_logprobs=3
    )
    entries = reply.choices[0].logprobs.content
    assert len(entries) == 6
    for entry in entries:
        assert len(entry.top_logprobs) == 3 and entry.logprob <= 0
        assert entry.top_logprobs[0].logprob == entry.logprob  # greedy
        assert (
            entry.bytes is None
            if entry.token.startswith("token_id:")
            else entry.bytes == list(entry.token.encode())
        )


@pytest.fixture
def scripted(served, monkeypatch):
    """Make the model write a given text, a byte a token, and then its end token, or fail."""

    def script(text, end=True):
        tokenizer = served.writer.base.tokenizer
        tokens = [*tokenizer(text)["input_ids"], *([tokenizer.eos_token_id] if end else [])]
        rest = iter(tokens)
        monkeypatch.setattr(decoding, "choose", lambda *_: [Token(next(rest), -0.5)])
        return tokens

    return script


TEXT = "Grüße aus 東京\u2028👩‍👩‍👧 – fin"


def test_characters_of_many_bytes_are_never_split_over_chunks(client, scripted):
    tokens = scripted(TEXT)
    stream = client.chat.completions.create(
        model="support/tiny", messages=ASK, max_tokens=60, stream=True, stream_options={"include_usage": True}
    )
    chunks = list(stream)
    pieces = [chunk.choices[0].delta.content or "" for chunk in chunks[:-1]]
    assert "".join(pieces) == TEXT and not any("\ufffd" in piece for piece in pieces)
    assert chunks[-2].choices[0].finish_reason == "stop"
    assert chunks[-1].usage.completion_tokens == len(tokens) == len(TEXT.encode()) + 1


def test_a_stop_string_spread_over_tokens_never_leaks(client, scripted):
    scripted(TEXT)
    stream = client.chat.completions.create(
        model="support/tiny", messages=ASK, max_tokens=60, stop=["東京\u2028"], stream=True
    )
    assert "".join(chunk.choices[0].delta.content or "" for chunk in stream) == "Grüße aus "


def test_a_failing_model_ends_the_stream_with_an_error_and_the_server_lives(
    client, scripted, monkeypatch, caplog
):
    scripted("ab", end=False)
    stream = client.chat.completions.create(model="support/tiny", messages=ASK, max_tokens=60, stream=True)
    with pytest.raises(openai.APIError, match="the server failed on this request"):
        list(stream)
    assert "a request failed" in caplog.text
    monkeypatch.undo()
    assert client.chat.completions.create(model="support/tiny", messages=ASK, max_tokens=2).choices


REFUSED = [
    ({"n": 2}, "n", "only 1 is accepted"),
    ({"frequency_penalty": 0.5}, "frequency_penalty", "only 0 is accepted"),
    ({"top_k": 5}, "top_k", "Did you mean 'top_p'?"),
    ({"temprature": 0}, "temprature", "Did you mean 'temperature'?"),
    ({"temperature": 3}, "temperature", "less than or equal to 2"),
    ({"temperature": "hot"}, "temperature", "valid number"),
    ({"max_tokens": 0}, "max_tokens", "at least 1"),
    ({"max_tokens": 5, "max_completion_tokens": 5}, "max_tokens", "not both"),
    ({"top_logprobs": 3}, "top_logprobs", "needs logprobs"),
    ({"messages": []}, "messages", "at least 1 item"),
    ({"messages": [{"role": "tool", "content": "x"}]}, "messages.0.role", "'system', 'user' or 'assistant'"),
    ({"messages": [{"role": "user", "content": 3}]}, "messages.0.content", "valid string"),
    (
        {
            "messages": [
                {"role": "user", "content": [{"type": "image_url", "image_url": {"url": "http://x"}}]}
            ]
        },
        None,
        "",
    ),
    ({"tools": [{"type": "function"}]}, "tools", "only [] is accepted"),
    ({"response_format": {"type": "xml"}}, "response_format.type", "'json_schema'"),
    ({"response_format": {"type": "json_schema"}}, "response_format", "json_schema is given with the type"),
    ({"guided_choice": ["a"], "guided_regex": "a"}, "response_format", "give one of them"),
    ({"guided_choice": []}, "guided_choice", "at least 1 item"),
]


@pytest.mark.parametrize(("field", "param", "words"), REFUSED)
def test_no_field_is_silently_ignored(served, field, param, words):
    reply = served.post("/v1/chat/completions", {"model": "support/tiny", "messages": ASK, **field})
    error = reply.json()["error"]
    assert reply.status_code == 400 and error["type"] == "invalid_request_error"
    assert words in error["message"]
    assert param is None or error["param"] == param


def test_what_clients_send_by_default_is_taken(served):
    neutral = {
        "n": 1, "frequency_penalty": 0.0, "presence_penalty": 0, "logit_bias": {}, "tools": [], "stop": None,
        "response_format": {"type": "text"}, "user": "someone", "stream": False, "max_completion_tokens": 3,
    }  # fmt: skip
    said = {"role": "assistant", "content": "hm", "refusal": None, "tool_calls": None}
    parts = {
        "role": "user",
        "content": [{"type": "text", "text": "My line"}, {"type": "text", "text": " is dead"}],
    }
    body = {"model": "support/tiny", "messages": [*ASK, said, parts], **neutral}
    reply = served.post("/v1/chat/completions", body)
    assert reply.status_code == 200 and reply.json()["usage"]["completion_tokens"] == 3


def test_a_prompt_beyond_the_context_is_told_both_numbers(client):
    with pytest.raises(openai.BadRequestError) as caught:
        client.chat.completions.create(
            model="support/tiny", messages=[{"role": "user", "content": "x" * 200}]
        )
    assert caught.value.code == "context_length_exceeded" and caught.value.param == "messages"
    assert "96 tokens" in caught.value.message and "203 in the prompt" in caught.value.message
    with pytest.raises(openai.BadRequestError, match=r"1000000029 tokens \(29 in the prompt"):
        client.chat.completions.create(model="support/tiny", messages=ASK, max_tokens=10**9)
