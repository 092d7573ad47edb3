"""Documents: ids, titles and texts, and what is refused."""

import pytest

from overtone.core.errors import UserError
from overtone.core.example import Document
from overtone.data.documents import read_documents


def test_documents_are_read_from_lines_and_from_csv(write):
    wanted = (Document("a", "One.", "First"), Document("b", "Two."))
    lines = '{"id": "a", "title": "First", "text": "One."}\n{"id": "b", "text": "Two."}\n'
    assert read_documents(write("d.jsonl", lines)) == wanted
    assert read_documents(write("d.csv", "ID,Title,Content\na,First,One.\nb,,Two.\n")) == wanted


def test_a_missing_id_comes_from_the_content(write):
    one, two = read_documents(write("d.csv", "text\none\ntwo\n"))
    assert one.id != two.id and len(one.id) == 16


REFUSED = {
    "id,heading\na,b\n": (
        "d.csv has no column for the text of the documents. Its columns: id, heading. Call the column 'text'."
    ),
    "id,text\na,one\na,two\n": "d.csv:3: the document id 'a' already stands in d.csv:2.",
    "id,text\na,one\nb,\n": "d.csv:3: a document without text; write one into 'text' or remove the row.",
}


@pytest.mark.parametrize("content", REFUSED)
def test_unusable_documents_are_refused(write, content):
    with pytest.raises(UserError) as error:
        read_documents(write("d.csv", content))
    assert str(error.value) == REFUSED[content]
