"""Answers of a given form, whatever the model would like to say."""

import json
import re

import pytest

from overtone.core.errors import UserError
from overtone.generate.constraint import Choice, JsonSchema, Pattern
from overtone.generate.decode import Decoding
from overtone.generate.pieces import pieces
from overtone.generate.request import Request
from tests.generate.tiny import CONTEXT, base_of, gpt2, llama

pytest.importorskip("llguidance")
BASE = base_of(llama())
PROMPT = tuple(BASE.tokenizer("go on")["input_ids"])
END = frozenset({BASE.tokenizer.eos_token_id})
SCHEMA = {
    "type": "object",
    "properties": {"name": {"enum": ["a", "bc"]}, "size": {"type": "integer", "minimum": 0, "maximum": 99}},
    "required": ["name", "size"],
    "additionalProperties": False,
}


def text(constraint, base=BASE, tokens=80, **settings):
    made = list(pieces(base, [Request(PROMPT, tokens, end=END, constraint=constraint, **settings)]))
    return "".join(piece.text for piece in made), made[-1].finish


@pytest.mark.parametrize(
    "settings", [{}, {"temperature": 1.5, "seed": 3}, {"temperature": 1.0, "top_p": 0.5}]
)
@pytest.mark.parametrize("base", [BASE, base_of(gpt2())], ids=["lean", "library"])
def test_json_of_a_schema(base, settings):
    written, finish = text(JsonSchema.of(SCHEMA), base, **settings)
    value = json.loads(written)
    assert finish == "stop" and value["name"] in ("a", "bc") and 0 <= value["size"] <= 99


def test_a_regular_expression_holds_from_end_to_end():
    written, finish = text(Pattern("[a-c]{3}-[0-9]{2}"))
    assert finish == "stop" and re.fullmatch("[a-c]{3}-[0-9]{2}", written)


def test_one_of_some_texts():
    options = ('say "é"\\n', "plain", "plainer")
    found = {text(Choice(options), temperature=2.0, seed=seed) for seed in range(12)}
    assert {finish for _, finish in found} == {"stop"}
    written = {answer for answer, _ in found}
    assert written <= set(options) and len(written) > 1


def test_rows_with_and_without_a_form_stand_in_one_batch():
    free = Request(PROMPT, 20)
    both = list(pieces(BASE, [free, Request(PROMPT, 20, constraint=Choice(("yes", "no")), end=END)]))
    joined = ["".join(piece.text for piece in both if piece.row == row) for row in (0, 1)]
    assert joined[0] == "".join(piece.text for piece in pieces(BASE, [free]))
    assert joined[1] in ("yes", "no")


def test_a_form_that_is_none_is_refused_in_one_sentence():
    with pytest.raises(UserError, match="the form of the answer is not understood"):
        text(Pattern("(["))
    with pytest.raises(UserError, match="the form of the answer is not understood"):
        text(JsonSchema('{"type": "nothing"}'))


def test_a_form_needs_the_tokenizer():
    with pytest.raises(ValueError, match="needs the tokenizer"):
        Decoding(BASE.model, [Request(PROMPT, 5, constraint=Choice(("a",)))], CONTEXT)
