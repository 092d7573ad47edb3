"""A tuned base that embeds queries and passages, and finds the passages nearest to a query."""

import time
from collections.abc import Sequence
from typing import Any

import torch
from torch.nn.functional import normalize

from overtone.core.answer import Answer
from overtone.core.example import Document, Question
from overtone.engine.learner import Learner
from overtone.engine.predictor import Predictor, Read, Record
from overtone.models.base import Base
from overtone.models.text import encode_text


class Embedder(Predictor):
    """A system that gives each text a vector of unit length; a text over the context is read from its beginning."""

    can = frozenset({"embed", "predict"})

    def __init__(self, base: Base, learner: Learner, found: int) -> None:
        super().__init__(base, learner)
        self.found = found

    def read(self, question: Question) -> list[Read]:
        """The query."""
        text = question.text or question.messages[-1].content
        return [Read(encode_text(self.base, text)[: self.base.description.context])]

    def records(self, reads: Sequence[Read]) -> list[Record]:
        """The vector of each text, as `embedding`."""
        vectors = normalize(self.learner.features([one.tokens for one in reads]).float(), dim=-1)
        return [{"embedding": vector} for vector in vectors.tolist()]

    def text(self, record: Record) -> str:
        """No text: what is near can only be said over documents."""
        return ""

    def numbers(self, record: Record) -> list[float]:
        """The vector."""
        vector: list[float] = record["embedding"]
        return vector

    def over(self, documents: Sequence[Document]) -> "DocumentFinder":
        """The system that ranks these documents for each query."""
        finder = DocumentFinder(self.base, self.learner, self.found)
        finder.facts = self.facts
        finder.take(documents)
        return finder


class DocumentFinder(Embedder):
    """An embedder over documents: it answers a query with the text of the nearest, and names the best in order."""

    def take(self, documents: Sequence[Document]) -> None:
        """Embed the documents."""
        self.documents = tuple(documents)
        self.vectors = self._vectors([Question(one.id, passage_text(one)) for one in documents])

    def answer(self, questions: Sequence[Question]) -> list[Answer]:
        """The nearest documents by cosine; among equal ones the earlier. The time of a batch is shared evenly."""
        start = time.perf_counter()
        near = self._vectors(questions) @ self.vectors.T  # (queries, documents)
        order = torch.sort(near, dim=-1, descending=True, stable=True).indices[:, : self.found].tolist()
        seconds = (time.perf_counter() - start) / max(1, len(questions))
        return [self._answer(places, seconds) for places in order]

    def _answer(self, places: Sequence[int], seconds: float) -> Answer:
        ids = tuple(self.documents[place].id for place in places)
        return Answer(text=self.documents[places[0]].text, documents=ids, seconds=seconds)

    def _vectors(self, questions: Sequence[Question]) -> Any:
        return torch.tensor([record["embedding"] for record in self.predict(questions)])


def passage_text(document: Document) -> str:
    """What is embedded of a document: its title, where it has one, above its text."""
    return f"{document.title}\n{document.text}".strip()
