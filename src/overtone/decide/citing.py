"""Cited answers: documents get numbers, the answer names those that it rests on."""

import re
from collections.abc import Sequence
from dataclasses import replace

from overtone.core.answer import Answer, System
from overtone.core.example import Document, Example, Message

CITE = "End your answer with the number of the note that it rests on in brackets, such as [1]."
CITATION = re.compile(r"\s*\[(\d{1,2}(?:\s*[,;]\s*\d{1,2})*)\]")  # [2], [1, 3]; a year is no citation


def numbered(documents: Sequence[Document]) -> list[Document]:
    """The documents with their numbers, from 1, before their titles."""
    return [
        replace(document, title=f"[{number}] {document.title}".rstrip())
        for number, document in enumerate(documents, start=1)
    ]


def ask_to_cite(turns: Sequence[Message]) -> tuple[Message, ...]:
    """The conversation with the instruction to cite in its last user turn."""
    place = max(index for index, turn in enumerate(turns) if turn.role == "user")
    asked = Message("user", f"{turns[place].content}\n\n{CITE}")
    return (*turns[:place], asked, *turns[place + 1 :])


def read_citations(answer: Answer) -> Answer:
    """The answer without its bracketed numbers, and the ids that they stand for.

    A number to which no document in the prompt belongs stays as it is written: it names nothing that is known.
    """
    text = answer.text or ""
    found = [int(number) for group in CITATION.findall(text) for number in re.findall(r"\d+", group)]
    ids = [answer.documents[one - 1] if 0 < one <= len(answer.documents) else f"[{one}]" for one in found]
    return replace(answer, text=answer.text and CITATION.sub("", text), cited=tuple(dict.fromkeys(ids)))


def cites(system: System) -> bool:
    """Whether a system was asked to cite."""
    return bool(getattr(system, "cite", False))


def citation_facts(test: Sequence[Example], answers: Sequence[Answer]) -> dict[str, float]:
    """Shares of answers that cite, that cite only documents they were shown, and whose citation is the gold one.

    The last rests on the rows whose gold document is known.
    """
    pairs = list(zip(test, answers, strict=True))
    known = [(row, answer) for row, answer in pairs if row.documents]
    gold = [bool(set(row.documents) & set(answer.cited)) for row, answer in known]
    shown = [bool(answer.cited) and set(answer.cited) <= set(answer.documents) for answer in answers]
    facts = {
        "answers_that_cite": _share([bool(answer.cited) for answer in answers]),
        "answers_that_cite_shown_documents": _share(shown),
    }
    return facts | ({"answers_that_cite_gold": _share(gold)} if gold else {})


def _share(held: Sequence[bool]) -> float:
    return sum(held) / max(1, len(held))
