"""The prompts, and making them fit."""

from dataclasses import replace

from overtone.core.example import Document, Message, Question
from overtone.decide.notes import Library
from overtone.decide.prompt import label_text, sorting_turns, with_documents, with_shots
from overtone.decide.room import cut_to_room, fitting
from tests.decide.materials import DOCUMENTS, answering_rows

SYSTEM = Message("system", "Be kind.")


def test_label_names_read_as_words_or_as_the_plan_says():
    assert label_text("card_arrival-date", {}) == "card arrival date"
    assert label_text("1", {"1": "positive"}) == "positive"


def test_the_instruction_stands_once_in_front_of_the_first_text():
    turns = sorting_turns("{labels} {x}", ["a", "b"], "One of {labels}.", [("t1", "a"), ("t2", "b")])
    assert [turn.content for turn in turns] == ["One of a, b.\n\nt1", "a", "t2", "b", "{labels} {x}"]
    assert sorting_turns("t", ["a"], "I {labels}")[0].content == "I a\n\nt"


def test_shots_stand_between_the_system_turn_and_the_question():
    shot = replace(answering_rows()[0], messages=(SYSTEM, *answering_rows()[0].messages))
    question = with_shots(Question("q", messages=(SYSTEM, Message("user", "x"))), [shot])
    assert [turn.role for turn in question.messages] == ["system", "user", "assistant", "user"]


def test_documents_stand_in_the_last_user_turn():
    turns = with_documents(
        (SYSTEM, Message("user", "a"), Message("assistant", "b"), Message("user", "c {question}")),
        DOCUMENTS[:1],
    )
    assert [turn.content for turn in turns[:3]] == ["Be kind.", "a", "b"]
    assert turns[3].content.endswith("Card arrival\nCards take a week by post.\n\nQuestion: c {question}")


def test_the_longest_beginning_that_fits_is_kept():
    assert fitting("abcdef", len, 4) == "abcd"
    assert fitting("abc", lambda items: 10, 4) == ""


def test_documents_are_cut_from_the_last_and_left_out_when_empty():
    documents = [Document("a", "one two three"), Document("b", "four five six")]

    def size(kept):
        return sum(len(document.text.split()) for document in kept)

    assert cut_to_room(documents, size, 6) == (documents, 0)
    kept, cut = cut_to_room(documents, size, 4)
    assert ([document.text for document in kept], cut) == (["one two three", "four"], 1)
    kept, cut = cut_to_room(documents, size, 2)
    assert ([document.text for document in kept], cut) == (["one two"], 2)


def test_gold_documents_replace_the_last_found():
    library = Library(DOCUMENTS)
    row = answering_rows()[0]
    wifi = replace(row, messages=(Message("user", "slow wifi bills"), row.messages[1]))
    assert [document.id for document in library.find(wifi.input, 2)] == ["router", "bill"]
    assert [document.id for document in library.find_with_gold(wifi, 2)] == ["router", "post"]
    assert [document.id for document in library.find_with_gold(row, 1)] == ["post"]
    unknown = replace(wifi, documents=())
    assert library.find_with_gold(unknown, 2) == library.find(wifi.input, 2)
