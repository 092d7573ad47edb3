"""How likely the wanted answers were: which rows are told, and that wrappers ask for what they show."""

from dataclasses import replace

from overtone.core.answer import Answer
from overtone.core.example import Message
from overtone.decide.shots import FixedShots, Shown
from overtone.decide.wanted import likelihoods, with_wanted
from tests.decide.materials import TunedFake, answering_rows


class Told:
    """Says of each answer how long its question's last turn and it are."""

    can = frozenset({"generate"})

    def likelihoods(self, questions, answers):
        return [
            -float(len(question.messages) + len(answer))
            for question, answer in zip(questions, answers, strict=True)
        ]

    def encode(self, turns):
        return [0] * len(turns)


def test_only_rows_with_a_wanted_answer_and_without_an_error_are_told():
    row = answering_rows()[0]
    bare = replace(row, messages=row.messages[:-1])
    given = [Answer(text="a"), Answer(text="b"), Answer(error="no room")]
    told = with_wanted(Told(), [row, bare, row], given)
    assert [one.wanted_log_probability for one in told] == [
        -float(len(row.question.messages) + len(row.completion)),
        None,
        None,
    ]
    assert [(one.text, one.error) for one in told] == [(one.text, one.error) for one in given]


def test_a_system_that_cannot_tell_tells_nothing():
    assert likelihoods(TunedFake(), [answering_rows()[0].question], ["x"]) == [None]


def test_examples_stand_in_front_of_what_is_told():
    shown = Shown(
        Told(), FixedShots(answering_rows()[:2]), 2, lambda question, rows: _turns(rows, question), 99
    )
    question = answering_rows()[0].question
    alone, behind = likelihoods(Told(), [question], ["ab"]), likelihoods(shown, [question], ["ab"])
    assert alone[0] is not None and behind == [alone[0] - 2]


def _turns(rows, question):
    return (*(Message("assistant", row.completion) for row in rows), *question.messages)
