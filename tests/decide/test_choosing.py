"""How many examples or documents are shown, and which examples."""

from dataclasses import replace

import numpy as np
import pytest

from overtone.core.answer import Answer
from overtone.core.example import Question
from overtone.decide.choosing import ROWS, choose_count, sample
from overtone.decide.choosing_shots import CHOICES
from overtone.decide.diverse import diverse_order, pool
from overtone.models.base import load_base
from overtone.retrieve.indexes.bm25 import Bm25
from tests.decide.materials import sorting, sorting_rows


class Counted:
    """Is right on the first `right` questions; asks what `asks` makes of its count."""

    def __init__(self, right, asked):
        self.right, self.asked = right, asked

    def prompts(self, questions):
        return [replace(question, text=f"{question.text} {self.asked}") for question in questions]

    def answer(self, questions):
        labels = {row.id: row.labels[0] for row in sorting().validation}
        return [
            Answer(probabilities={labels[question.id] if place < self.right else "none": 1.0})
            for place, question in enumerate(questions)
        ]


def chosen(rights, asked=None, **more):
    made, told = [], []

    def make(count):
        made.append(count)
        return Counted(rights[count], (asked or {}).get(count, count))

    count = choose_count(tuple(rights), make, sorting(watch=told.append, **more), "few_shot")
    return count, made, told


def test_the_best_on_validation_rows_is_chosen_and_ties_go_to_fewer():
    assert chosen({1: 2, 2: 5, 4: 3})[0] == 2
    assert chosen({1: 2, 2: 5, 4: 5, 8: 5})[:2] == (2, [1, 2, 4, 8])
    told = chosen({1: 2, 2: 5})[2]
    assert [event.numbers for event in told] == [
        {"count": 1.0, "accuracy": pytest.approx(2 / 6)},
        {"count": 2.0, "accuracy": pytest.approx(5 / 6)},
    ]


def test_counts_that_ask_the_same_are_not_tried():
    assert chosen({1: 2, 2: 3, 4: 6, 8: 6}, asked={4: 2, 8: 2})[:2] == (2, [1, 2, 4])


def test_without_validation_rows_the_fewest_are_shown():
    assert chosen({1: 0, 2: 6}, validation=[])[:2] == (1, [])


def test_the_sample_is_capped_and_the_same_in_any_order():
    rows = [replace(sorting_rows()[0], id=f"r{number}") for number in range(2 * ROWS)]
    taken = sample(rows, 3)
    assert len({row.id for row in taken}) == ROWS
    assert sample(rows[::-1], 3) == taken != sample(rows, 4)


def test_diverse_rows_are_balanced_typical_and_unlike_each_other():
    vectors = np.array([[1, 0], [0.999, 0.04], [0.998, 0.06], [0.5, 0.87], [0.3, 0.95]], dtype=np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    assert diverse_order(vectors[:4], ["a"] * 4, 2) == [2, 3]  # the typical one, then the one unlike it
    classes = ["a", "a", "a", "b", "b"]
    order = diverse_order(vectors, classes, 4)
    assert [classes[place] for place in order] == ["a", "b", "a", "b"]
    assert len(diverse_order(vectors, classes, 9)) == 5
    assert diverse_order(vectors[:0], [], 3) == []


def test_the_seed_alone_draws_the_examples():
    rows = sorting_rows()
    assert pool(rows, 1) == pool(rows[::-1], 1) != pool(rows, 2)


def test_each_choice_gives_examples(small_base, monkeypatch):
    base = load_base(str(small_base("bert")))
    monkeypatch.setattr("overtone.retrieve.encoder._loaded", lambda name: base)
    materials = sorting(small_base("llama"))
    texts = ["the wifi is slow", "zzz"]
    found = {name: make(materials, Bm25(), 2).best(texts, 2) for name, make in CHOICES.items()}
    assert [row.text for row in found["nearest"][0]] == ["the wifi is so slow", "wifi is slow"]
    assert [row.id for row in found["nearest"][1]] == ["r0", "r1"]  # nothing is near: the first rows
    for name in ("random", "diverse"):
        assert found[name][0] == found[name][1] and len(found[name][0]) == 2
    assert {row.labels for row in found["diverse"][0]} == {("card_arrival",), ("slow_wifi",)}
    assert materials.base().description.kind == "decoder"
    drawn = [
        CHOICES["random"](replace(materials, seed=seed), Bm25(), 2).best(texts, 2)[0] for seed in range(4)
    ]
    assert len({row.id for rows in drawn for row in rows}) > 2  # by the seed


def test_a_question_keeps_what_it_was():
    asked = Counted(0, 1).prompts([Question("q", text="a")])
    assert asked[0].id == "q"
