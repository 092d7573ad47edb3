"""CoNLL columns: one word a line with its tag last, an empty line between texts."""

import re
from collections.abc import Iterator

from overtone.data.sources.table import Dropped, Row, Table

ENDINGS = (".conll", ".iob", ".bio")
SAMPLE = 50  # lines that are looked at
TAG = re.compile(r"O|[BIESLU]-\S+")
BREAK = "-DOCSTART-"  # a line that parts documents
EXPECTED = "a word and, behind white space, its tag; an empty line ends a text"


def looks_like_conll(file: str, text: str) -> bool:
    """Whether every line holds several fields of which the last is a tag, or the file is called so."""
    if file.lower().endswith(ENDINGS):
        return True
    fields = [line.split() for _, line in zip(range(SAMPLE), _told(text))]
    return bool(fields) and all(len(line) > 1 and TAG.fullmatch(line[-1]) for line in fields)


def read_conll(file: str, text: str) -> Table:
    """A row for each text, with the lists `tokens` and `tags`; a text with a line of one field is damaged."""
    rows, damaged = [], []
    for number, block in _blocks(text):
        place, fields = f"{file}:{number}", [line.split() for line in block]
        if any(len(line) < 2 for line in fields):
            damaged.append(Dropped(place, "a line without a tag"))
        else:
            values = {"tokens": [line[0] for line in fields], "tags": [line[-1] for line in fields]}
            rows.append(Row(place, values))
    return Table(file, EXPECTED, ("tokens", "tags"), tuple(rows), tuple(damaged))


def _told(text: str) -> Iterator[str]:
    return (line for line in text.splitlines() if line.strip() and not line.startswith(BREAK))


def _blocks(text: str) -> Iterator[tuple[int, list[str]]]:
    """The lines of each text, with the number of the first."""
    block: list[str] = []
    first = 1
    for number, line in enumerate((*text.splitlines(), ""), 1):
        if line.strip() and not line.startswith(BREAK):
            first = first if block else number
            block.append(line)
        elif block:
            yield first, block
            block = []
