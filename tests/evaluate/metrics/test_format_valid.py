import pytest
from pydantic import ValidationError

from overtone.core.answer import Answer
from overtone.core.tasks.answer import AnswerTask
from overtone.evaluate.metrics.format_valid import FormatValid
from tests.evaluate.rows import WRITE, texts, written


def valid(text, **settings):
    return FormatValid(**settings).rows(written("x"), texts(text), WRITE) == [1.0]


SCHEMA = {
    "type": "object",
    "properties": {"city": {"type": "string"}, "days": {"type": "integer", "minimum": 1}},
    "required": ["city"],
    "additionalProperties": False,
}


@pytest.mark.parametrize(
    ("text", "value"), [('{"a": 1}', True), (" [1]\n", True), ("{a: 1}", False), ("", False), ("NaN", False)]
)
def test_json_as_a_whole(text, value):
    assert valid(text) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('{"city": "Bonn", "days": 2}', True),
        ('{"city": "Bonn"}', True),
        ('{"days": 2}', False),
        ('{"city": "Bonn", "days": 0}', False),
        ('{"city": "Bonn", "days": 1.5}', False),
        ('{"city": "Bonn", "hours": 2}', False),
        ("[]", False),
    ],
)
def test_json_of_a_schema(text, value):
    assert valid(text, json_schema=SCHEMA) == value


def test_a_pattern_matches_the_whole_answer():
    assert valid("AB-12\n", pattern=r"[A-Z]{2}-\d+")
    assert not valid("so AB-12", pattern=r"[A-Z]{2}-\d+")


def test_a_failed_answer_has_no_form_and_nothing_is_extracted_first():
    assert FormatValid().rows(written("x"), [Answer(text="{}", error="late")], WRITE) == [0.0]
    task = AnswerTask(extract={"name": "json_field", "field": "a"})
    assert FormatValid().rows(written("x"), texts('{"a": "no json"}'), task) == [1.0]


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"pattern": "("}, "is no regular expression"),
        ({"json_schema": {"tpye": "object"}}, "keyword 'tpye' is not known. Did you mean 'type'"),
        ({"json_schema": {"items": {"properties": {"a": {"$ref": "#"}}}}}, "keyword '\\$ref' is not known"),
        ({"pattern": "a", "json_schema": {}}, "set pattern or json_schema, not both"),
    ],
)
def test_a_form_that_cannot_be_read_is_refused(settings, message):
    with pytest.raises(ValidationError, match=message):
        FormatValid(**settings)
