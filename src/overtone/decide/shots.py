"""Answering with solved examples as earlier turns of the conversation, by any system that reads conversations."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Protocol

from overtone.classical.classifier import asked
from overtone.core.answer import Answer, System
from overtone.core.example import Example, Message, Question
from overtone.decide.room import fitting
from overtone.decide.wanted import likelihoods
from overtone.retrieve.hit import Searcher

Turns = tuple[Message, ...]


class Asked(System, Protocol):
    """A system that can say how it reads a conversation."""

    def encode(self, turns: Sequence[Message]) -> Sequence[int]:
        """Tokens of a conversation up to the point where the answer begins."""
        ...


class Shots(Protocol):
    """Where examples come from."""

    def best(self, texts: Sequence[str], count: int) -> list[list[Example]]:
        """At most `count` examples for each text, best first."""
        ...

    def in_order(self, best: Sequence[Example]) -> Sequence[Example]:
        """Examples, best first, in the order in which a prompt shows them."""
        ...


class NearestShots:
    """The examples that a search finds for each text; the nearest stands last, beside the question."""

    def __init__(self, searcher: Searcher, examples: Sequence[Example]) -> None:
        self.searcher, self.examples = searcher, examples

    def best(self, texts: Sequence[str], count: int) -> list[list[Example]]:
        """The nearest first; where fewer are found, the first of the other rows fill up."""
        return [
            [self.examples[place] for place in self._filled([hit.place for hit in hits], count)]
            for hits in self.searcher.search(texts, count)
        ]

    def in_order(self, best: Sequence[Example]) -> Sequence[Example]:
        """The nearest last."""
        return best[::-1]

    def _filled(self, places: list[int], count: int) -> list[int]:
        others = (place for place in range(len(self.examples)) if place not in places)
        return places + [place for place, _ in zip(others, range(count - len(places)))]


class FixedShots:
    """The same examples for every text: all prompts begin alike, and what they begin with is computed once."""

    def __init__(self, examples: Sequence[Example]) -> None:
        self.examples = list(examples)

    def best(self, texts: Sequence[str], count: int) -> list[list[Example]]:
        """The first ones."""
        return [self.examples[:count] for _ in texts]

    def in_order(self, best: Sequence[Example]) -> Sequence[Example]:
        """As they are, so that a prompt with room for fewer still begins as the others do."""
        return best


class Shown:
    """Puts solved examples before each question, as many as fit, and lets a system answer.

    `write` makes the turns of a question after examples, `room` is the longest prompt in tokens. `facts` has the mean
    number of examples that the context held.
    """

    def __init__(
        self,
        system: Asked,
        shots: Shots,
        count: int,
        write: Callable[[Question, Sequence[Example]], Turns],
        room: int,
    ) -> None:
        self.system, self.shots, self.count, self.write, self.room = system, shots, count, write, room
        self.can = system.can
        self._asked = self._shown = 0

    @property
    def facts(self) -> dict[str, float]:
        """Mean examples in a prompt, over all that was asked so far, and how many were wanted."""
        return {
            **getattr(self.system, "facts", {}),
            "examples_in_prompt": self._shown / max(1, self._asked),
            "examples_wanted": float(self.count),
        }

    def answer(self, questions: Sequence[Question]) -> list[Answer]:
        """Answers to the questions with their examples."""
        return self.system.answer(self.prompts(questions))

    def likelihoods(self, questions: Sequence[Question], answers: Sequence[str]) -> list[float | None]:
        """Natural-log probability of each given answer behind the examples; None where the system cannot tell."""
        return likelihoods(self.system, self.prompts(questions), answers)

    def prompts(self, questions: Sequence[Question]) -> list[Question]:
        """The questions as conversations that begin with their examples."""
        found = self.shots.best([asked(question) for question in questions], self.count)
        return [self._with_shots(*pair) for pair in zip(questions, found, strict=True)]

    def _with_shots(self, question: Question, found: Sequence[Example]) -> Question:
        def turns(chosen: Sequence[Example]) -> Turns:
            return self.write(question, self.shots.in_order(chosen))

        kept = fitting(found, lambda chosen: len(self.system.encode(turns(chosen))), self.room)
        self._asked, self._shown = self._asked + 1, self._shown + len(kept)
        return replace(question, messages=turns(kept))
