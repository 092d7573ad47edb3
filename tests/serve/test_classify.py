import pytest


def test_one_text_gets_its_label_and_all_probabilities(served):
    reply = served.post("/v1/classify", {"model": "sorter", "input": "x" * 40})
    assert reply.json() == {
        "object": "list",
        "model": "sorter",
        "data": [{"index": 0, "label": "long", "probabilities": {"long": 0.8, "short": 1 - 0.8}}],
        "usage": {"prompt_tokens": 40, "total_tokens": 40},
    }


def test_a_list_keeps_its_order_over_batches(served):
    sizes = [place % 51 for place in range(60)]
    reply = served.post("/v1/classify", {"model": "sorter", "input": ["x" * size for size in sizes]}).json()
    assert [row["index"] for row in reply["data"]] == list(range(60))
    assert [round(row["probabilities"]["long"] * 50) for row in reply["data"]] == sizes


def test_a_multi_label_model_tells_every_label_found(served):
    (row,) = served.post("/v1/classify", {"model": "tagger", "input": "x" * 30}).json()["data"]
    assert row["labels"] == ["short", "long"] and row["label"] == "short"


def test_a_text_that_is_too_long_refuses_the_request_and_names_the_text(served):
    reply = served.post("/v1/classify", {"model": "sorter", "input": ["ok", "x" * 51]})
    assert reply.status_code == 400
    assert reply.json()["error"] == {
        "message": "input 1: the text has 51 tokens, the base reads 50",
        "type": "invalid_request_error",
        "param": "input",
        "code": "context_length_exceeded",
    }


TURNS = [{"role": "user", "content": "hi"}]


def test_an_answer_to_a_conversation_is_sorted_with_all_that_was_said(served):
    asked = {"messages": TURNS, "answer": "x" * 6}
    for given in (asked, [asked], ["y" * 10]):
        (row,) = served.post("/v1/classify", {"model": "sorter", "input": given}).json()["data"]
        assert row["probabilities"]["long"] == 0.2  # "hi", an empty line between, and six letters


@pytest.mark.parametrize(
    ("given", "param"),
    [
        ([{"messages": [], "answer": "x"}], "input.0.messages"),
        ([{"messages": TURNS}], "input.0.answer"),
        (["ok", {"messages": [{"role": "user", "content": 1}], "answer": "x"}], "input.1.messages.0.content"),
    ],
)
def test_what_is_wrong_with_an_answer_is_told_where_it_stands(served, given, param):
    reply = served.post("/v1/classify", {"model": "sorter", "input": given})
    assert reply.status_code == 400 and reply.json()["error"]["param"] == param


def test_bad_input_is_refused_by_name(served):
    for given, param in (([], "input"), ([1], "input.0"), (None, "input")):
        reply = served.post("/v1/classify", {"model": "sorter", "input": given})
        assert reply.status_code == 400 and reply.json()["error"]["param"] == param
    reply = served.post("/v1/classify", {"model": "support/tiny", "input": "x"})
    assert "cannot classify; it answers at /v1/chat/completions" in reply.json()["error"]["message"]
