"""Golden numbers of the objectives of numbers, spans and embeddings, by hand."""

import pytest
import torch

from overtone.core.example import Example, Message
from overtone.core.task import Task
from overtone.models.base import load_base
from overtone.models.windows import windows
from overtone.objectives.contrastive import Contrastive
from overtone.objectives.extract import Extract, span_in
from overtone.objectives.pairwise import Pairwise
from overtone.objectives.regress import Regress
from overtone.objectives.tag import Tag
from tests.objectives.tasks import RATED, TAGGED

TAG = Task.model_validate("tag")
NONE = float("-inf")
RIGHT = torch.tensor([1.0, 0.0])
OTHERS = torch.tensor([[0.0, NONE, 2.0], [NONE, NONE, 0.0]])


def test_contrastive_by_hand():
    # -log(e / (e + 1 + e^2)) and -log(1 / 2)
    assert Contrastive().losses(RIGHT, OTHERS).tolist() == pytest.approx([1.4076, 0.6931], abs=1e-4)


def test_pairwise_by_hand():
    # the mean of log(1 + e^-1) and log(1 + e), and log 2
    assert Pairwise().losses(RIGHT, OTHERS).tolist() == pytest.approx([0.8133, 0.6931], abs=1e-4)


def test_a_query_without_others_costs_nothing():
    alone = torch.tensor([[NONE, NONE]])
    assert Contrastive().losses(RIGHT[:1], alone).item() == pytest.approx(0, abs=1e-6)
    assert Pairwise().losses(RIGHT[:1], alone).item() == 0


def test_numbers_are_standardised_by_the_training_rows(small_base):
    part = Regress().fitted(RATED)  # 1, -2, 4
    assert (part.mean, part.deviation) == (1.0, pytest.approx(6**0.5))
    row = part.row(RATED[2], load_base(str(small_base("bert"))), Task.model_validate("regress"), ())
    assert row.targets == (pytest.approx(3 / 6**0.5),)
    assert Regress(mean=2.0, deviation=5.0).fitted(RATED) == Regress(mean=2.0, deviation=5.0)
    assert Regress().fitted(RATED[:1]).deviation == 1  # numbers that are all alike


def test_only_one_token_of_each_word_with_a_known_tag_is_learned(small_base):
    part = Tag().fitted(TAGGED[:2])
    assert part.outputs(()) == part.tags == ("B-a", "I-a", "O")
    base = load_base(str(small_base("bert")))
    row = part.row(TAGGED[2], base, TAG, ())  # I-b is not known
    assert (sum(row.learned), row.targets, row.units) == (2, (2.0, 2.0), 2)


def test_the_first_token_of_all_is_asked_too():
    base = load_base("builtin:tiny")  # whose tokenizer puts no mark before a text
    row = Tag(tags=("B-a", "O")).row(Example("0", text="a b", labels=("B-a", "O")), base, TAG, ())
    assert (len(row.tokens), row.learned, row.targets, row.units) == (2, (True, True), (0.0, 1.0), 2)


def asked(passage, *answers, starts=()):
    turns = (Message("system", passage), Message("user", "q?"), Message("assistant", answers[0]))
    return Example("x", messages=turns, references=tuple(answers[1:]), labels=tuple(starts))


def test_a_span_stands_where_the_row_says_or_where_it_is_found():
    assert span_in(asked("a b a", "a", starts=("4",)), "a b a") == (4, 5)
    assert span_in(asked("a b a", "a"), "a b a") == (0, 1)
    assert span_in(asked("a b a", "b", starts=("9",)), "a b a") == (2, 3)  # a wrong place
    assert span_in(asked("a b a", "c", "b"), "a b a") == (2, 3)  # a further right answer
    assert span_in(asked("a b a", "c"), "a b a") is None


def test_a_long_passage_is_read_where_the_answer_stands(small_base):
    base, passage = load_base(str(small_base("bert"))), "x" * 200 + " gold " + "y" * 300
    read = windows(base, "q?", passage)
    assert len(read) > 3 and all(len(one.tokens) <= base.description.context for one in read)
    covered = {place for one in read for start, end in one.offsets for place in range(start, end)}
    assert covered == set(range(len(passage)))
    row = Extract().row(asked(passage, "gold"), base, Task.model_validate("extract"), ())
    first, _, start, end = map(int, row.targets)
    span = row.tokens[first + start : first + end + 1]
    assert base.tokenizer.decode(span) == "gold"
    assert start > 20  # far from the window's edge


def test_nothing_is_learned_of_an_answer_that_does_not_stand_in_its_passage(small_base):
    base = load_base(str(small_base("bert")))
    row = Extract().row(asked("some text", "gold"), base, Task.model_validate("extract"), ())
    assert row.units == 0
