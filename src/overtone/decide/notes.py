"""Answering with retrieved documents in the prompt, by any system that writes text."""

from collections.abc import Sequence
from dataclasses import replace

from overtone.core.answer import Answer
from overtone.core.example import Document, Example, Message, Question
from overtone.decide.prompt import with_documents
from overtone.decide.room import Reader, cut_to_room
from overtone.retrieve.bm25 import Bm25Index

# What a plan must offer for documents in its prompts.
NOTED = tuple(frozenset({"generate", "documents", kind}) for kind in ("decoder", "encoder-decoder"))


class Library:
    """Documents that can be searched by words."""

    def __init__(self, documents: Sequence[Document]) -> None:
        self.documents = documents
        self._index = Bm25Index.of_documents(documents)

    def find(self, text: str, count: int) -> list[Document]:
        """The `count` nearest documents, best first."""
        return [self.documents[position] for position in self._index.search(text, count)]

    def find_with_gold(self, example: Example, count: int) -> list[Document]:
        """The nearest documents of a training row, its own gold documents among them in place of the last."""
        found = self.find(query_of(example.question.messages), count)
        known = {document.id for document in found}
        missing = [row for row in self.documents if row.id in example.documents and row.id not in known]
        spare = [document for document in found if document.id not in example.documents]
        drop = {document.id for document in spare[max(0, len(spare) - len(missing)) :]}
        return ([document for document in found if document.id not in drop] + missing)[:count]


class NotedWriter:
    """Puts the nearest documents into each prompt, as much as the context holds, then lets a writer answer.

    `facts` counts the prompts whose documents had to be cut.
    """

    can = frozenset({"generate"})

    def __init__(self, writer: Reader, library: Library, count: int) -> None:
        self.writer, self.library, self.count = writer, library, count
        self.facts: dict[str, float] = {**getattr(writer, "facts", {}), "prompts_with_cut_documents": 0.0}

    def answer(self, questions: Sequence[Question]) -> list[Answer]:
        """Answers with the ids of the documents that stood in the prompt, best first."""
        noted = [self._noted(question) for question in questions]
        answers = self.writer.answer([question for question, _ in noted])
        return [replace(answer, documents=ids) for answer, (_, ids) in zip(answers, noted, strict=True)]

    def _noted(self, question: Question) -> tuple[Question, tuple[str, ...]]:
        turns = question.messages or (Message("user", question.text),)
        found = self.library.find(query_of(turns), self.count)
        room = self.writer.context - self.writer.max_tokens
        kept, cut = cut_to_room(
            found, lambda documents: len(self.writer.encode(noted_turns(turns, documents))), room
        )
        self.facts["prompts_with_cut_documents"] += float(cut > 0)
        return replace(question, messages=noted_turns(turns, kept)), tuple(document.id for document in kept)


def query_of(turns: Sequence[Message]) -> str:
    """What is searched for: the last turn of the user, or nothing."""
    return next((turn.content for turn in reversed(turns) if turn.role == "user"), "")


def noted_turns(turns: Sequence[Message], documents: Sequence[Document]) -> tuple[Message, ...]:
    """The conversation with documents, or as it was where none is left."""
    return with_documents(turns, documents) if documents else tuple(turns)
