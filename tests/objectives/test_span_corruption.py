"""Hidden spans: the paper's example, how many tokens are hidden, and readings that ask each token once."""

from itertools import pairwise

import pytest

from overtone.core.errors import UserError
from overtone.core.example import Example, Question
from overtone.core.task import Task
from overtone.engine.learner import Learner
from overtone.engine.span_scorer import SpanScorer
from overtone.engine.spans import drawn_spans, parted_by
from overtone.models.base import load_base
from overtone.objectives.span_corruption import SpanCorruption
from tests.objectives.plain_text import with_gaps

TASK = Task.model_validate("text")


def test_gaps_and_targets_are_those_of_the_papers_figure():
    """Figure 2: Thank you <X> me to your party <Y> week. -> <X> for inviting <Y> last <Z>."""
    text = ["Thank", "you", "for", "inviting", "me", "to", "your", "party", "last", "week", ".", "</s>"]
    source, target = parted_by(text, [(2, 4), (8, 9)], ["<X>", "<Y>", "<Z>"])  # type: ignore[list-item]
    assert source == ["Thank", "you", "<X>", "me", "to", "your", "party", "<Y>", "week", ".", "</s>"]
    assert target == ["<X>", "for", "inviting", "<Y>", "last", "<Z>", "</s>"]


def test_as_many_tokens_are_hidden_as_the_share_says_in_gaps_that_never_touch(small_base):
    base = with_gaps(load_base(str(small_base("t5"))))
    row = SpanCorruption().row(Example("1", text="x" * 59), base, TASK, ())
    size = len(row.tokens) - 1
    assert (row.hidden, row.gaps) == (round(0.15 * size), 3)
    for _ in range(20):
        spans = drawn_spans(row, training=True)
        assert sum(end - start for start, end in spans) == row.hidden
        assert len(spans) == 3 and spans[0][0] > 0 and spans[-1][1] == size
        assert all(one[1] < other[0] for one, other in pairwise(spans))
        source, target = parted_by(row.tokens, spans, row.sentinels)
        assert len(target) == row.units and len(source) + len(target) == len(row.tokens) + 2 * row.gaps + 2
    assert drawn_spans(row, training=False) == drawn_spans(row, training=False)


def test_a_text_that_is_too_short_teaches_nothing_and_a_base_without_sentinels_is_refused(small_base):
    base = load_base(str(small_base("t5")))
    with pytest.raises(UserError, match="sentinel"):
        SpanCorruption().row(Example("1", text="text"), base, TASK, ())
    assert SpanCorruption().row(Example("1", text=""), with_gaps(base), TASK, ()).units == 0


def test_every_token_is_asked_once(small_base):
    base = with_gaps(load_base(str(small_base("t5"))))
    scorer = SpanScorer(base, Learner(base.model))
    reads = scorer.read(Question("1", text="a text of some length"))
    asked = [token for read in reads for token, counts in zip(*read.about) if counts]
    tokens = base.tokenizer("a text of some length")["input_ids"]
    assert sorted(asked) == sorted(tokens[1:-1] if tokens[0] not in asked else tokens[:-1])
    (answer,) = scorer.answer([Question("1", text="a text of some length")])
    assert -len(asked) * 7 < float(answer.text) < -len(asked) * 4
