"""Cases for each keyword, as the specification (JSON Schema draft 2020-12, validation) words them."""

import pytest

from overtone.evaluate.json_schema import KEYWORDS, has_form, unknown_keyword

CASES = [  # schema, values that satisfy it, values that do not
    ({"type": "integer"}, [1, 1.0, -3], [1.5, True, "1", None]),
    ({"type": ["null", "boolean"]}, [None, True], [0, "null"]),
    ({"type": "number"}, [1, 2.5], [False, "2"]),
    ({"enum": [1, "a", None]}, [1, 1.0, "a", None], [True, 2, "b"]),
    ({"const": {"a": [1]}}, [{"a": [1]}, {"a": [1.0]}], [{"a": [True]}, {"a": [1], "b": 2}, [1]]),
    ({"properties": {"a": {"type": "string"}}}, [{"a": "x"}, {}, {"b": 1}, 3], [{"a": 1}]),
    ({"required": ["a"]}, [{"a": None}, "text"], [{}]),
    ({"properties": {"a": True}, "additionalProperties": False}, [{"a": 1}], [{"b": 1}]),
    ({"additionalProperties": {"type": "integer"}}, [{"a": 1}], [{"a": "x"}]),
    ({"items": {"type": "integer"}}, [[], [1, 2], "ab"], [[1, "2"]]),
    ({"prefixItems": [{"const": "x"}], "items": {"type": "integer"}}, [["x", 1], []], [["y"], ["x", "y"]]),
    ({"minItems": 1, "maxItems": 2}, [[1], [1, 2], "none"], [[], [1, 2, 3]]),
    ({"minLength": 2, "maxLength": 3}, ["ab", "abc", 7], ["a", "abcd"]),
    ({"pattern": "^a"}, ["abc", 5], ["cba"]),
    ({"minimum": 1, "maximum": 2}, [1, 2, "9"], [0.5, 3]),
    ({"exclusiveMinimum": 1, "exclusiveMaximum": 2}, [1.5, True], [1, 2]),
    ({"allOf": [{"minimum": 1}, {"maximum": 2}]}, [1], [3]),
    ({"anyOf": [{"type": "string"}, {"minimum": 5}]}, ["a", 6], [4]),
    ({"oneOf": [{"minimum": 1}, {"maximum": 5}]}, [0, 6], [3]),
    ({"not": {"type": "string"}}, [1], ["a"]),
]


@pytest.mark.parametrize(("schema", "good", "bad"), CASES, ids=[",".join(case[0]) for case in CASES])
def test_each_keyword(schema, good, bad):
    assert unknown_keyword(schema) is None
    assert [has_form(value, schema) for value in (*good, *bad)] == [True] * len(good) + [False] * len(bad)


def test_every_keyword_has_a_case():
    assert set(KEYWORDS) == {key for schema, _, _ in CASES for key in schema}


def test_what_is_no_schema_is_told():
    assert unknown_keyword({"items": 3}) == "a JSON schema is a mapping, not 3."
    assert unknown_keyword({"anyOf": [{"kind": 1}]}).startswith(
        "the JSON schema's keyword 'kind' is not known."
    )
