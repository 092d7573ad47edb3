"""Recognition: the guess in words, what a plan states, and every refusal."""

import pytest
from pydantic import ValidationError

from overtone.core.errors import UserError
from overtone.core.task import Task
from overtone.data.format import Format
from overtone.data.recognise import readings, recognise
from overtone.data.settings import DataSettings
from overtone.data.sources.read import read_table


def test_the_guess_is_said_in_words(write, classify):
    table = read_table(write("m.csv", "Nr;Ticket Text;Utterance;INTENT\n1;x;Hello;a\n"))
    reading = recognise(table, classify)
    assert (
        reading.sentence
        == "labelled rows: text from 'Utterance', label from 'INTENT' (not used: Nr, Ticket Text)"
    )


def test_columns_that_the_plan_names_go_first(write, classify):
    table = read_table(write("m.csv", "text,label,topic\nx,y,z\n"))
    reading = recognise(table, classify, columns={"text": "label", "label": "topic"})
    assert reading.columns == {"text": ("label",), "label": ("topic",)}


def test_no_column_serves_two_roles(write, answer):
    table = read_table(write("m.csv", "prompt,target\nx,y\n"))
    assert recognise(table, answer).columns == {"prompt": ("prompt",), "completion": ("target",)}


def test_a_stated_format_goes_before_the_guess(write, answer):
    table = read_table(write("m.csv", "instruction,input,output\na,b,c\n"))
    assert recognise(table, answer).format.name == "alpaca"
    assert recognise(table, answer, Format.find("prompt_completion")()).columns["prompt"] == ("input",)


def test_all_readings_of_a_table_can_be_had(write):
    table = read_table(write("m.csv", "prompt,completion,label\na,b,c\n"))
    assert [reading.format.name for reading in readings(table) if reading.is_whole()] == [
        "prompt_completion",
        "labelled",
    ]


def test_questions_need_no_answer_column(write, classify):
    table = read_table(write("m.csv", "id,text\n1,Hello\n"))
    assert recognise(table, classify, answered=False).columns == {"text": ("text",)}


def refusal(write, text, task, **stated):
    with pytest.raises(UserError) as error:
        recognise(read_table(write("m.csv", text)), task, **stated)
    return str(error.value)


def test_a_missing_label_names_the_columns(write, classify):
    assert refusal(write, "id,text\n1,a\n", classify) == (
        "m.csv has no column for the label, which the task 'classify' needs. Its columns: id, text. "
        "It holds plain texts. Name the column in the plan: data.columns: {label: NAME}; for `init` and `data show`: "
        "--column label=NAME"
    )


def test_a_missing_stated_column_names_the_nearest(write, classify):
    assert refusal(write, "text,intent\na,b\n", classify, columns={"label": "intnet"}) == (
        "data.columns.label: m.csv has no column 'intnet'. Did you mean 'intent'? Its columns: text, intent."
    )


def test_an_unknown_role_names_the_nearest(write, classify):
    assert refusal(write, "text,intent\na,b\n", classify, columns={"lable": "intent"}).startswith(
        "data.columns: no role is called 'lable'. Did you mean 'label'? Known: instruction, input, "
    )


def test_an_unknown_format_names_the_nearest():
    with pytest.raises(ValidationError, match=r"no format is called 'labeled'\. Did you mean 'labelled'\?"):
        DataSettings.model_validate({"train": "a.csv", "format": "labeled"})


def test_rows_of_another_task_say_what_they_are(write, classify, answer):
    assert refusal(write, "text,label\na,b\n", answer) == (
        "m.csv has no column for the completion, which the task 'answer' needs. Its columns: text, label. "
        "It holds labelled rows. Name the column in the plan: data.columns: {completion: NAME}; for "
        "`init` and `data show`: --column completion=NAME"
    )
    assert refusal(write, "text,label\na,b\n", answer, format=Format.find("labelled")()) == (
        "m.csv: the task 'answer' cannot be learned from labelled rows; choose another."
    )


def test_a_file_without_a_header_is_not_read_as_if_it_had_one(write, classify):
    assert refusal(write, "I want my card,card\nWhere is it,card\n", classify) == (
        "m.csv seems to have no header: its first line looks like a row. Put the column names above it, "
        "for example: text,label"
    )


def test_formats_that_are_not_used_are_refused_by_name(write, answer):
    rows = '{"title": "t", "paragraphs": [{"context": "c", "qas": []}]}\n' * 2
    with pytest.raises(UserError) as error:
        recognise(read_table(write("m.jsonl", rows)), answer)
    assert str(error.value) == (
        "m.jsonl holds questions nested under their passages (SQuAD), which is not read as it stands; write one row a "
        "question with question, answers and doc_id, and the passages as documents."
    )


def test_values_that_are_not_of_the_layout_are_shown(write):
    assert refusal(write, "text,label\na,b\n", Task.model_validate("regress")) == (
        "m.csv:2: the task 'regress' needs numbers; this row has none (rows with a number: text from 'text', number "
        "from 'label')."
    )


def test_pairs_are_no_answers_and_say_what_they_are(write, answer):
    assert refusal(write, "prompt,chosen,rejected\na,b,c\n", answer) == (
        "m.csv has no column for the completion, which the task 'answer' needs. Its columns: prompt, chosen, "
        "rejected. It holds preference pairs. Name the column in the plan: data.columns: {completion: NAME}; for "
        "`init` and `data show`: --column completion=NAME"
    )


def test_a_named_column_makes_preference_rows_usable(write, answer):
    table = read_table(write("m.csv", "prompt,chosen,rejected\na,b,c\n"))
    assert recognise(table, answer, columns={"prompt": "prompt", "completion": "chosen"}).is_whole()


def test_swapped_columns_are_refused_unless_named(write, classify):
    text = "text,label\n" + "".join(f"kind{n % 3},a long question about number {n}\n" for n in range(30))
    assert refusal(write, text, classify) == (
        "m.csv: the columns look swapped: 'label' holds 30 different long values, 'text' 3 short ones. "
        "Say which is which in the plan: data.columns: {text: label, label: text}"
    )
    named = {"text": "text", "label": "label"}
    assert recognise(read_table(write("m.csv", text)), classify, columns=named).columns["text"] == ("text",)


def test_labels_of_several_kinds_are_refused(write, classify):
    path = write(
        "m.jsonl", "".join(f'{{"text": "a", "label": {value}}}\n' for value in ("1", '"1"', "true", "1.0"))
    )
    with pytest.raises(UserError) as error:
        recognise(read_table(path), classify)
    assert str(error.value) == (
        "m.jsonl: the labels in 'label' are of 4 kinds (whole number, 1 in m.jsonl:1; text, '1' in "
        "m.jsonl:2; "
        "true or false, True in m.jsonl:3; decimal number, 1.0 in m.jsonl:4); write all of them as texts."
    )
