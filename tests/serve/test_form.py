"""Answers of a given form over HTTP."""

import json

import pytest

pytest.importorskip("llguidance")
ASK = [{"role": "user", "content": "How is the line?"}]
SCHEMA = {"type": "object", "properties": {"state": {"enum": ["up", "down"]}}, "required": ["state"]}


def test_a_schema_is_kept_to(client):
    form = {
        "type": "json_schema",
        "json_schema": {"name": "line", "schema": {**SCHEMA, "additionalProperties": False}},
    }
    reply = client.chat.completions.create(
        model="support/tiny", messages=ASK, max_tokens=60, response_format=form, temperature=1.0, seed=1
    )
    assert json.loads(reply.choices[0].message.content)["state"] in ("up", "down")
    assert reply.choices[0].finish_reason == "stop"


def test_one_of_some_texts_also_for_a_plain_prompt_and_as_a_stream(served, client):
    body = {"model": "support/tiny", "prompt": "go on", "max_tokens": 9, "guided_choice": ["yes", "no"]}
    assert served.post("/v1/completions", body).json()["choices"][0]["text"] in ("yes", "no")
    stream = client.chat.completions.create(
        model="support/tiny", messages=ASK, max_tokens=9, stream=True, extra_body={"guided_regex": "[0-9]{4}"}
    )
    written = "".join(chunk.choices[0].delta.content or "" for chunk in stream)
    assert len(written) == 4 and written.isdecimal()


def test_a_form_that_is_none_is_refused(served):
    body = {"model": "support/tiny", "prompt": "go on", "max_tokens": 9, "guided_regex": "(["}
    reply = served.post("/v1/completions", body)
    assert reply.status_code == 400
    assert "the form of the answer is not understood" in reply.json()["error"]["message"]
