"""Answering with a sentence of the documents: of the best passages, the sentence nearest to the question."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Literal

from overtone.core.answer import Answer
from overtone.core.event import Event
from overtone.core.example import Question
from overtone.decide.deciding import deciding_value
from overtone.decide.extract_sentences import sentences
from overtone.decide.notes import query_of
from overtone.decide.rival import Materials
from overtone.retrieve.bm25 import Bm25Index
from overtone.retrieve.dense import Encoder
from overtone.retrieve.fused import fuse
from overtone.retrieve.library import Library

By = Literal["words", "meaning", "both"]
WAYS: tuple[By, ...] = ("words", "meaning", "both")
PASSAGES = (1, 3, 5)  # best passages whose sentences compete, tried where the plan names no number
SAMPLE = 300  # validation rows that settings are chosen on


@dataclass(frozen=True)
class Found:
    """The sentences of one question's passages, the best passage first, and how near each is to the question."""

    documents: tuple[str, ...]  # of each passage
    sentences: tuple[tuple[str, int], ...]  # each with the place of its passage
    words: Any  # BM25 of each sentence
    meaning: Any  # its cosine

    def answer(self, by: By, passages: int) -> Answer:
        """The nearest sentence of the first passages, which cites its document; empty where nothing was found."""
        count = sum(place < passages for _, place in self.sentences)
        if not count:
            return Answer(text="")
        scores = {"words": [self.words], "meaning": [self.meaning], "both": [self.words, self.meaning]}[by]
        best = fuse([(-one[:count]).argsort(kind="stable").tolist() for one in scores])[0].place
        text, place = self.sentences[best]
        return Answer(text=text, documents=self.documents[:passages], cited=(self.documents[place],))


class SentenceIndex:
    """The sentences of a library's passages, ready to be compared with questions by words and by meaning."""

    def __init__(self, library: Library, encoder: Encoder) -> None:
        self.library, self.encoder = library, encoder
        self.sentences: list[str] = []
        self.spans: list[range] = []
        for passage in library.passages:
            self.sentences += sentences(passage.text)
            self.spans.append(range(self.spans[-1].stop if self.spans else 0, len(self.sentences)))
        self.words = Bm25Index(self.sentences)

    @cached_property
    def vectors(self) -> Any:
        """The meaning of each sentence: (sentences, size)."""
        return self.encoder.embed(self.sentences)

    def find(self, queries: Sequence[str], passages: int) -> list[Found]:
        """The sentences of the best passages of each query."""
        asked = self.encoder.embed(queries)
        hits = self.library.search(queries, passages)
        return [
            self._found(query, vector, [hit.place for hit in found])
            for query, vector, found in zip(queries, asked, hits, strict=True)
        ]

    def _found(self, query: str, vector: Any, passages: Sequence[int]) -> Found:
        places = [place for passage in passages for place in self.spans[passage]]
        owners = [rank for rank, passage in enumerate(passages) for _ in self.spans[passage]]
        return Found(
            tuple(self.library.passages[passage].id for passage in passages),
            tuple((self.sentences[place], owner) for place, owner in zip(places, owners, strict=True)),
            self.words.scores(query)[places],
            self.vectors[places] @ vector,
        )


class SentenceAnswerer:
    """A system that answers with a sentence and names the document that it stands in."""

    can = frozenset({"generate"})
    cite = True

    def __init__(self, index: SentenceIndex, by: By, passages: int) -> None:
        self.index, self.by, self.passages = index, by, passages
        self.facts: dict[str, float | str] = {
            "sentence_by": by,
            "passages_read": float(passages),
            "sentences": float(len(index.sentences)),
            **index.library.facts,
        }

    def answer(self, questions: Sequence[Question]) -> list[Answer]:
        """One sentence each; the time of a batch is shared evenly."""
        start = time.perf_counter()
        found = self.index.find([asked(question) for question in questions], self.passages)
        answers = [one.answer(self.by, self.passages) for one in found]
        seconds = (time.perf_counter() - start) / max(1, len(answers))
        return [replace(answer, seconds=seconds) for answer in answers]


def asked(question: Question) -> str:
    """What is searched for: the last turn of the user, or the text."""
    return query_of(question.messages) or question.text


def choose_way(
    index: SentenceIndex, ways: Sequence[By], counts: Sequence[int], materials: Materials, key: str
) -> tuple[By, int]:
    """The way and the number of passages that do best on validation rows by the task's metric.

    Ties go to the first of the ways and to fewer passages. One of each is not tried.
    """
    rows = materials.validation[:SAMPLE]
    tried = [(by, count) for by in ways for count in counts]
    if len(tried) == 1 or not rows:
        return tried[0]
    found = index.find([asked(row.question) for row in rows], max(counts))
    values = []
    for done, way in enumerate(tried, start=1):
        values.append(deciding_value(materials.task, rows, [one.answer(*way) for one in found]))
        materials.watch(Event(f"prepare {key}", done, len(tried)))
    return tried[values.index(max(values))]
