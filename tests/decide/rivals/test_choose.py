"""The rivals of multiple choice: where the right choice stands, how long it is, and what a decoder finds likely."""

from dataclasses import replace

import pytest

from overtone.core.answer import Answer
from overtone.core.errors import UserError
from overtone.core.example import Example, Message, Question
from overtone.core.tasks.choose import ChooseTask
from overtone.core.tasks.prefer import PreferTask
from overtone.decide.offers import chosen_rivals, default_rivals, offers
from overtone.decide.rivals.choice_length import ChoiceLength
from overtone.decide.rivals.few_shot import FewShot
from overtone.decide.rivals.majority import Majority
from overtone.decide.rivals.zero_shot import ZeroShot
from overtone.evaluate.metric import deciding
from overtone.generate.choice_scorer import ChoiceScorer
from overtone.models.base import load_base
from tests.decide.materials import make

ROWS = [
    (("a", "long one", "bb"), 1),
    (("c", "d", "longest"), 2),
    (("ee", "f", "much longer"), 2),
    (("g", "hh", "i"), 0),
]
ASKED = Question("q", messages=(Message("user", "which?"),), choices=("x", "yyy", "zz"))


def choosing(folder=None, rows=ROWS, task=None, **more):
    examples = [
        Example(
            str(place),
            messages=(Message("user", f"{place}?"), Message("assistant", choices[right])),
            choices=choices,
        )
        for place, (choices, right) in enumerate(rows)
    ]
    return make(folder, task or ChooseTask(), examples, **more)


def test_the_most_frequent_place():
    (answer,) = Majority().prepare(choosing(validation=[])).answer([ASKED])
    assert answer.probabilities == pytest.approx(
        {"x": 2 / 7, "yyy": 2 / 7, "zz": 3 / 7}
    )  # one more than counted
    longer = replace(ASKED, choices=("x", "y", "z", "w"))  # a place where nothing ever stood
    assert Majority().prepare(choosing(validation=[])).answer([longer])[0].label == "z"


@pytest.mark.parametrize(("rows", "wanted"), [(ROWS, "yyy"), ([ROWS[3], *ROWS[3:]], "x")])
def test_the_longest_choice_or_the_shortest_where_that_is_right_more_often(rows, wanted):
    (answer,) = ChoiceLength().prepare(choosing(rows=rows)).answer([ASKED])
    assert answer.label == wanted and answer.probabilities[wanted] == 1


def test_zero_shot_is_the_base_as_it_is(small_base):
    folder = small_base("llama")
    (answer,) = ZeroShot().prepare(choosing(folder)).answer([ASKED])
    (wanted,) = ChoiceScorer(load_base(str(folder)), ChooseTask()).answer([ASKED])
    assert answer.probabilities == wanted.probabilities
    with pytest.raises(UserError, match="instruction"):
        ZeroShot(instruction="{labels}").prepare(choosing(folder))


def test_few_shot_shows_the_right_choices_of_other_rows(small_base):
    plain = choosing(small_base("llama"), task=ChooseTask(prompt="Q {question}"))
    system = FewShot(examples=2, choose="random").prepare(plain)
    (question,) = system.prompts([ASKED])
    turns = [turn.content for turn in question.messages]
    right = {f"{place}?": choices[at] for place, (choices, at) in enumerate(ROWS)}
    assert turns[1] == right[turns[0]] and turns[3] == right[turns[2]] and turns[4:] == ["which?"]
    assert question.choices == ASKED.choices
    decoded = system.system.base.tokenizer.decode(system.system.encode(question.messages))
    assert decoded.endswith(f"Q {turns[2]} {turns[3]}\n\nQ which?")
    assert system.answer([ASKED])[0].probabilities.keys() == set(ASKED.choices)


def test_without_a_chat_template_choices_are_still_offered_a_decoder():
    names = [rival.key for rival in default_rivals(offers(ChooseTask(), "decoder", False, False))]
    assert sorted(names[:2]) == ["choice_length", "majority"]
    assert names[2:] == ["zero_shot", "few_shot_random", "few_shot", "fine_tune"]
    with pytest.raises(UserError, match="a task of choices"):
        chosen_rivals([ChoiceLength()], offers(PreferTask(), "decoder", True, False))


def test_the_metric_counts_right_choices_and_a_failed_answer_is_wrong():
    rows = choosing().train[:2]
    answers = [Answer(probabilities={"a": 0.2, "long one": 0.8}), Answer(error="too long")]
    assert deciding(ChooseTask()).rows(rows, answers, ChooseTask()) == [1.0, 0.0]
