"""The prompts, and making them fit."""

from dataclasses import replace

from overtone.core.example import Document, Message, Question
from overtone.decide.notes import found_with_gold
from overtone.decide.prompt import label_text, sorting_turns, with_documents, with_shots
from overtone.decide.room import cut_to_room, fitting
from overtone.retrieve.indexes.bm25 import Bm25
from overtone.retrieve.library import Library
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


def test_a_text_without_spaces_is_cut_between_characters():
    def size(kept):
        return sum(len(document.text) for document in kept)

    kept, cut = cut_to_room([Document("a", "漢字仮名交じり")], size, 3)
    assert ([document.text for document in kept], cut) == (["漢字仮"], 1)


def test_gold_documents_replace_the_last_found():
    library = Library(DOCUMENTS, Bm25(), None)
    row = answering_rows()[0]
    wifi = replace(row, messages=(Message("user", "slow wifi bills"), row.messages[1]))
    found = library.find([wifi.input], 2)
    assert ids(found) == [["router", "bill"]]
    assert ids(found_with_gold(library, [wifi, row], 2)) == [["router", "post"], ["router", "post"]]
    assert ids(found_with_gold(library, [row], 1)) == [["post"]]
    assert found_with_gold(library, [replace(wifi, documents=())], 2) == found


def test_the_gold_passage_is_the_one_that_holds_the_answer():
    long = Document("post", "Cards go by post. " * 4 + "It is lost forever then. " + "Cards go by post. " * 4)
    library = Library([*DOCUMENTS[1:], long], Bm25(), None, chunk_words=8)
    row = replace(
        answering_rows()[2], messages=(Message("user", "slow wifi"), Message("assistant", "It is lost"))
    )
    [[_, gold]] = found_with_gold(library, [row], 2)
    assert gold.id == "post" and "lost forever" in gold.text


def ids(found):
    return [[document.id for document in row] for row in found]
