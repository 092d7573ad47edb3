"""Spans of tags: by hand, and as the CoNLL scorer reads irregular tags."""

import pytest

from overtone.core.tag_spans import Span, spans, tags_of

CASES = {
    "O O": [],
    "B-a I-a O B-b": [(0, 2, "a"), (3, 4, "b")],
    "B-a B-a I-a": [(0, 1, "a"), (1, 3, "a")],
    "I-a I-a": [(0, 2, "a")],  # begins without a B
    "O I-a I-b": [(1, 2, "a"), (2, 3, "b")],  # another kind begins another span
    "B-a I-b I-b": [(0, 1, "a"), (1, 3, "b")],
    "B-a O I-a": [(0, 1, "a"), (2, 3, "a")],
    "S-a B-a E-a I-a": [(0, 1, "a"), (1, 3, "a"), (3, 4, "a")],
    "B-a-b I-a-b": [(0, 2, "a-b")],
    "NOUN NOUN VERB": [(0, 2, "NOUN"), (2, 3, "VERB")],  # plain tags: runs of one tag
    "U-a L-a": [(0, 1, "a"), (1, 2, "a")],
}


@pytest.mark.parametrize("tags", CASES)
def test_spans_begin_and_end_where_the_scorer_says(tags: str) -> None:
    assert spans(tags.split()) == [Span(*one) for one in CASES[tags]]


def test_tags_and_spans_are_two_forms_of_the_same() -> None:
    found = [Span(0, 2, "a"), Span(2, 3, "a"), Span(4, 5, "b")]
    assert tags_of(found, 6) == ["B-a", "I-a", "B-a", "O", "B-b", "O"]
    assert spans(tags_of(found, 6)) == found


def test_of_spans_that_overlap_the_first_keeps_its_words() -> None:
    assert tags_of([Span(0, 2, "a"), Span(1, 3, "b")], 3) == ["B-a", "I-a", "O"]
