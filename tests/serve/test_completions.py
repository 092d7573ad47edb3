import openai
import pytest
import torch

PROMPT = "Dear support, my réseau"


def forward(served, tokens):
    with torch.inference_mode():
        return served.writer.base.model(torch.tensor([tokens])).logits[0].log_softmax(-1)


def test_echo_without_new_tokens_tells_the_prompts_log_probabilities(client, served):
    tokens = served.writer.base.tokenizer(PROMPT)["input_ids"]
    reply = client.completions.create(
        model="support/tiny", prompt=tokens, max_tokens=0, echo=True, logprobs=2, temperature=0
    )
    told = reply.choices[0].logprobs
    values = forward(served, tokens)
    assert reply.choices[0].text == PROMPT and reply.choices[0].finish_reason == "length"
    assert told.token_logprobs[0] is None and told.top_logprobs[0] is None
    wanted = [float(values[place, token]) for place, token in enumerate(tokens[1:])]
    assert told.token_logprobs[1:] == pytest.approx(wanted, abs=1e-4)
    assert [max(top.values()) for top in told.top_logprobs[1:]] == pytest.approx(
        values[:-1].max(-1).values.tolist(), abs=1e-4
    )
    assert told.text_offset[:3] == [0, 1, 2]
    assert told.text_offset[-1] == len(PROMPT) - 1  # é is one character of two tokens
    assert (reply.usage.prompt_tokens, reply.usage.completion_tokens) == (len(tokens), 0)


def test_echo_with_new_tokens_joins_prompt_and_answer(client, served):
    reply = client.completions.create(
        model="support/tiny", prompt=PROMPT, max_tokens=8, echo=True, logprobs=0
    )
    tokens = served.writer.base.tokenizer(PROMPT)["input_ids"]
    told = reply.choices[0].logprobs
    assert reply.choices[0].text.startswith(PROMPT) and len(told.tokens) == len(tokens) + 8
    plain = client.completions.create(model="support/tiny", prompt=PROMPT, max_tokens=8, logprobs=0)
    assert reply.choices[0].text == PROMPT + plain.choices[0].text
    assert told.token_logprobs[-8:] == plain.choices[0].logprobs.token_logprobs
    values = forward(served, tokens)
    assert told.token_logprobs[len(tokens)] == pytest.approx(float(values[-1].max()), abs=1e-4)


@pytest.mark.parametrize("echo", [False, True])
def test_a_stream_joined_equals_the_whole(client, echo):
    asked = {"model": "support/tiny", "prompt": PROMPT, "max_tokens": 20, "echo": echo, "logprobs": 1}
    whole = client.completions.create(**asked)
    chunks = list(client.completions.create(**asked, stream=True, stream_options={"include_usage": True}))
    choices = [chunk.choices[0] for chunk in chunks[:-1]]
    assert "".join(choice.text for choice in choices) == whole.choices[0].text
    for name in ("tokens", "token_logprobs", "top_logprobs", "text_offset"):
        joined = [entry for choice in choices for entry in getattr(choice.logprobs, name)]
        assert joined == getattr(whole.choices[0].logprobs, name)
    assert chunks[-1].usage == whole.usage and choices[-1].finish_reason == "length"


def test_sixteen_tokens_where_nothing_is_said_and_one_prompt_in_a_list(client):
    reply = client.completions.create(model="support/tiny", prompt=[PROMPT])
    assert reply.usage.completion_tokens == 16


@pytest.mark.parametrize(
    ("field", "param", "words"),
    [
        ({"prompt": ["a", "b"]}, "prompt", "one prompt a request"),
        ({"prompt": ""}, "prompt", "has no tokens"),
        ({"prompt": []}, "prompt", "has no tokens"),
        ({"prompt": [1, 260]}, "prompt", "from 0 to 259"),
        ({"prompt": 7}, "prompt", "valid string"),
        ({"max_tokens": 0}, "max_tokens", "with echo only"),
        ({"logprobs": 21}, "logprobs", "less than or equal to 20"),
        ({"best_of": 4}, "best_of", "only 1 is accepted"),
        ({"suffix": "end"}, "suffix", 'only "" is accepted'),
        ({"n": 2}, "n", "only 1 is accepted"),
    ],
)
def test_what_cannot_be_done_is_refused_by_name(served, field, param, words):
    reply = served.post("/v1/completions", {"model": "support/tiny", "prompt": "x", **field})
    assert reply.status_code == 400 and reply.json()["error"]["param"] == param
    assert words in reply.json()["error"]["message"]


def test_a_classifier_cannot_write(client):
    with pytest.raises(openai.BadRequestError, match="cannot generate; it answers at /v1/classify"):
        client.completions.create(model="sorter", prompt="x")
