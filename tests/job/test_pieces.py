"""Which piece of a document a query asks for."""

from overtone.core.example import Document, Example
from overtone.job.pieces import found_piece, pieces_of

WHOLE = Document("a", "gold one two three. four five six seven. gold eight nine ten.")
PIECES = pieces_of(WHOLE, 4)


def test_pieces_have_names_of_their_own():
    assert [piece.id for piece in PIECES] == ["a#0", "a#1", "a#2"]
    assert pieces_of(WHOLE, None) == pieces_of(WHOLE, 50) == [WHOLE]


def test_the_piece_is_that_in_which_the_answer_begins():
    start = str(WHOLE.text.rindex("gold"))
    assert found_piece(WHOLE, PIECES, Example("x", references=("gold",), labels=(start,))).id == "a#2"
    assert found_piece(WHOLE, PIECES, Example("x", references=("gold",), labels=("0",))).id == "a#0"


def test_without_a_place_it_is_the_first_with_the_answer_or_with_most_of_its_words():
    assert found_piece(WHOLE, PIECES, Example("x", references=("gold",))).id == "a#0"
    assert found_piece(WHOLE, PIECES, Example("x", references=("Five, four six",))).id == "a#1"
