"""The baseline of span extraction: the sentence of the passage that shares most words with the question."""

import time
from collections.abc import Sequence
from typing import ClassVar

from overtone.core.answer import Answer, System
from overtone.core.example import Question
from overtone.decide.extract_sentences import sentences
from overtone.decide.rival import Materials, Rival
from overtone.retrieve.bm25 import Bm25Index


class NearestSentence(Rival):
    """The sentence of the passage that is nearest to the question by shared words (BM25); the first where none is."""

    name: ClassVar[str] = "nearest_sentence"
    title: ClassVar[str] = "nearest sentence"
    needs: ClassVar[tuple[frozenset[str], ...]] = (frozenset({"extract"}),)
    order: ClassVar[int] = 0

    def prepare(self, materials: Materials) -> System:
        """Nothing is learned."""
        return Sentences()


class Sentences:
    """A system that answers with one sentence of each passage."""

    can = frozenset({"extract"})

    def answer(self, questions: Sequence[Question]) -> list[Answer]:
        """One sentence each; the time of a batch is shared evenly."""
        start = time.perf_counter()
        texts = [nearest(*(turn.content for turn in question.messages)) for question in questions]
        seconds = (time.perf_counter() - start) / max(1, len(texts))
        return [Answer(text=text, seconds=seconds) for text in texts]


def nearest(passage: str, question: str) -> str:
    """The sentence of a passage nearest to a question."""
    found = sentences(passage) or [passage]
    hits = Bm25Index(found).search([question], 1)[0]
    return found[hits[0].place if hits else 0]
