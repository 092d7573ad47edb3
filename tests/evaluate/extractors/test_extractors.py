import pytest
from hypothesis import given
from hypothesis import strategies as some
from pydantic import ValidationError

from overtone.core.answer import Answer
from overtone.core.tasks.answer import AnswerTask
from overtone.evaluate.extractor import Extractor, extractor_of, unparsable
from overtone.evaluate.metrics.exact_match import ExactMatch
from overtone.evaluate.numbers import numbers
from tests.evaluate.rows import texts, written

GSM8K = "Ann has 3 apples.\nShe buys 4 bags of 10: 3 + <<4*10=40>>40 = 43\n#### 1,043"
CASES = [
    ("whole", "  yes, it is \n", "yes, it is"),
    ("whole", " \n", None),
    ("last_number", "first 3, then $1,200.50.", "1200.5"),
    ("last_number", "it fell to −4 °C", "-4"),
    ("last_number", "3 - 5", "5"),
    ("last_number", "version v2 of 2024-05", "5"),
    ("last_number", "12,34", "34"),
    ("last_number", "1,234567", "234567"),
    ("last_number", "0.50 or .5", "0.5"),
    ("last_number", "-0", "0"),
    ("last_number", "007", "7"),
    ("last_number", "none", None),
    ("after_marker", GSM8K, "1,043"),
    ({"name": "after_marker", "number": True}, GSM8K, "1043"),
    ({"name": "after_marker", "number": True}, "#### so $18 a day", "18"),
    ({"name": "after_marker", "number": True}, "#### eighteen", None),
    ({"name": "after_marker", "marker": "Answer:"}, "Answer: 3\nno, wait.\nAnswer: 4\nbye", "4"),
    ("after_marker", "42", None),
    ("after_marker", "####\n42", None),
    ("json_field", '{"answer": "B"}', "B"),
    ("json_field", 'First {"answer": 1}, then:\n```json\n{"answer": [2, true]}\n```', "[2, true]"),
    ("json_field", '{"reason": "no"} and { broken', None),
    ("json_field", '{"answer": null}', None),
    ({"name": "json_field", "field": "result.total"}, '{"result": {"total": 4.5}}', "4.5"),
    ({"name": "json_field", "field": "result.total"}, '{"result": 3}', None),
    ("choice_letter", "C", "C"),
    ("choice_letter", "(b) is wrong, so (D).", "D"),
    ("choice_letter", "A dog chases B, hence the answer is (C).", "C"),
    ("choice_letter", "**Answer: B**", "B"),
    ("choice_letter", "The answer is A? No, the answer is B", "B"),
    ("choice_letter", "B. The router", "B"),
    ("choice_letter", "A dog", None),
    ("choice_letter", "F", None),
    ({"name": "choice_letter", "letters": "FG"}, "F", "F"),
    ({"name": "regex", "pattern": r"id=(\d+)"}, "id=1 id=22", "22"),
    ({"name": "regex", "pattern": r"id=(\d+)", "take": "first"}, "id=1 id=22", "1"),
    ({"name": "regex", "pattern": r"yes|no"}, "well, no", "no"),
    ({"name": "regex", "pattern": r"a(x)?"}, "a", None),
    ({"name": "regex", "pattern": r"z"}, "a", None),
]


@pytest.mark.parametrize(("named", "text", "found"), CASES)
def test_what_is_found(named, text, found):
    assert Extractor.model_validate(named).extract(text) == found


def test_every_extractor_has_a_case():
    tried = {one if isinstance(one, str) else one["name"] for one, _, _ in CASES}
    assert tried == set(Extractor.all())


@given(some.text(max_size=80))
def test_no_text_breaks_an_extractor(text):
    for name in set(Extractor.all()) - {"regex"}:
        found = Extractor.model_validate(name).extract(text)
        assert found is None or found


@given(some.decimals(-(10**9), 10**9, places=3))
def test_one_number_has_one_spelling(number):
    found = numbers(f"x {number} y")
    assert len(found) == 1 and float(found[0]) == float(number)
    assert numbers(f"{number:,}") == found == numbers(f"{number}000")


def test_unparsable_answers_are_counted_and_wrong():
    task = AnswerTask(extract="after_marker")
    answers = [*texts("#### 4", "it is 4", ""), Answer(error="late")]
    assert unparsable(answers, task) == 2  # the failed one is counted as failed
    assert ExactMatch().rows(written(*["#### 4"] * 4), answers, task) == [1, 0, 0, 0]
    assert unparsable(answers, AnswerTask()) == 0 and extractor_of(AnswerTask()) is None


def test_a_pattern_that_cannot_be_read_is_refused():
    with pytest.raises(ValidationError, match=r"'\(' is no regular expression"):
        Extractor.model_validate({"name": "regex", "pattern": "("})
