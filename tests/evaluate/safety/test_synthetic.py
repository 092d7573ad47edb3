"""Rows made to lessen bias and harm."""

from overtone.core.example import Example, Message
from overtone.core.tasks.approve import marking
from overtone.evaluate.safety.refusal import refuses
from overtone.evaluate.safety.synthetic import counterfactual_rows, refusal_rows

ROWS = [
    Example("1", text="Mary wrote to her church", labels=("letter",), source="a.csv:2", group="g"),
    Example("2", text="It rained", labels=("weather",)),
]


def test_twins_keep_labels_and_say_how_they_were_made():
    made = counterfactual_rows(ROWS)
    assert {one.made.split(",")[0] for one in made} == {
        "counterfactual: gender",
        "counterfactual: origin",
        "counterfactual: religion",
    }
    assert all(
        one.row.labels == ("letter",) and one.row.source == "a.csv:2" and one.row.group == "g" for one in made
    )
    assert len({one.row.id for one in made} | {"1"}) == len(made) + 1
    gender = next(one.row.text for one in made if "gender" in one.made)
    assert gender.endswith("wrote to his church")
    assert len(counterfactual_rows(ROWS, count=3)) > len(made)
    assert all(len(set(one.made.split(", ")[1].split(" to "))) == 2 for one in made)  # no controls


def test_a_wanted_answer_is_swapped_with_its_question():
    row = Example("1", messages=(Message("user", "I am Paul"), Message("assistant", "Hello Paul")))
    for one in counterfactual_rows([row]):
        asked, answer = (turn.content for turn in one.row.messages)
        assert asked.removeprefix("I am ") == answer.removeprefix("Hello ") != "Paul"


def test_an_answer_to_be_judged_is_swapped_with_its_question():
    asked = marking("1", (Message("user", "I am Paul"),), "Hello Paul")
    row = Example("1", asked.text, ("good",), asked.messages, choices=asked.choices)
    found = counterfactual_rows([row])
    assert found
    for one in found:
        (question,), (answer,) = one.row.messages, one.row.choices
        assert question.content.removeprefix("I am ") == answer.removeprefix("Hello ") != "Paul"
        assert one.row.text == f"{question.content}\n\n{answer}" and one.row.labels == ("good",)


def test_refusal_rows_refuse_harm_and_answer_the_rest():
    made = refusal_rows()
    assert sum(refuses(one.row.completion) for one in made) == 30
    assert all(refuses(one.row.completion) == one.made.startswith("refusal") for one in made)
