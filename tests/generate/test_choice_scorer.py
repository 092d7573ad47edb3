"""A scorer of choices: log-probabilities of each choice alone, divided as the task says, the prompt computed once."""

import math

import pytest
import torch

from overtone.core.example import Message, Question
from overtone.core.tasks.choose import ChooseTask
from overtone.engine.pack import pack
from overtone.generate.choice_scorer import ChoiceScorer
from overtone.models.choices import encode_pair
from overtone.models.template import encode_prompt
from overtone.models.text import encode_plain
from tests.generate.tiny import CONTEXT, base_of, llama

BASE = base_of(llama(0))
CHOICES = ("yes", "in the rain", "né")
ASKED = Question("1", messages=(Message("user", "why?"),), choices=CHOICES)
PROMPT = "Q: {question}\nA:"


def total(prompt, choice):
    """A choice's log-probability by the library's own full logits of one row."""
    logits = BASE.model(torch.tensor([[*prompt, *choice]])).logits[0].log_softmax(-1)
    places = range(len(prompt) - 1, len(prompt) + len(choice) - 1)
    return sum(logits[place, token].item() for place, token in zip(places, choice, strict=True))


@pytest.mark.parametrize(
    ("length", "lengths"),
    [("none", (1, 1, 1)), ("tokens", (3, 11, 3)), ("characters", (3, 11, 2)), ("bytes", (3, 11, 3))],
)
def test_probabilities_are_the_softmax_of_sums_over_lengths(length, lengths):
    (answer,) = ChoiceScorer(BASE, ChooseTask(length=length)).answer([ASKED])
    prompt = encode_prompt(BASE, ASKED.messages)
    scores = [total(prompt, encode_plain(BASE, one)) / size for one, size in zip(CHOICES, lengths)]
    weights = [math.exp(one - max(scores)) for one in scores]
    wanted = {one: weight / sum(weights) for one, weight in zip(CHOICES, weights)}
    assert answer.probabilities == pytest.approx(wanted, rel=1e-3)
    assert answer.prompt_tokens == len(prompt) + 3 + 11 + 3  # the prompt is read once


def test_a_plain_prompt_needs_no_template_and_puts_a_space_before_the_choice():
    scorer = ChoiceScorer(BASE, ChooseTask(prompt=PROMPT))
    rows = scorer.rows(ASKED)
    assert rows[0] == tuple(map(tuple, encode_pair(BASE, "Q: why?\nA:", " yes")))
    assert scorer.encode(ASKED.messages) == rows[0][0]


def test_the_prompt_stands_in_the_stream_once():
    rows = [[*prompt, *choice] for prompt, choice in ChoiceScorer(BASE, ChooseTask()).rows(ASKED)]
    shared = len(encode_prompt(BASE, ASKED.messages))
    assert len(pack(rows).tokens) == sum(map(len, rows)) - 2 * shared


def test_what_does_not_fit_is_an_error_beside_what_does():
    long = Question("2", messages=(Message("user", "far " * CONTEXT),), choices=CHOICES)
    first, second = ChoiceScorer(BASE, ChooseTask()).answer([long, ASKED])
    assert f"the context holds {CONTEXT}" in first.error and first.probabilities is None
    assert second.error is None and sum(second.probabilities.values()) == pytest.approx(1)


def test_a_question_without_choices_is_answered_in_writing():
    written, chosen = ChoiceScorer(BASE, ChooseTask()).answer(
        [Question("3", messages=(Message("user", "hi " * 25),)), ASKED]
    )
    assert written.text is not None and chosen.text is None


def test_many_questions_are_scored_as_one_by_one():
    scorer = ChoiceScorer(BASE, ChooseTask())
    asked = [Question(word, messages=(Message("user", word),), choices=CHOICES[:2]) for word in "abcdefgh"]
    for question, answer in zip(asked, scorer.answer(asked), strict=True):
        assert answer.probabilities == pytest.approx(scorer.answer([question])[0].probabilities, rel=1e-4)
