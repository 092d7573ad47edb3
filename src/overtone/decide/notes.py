"""Answering with retrieved documents in the prompt, by any system that writes text."""

from collections.abc import Sequence
from dataclasses import replace

from overtone.core.answer import Answer
from overtone.core.example import Document, Example, Message, Question
from overtone.decide.citing import ask_to_cite, numbered, read_citations
from overtone.decide.prompt import with_documents
from overtone.decide.room import Reader, cut_to_room
from overtone.decide.wanted import likelihoods
from overtone.retrieve.library import Library

# What a plan must offer for documents in its prompts.
NOTED = tuple(frozenset({"generate", "documents", kind}) for kind in ("decoder", "encoder-decoder"))


class NotedWriter:
    """Puts the nearest documents into each prompt, as much as the context holds, then lets a writer answer.

    With `cite` the answers name the documents that they rest on. `facts` counts the prompts whose documents had to be
    cut.
    """

    can = frozenset({"generate"})

    def __init__(self, writer: Reader, library: Library, count: int, cite: bool = False) -> None:
        self.writer, self.library, self.count, self.cite = writer, library, count, cite
        self._cut = 0

    @property
    def facts(self) -> dict[str, float]:
        """What the writer and the library tell, and how many prompts had no room for all documents."""
        own = {"documents_in_prompt": float(self.count), "prompts_with_cut_documents": float(self._cut)}
        return {**getattr(self.writer, "facts", {}), **self.library.facts, **own}

    def answer(self, questions: Sequence[Question]) -> list[Answer]:
        """Answers with the ids of the documents that stood in the prompt, best first."""
        prompts, shown = self.noted(questions)
        answers = [
            replace(answer, documents=ids)
            for answer, ids in zip(self.writer.answer(prompts), shown, strict=True)
        ]
        return [read_citations(answer) for answer in answers] if self.cite else answers

    def likelihoods(self, questions: Sequence[Question], answers: Sequence[str]) -> list[float | None]:
        """Natural-log probability of each given answer behind the documents; None where the writer cannot tell."""
        return likelihoods(self.writer, self.prompts(questions), answers)

    def prompts(self, questions: Sequence[Question]) -> list[Question]:
        """The questions as they are asked."""
        return self.noted(questions)[0]

    def noted(self, questions: Sequence[Question]) -> tuple[list[Question], list[tuple[str, ...]]]:
        """The questions with documents in their last user turn, and the ids of these documents."""
        turns = [question.messages or (Message("user", question.text),) for question in questions]
        found = self.library.find([query_of(one) for one in turns], self.count)
        kept = [self._kept(*pair) for pair in zip(turns, found, strict=True)]
        prompts = [
            replace(question, messages=self._written(one, documents))
            for question, one, documents in zip(questions, turns, kept, strict=True)
        ]
        return prompts, [tuple(document.id for document in documents) for documents in kept]

    def _kept(self, turns: Sequence[Message], found: Sequence[Document]) -> list[Document]:
        room = self.writer.context - self.writer.max_tokens
        kept, cut = cut_to_room(found, lambda some: len(self.writer.encode(self._written(turns, some))), room)
        self._cut += cut > 0
        return kept

    def _written(self, turns: Sequence[Message], documents: Sequence[Document]) -> tuple[Message, ...]:
        if not self.cite or not documents:
            return noted_turns(turns, documents)
        return noted_turns(ask_to_cite(turns), numbered(documents))


def found_with_gold(library: Library, examples: Sequence[Example], count: int) -> list[list[Document]]:
    """The nearest documents of training rows, each row's own gold documents among them in place of the last."""
    found = library.find([query_of(row.question.messages) for row in examples], count)
    return [_with_gold(library, *pair, count) for pair in zip(examples, found, strict=True)]


def _with_gold(library: Library, example: Example, found: Sequence[Document], count: int) -> list[Document]:
    known = {document.id for document in found}
    told = f"{example.input}\n{example.completion}"
    gold = [library.passage_of(one, told) for one in example.documents if one not in known]
    missing = [passage for passage in gold if passage is not None]
    spare = [document.id for document in found if document.id not in example.documents]
    over = max(0, len(found) + len(missing) - count)
    dropped = set(spare[max(0, len(spare) - over) :])
    return [*(document for document in found if document.id not in dropped), *missing][:count]


def query_of(turns: Sequence[Message]) -> str:
    """What is searched for: the last turn of the user, or nothing."""
    return next((turn.content for turn in reversed(turns) if turn.role == "user"), "")


def noted_turns(turns: Sequence[Message], documents: Sequence[Document]) -> tuple[Message, ...]:
    """The conversation with documents, or as it was where none is left."""
    return with_documents(turns, documents) if documents else tuple(turns)
