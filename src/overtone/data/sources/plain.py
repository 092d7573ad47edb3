"""Plain text without rows, such as a book: its paragraphs, several to a row."""

from overtone.data.sources.table import Row, Table

ENDINGS = (".txt", ".md", ".text")
STRETCH = 2000  # characters from which a row ends with its paragraph
EXPECTED = "paragraphs with an empty line between them"


def looks_plain(file: str) -> bool:
    """Whether a file is called as texts without rows are."""
    return file.lower().removesuffix(".gz").endswith(ENDINGS)


def read_plain(file: str, text: str) -> Table:
    """A row with the column `text` for each stretch of whole paragraphs, by the line that it begins on."""
    rows: list[Row] = []
    held: list[str] = []
    begun = 1
    for number, line in enumerate((*text.splitlines(), ""), 1):
        held.append(line)
        if not line.strip() and sum(map(len, held)) >= STRETCH:
            rows.append(_row(file, begun, held))
            held, begun = [], number + 1
    return Table(file, EXPECTED, ("text",), (*rows, *([_row(file, begun, held)] if any(held) else ())))


def _row(file: str, begun: int, lines: list[str]) -> Row:
    return Row(f"{file}:{begun}", {"text": "\n".join(lines).strip("\n")})
