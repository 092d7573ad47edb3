"""Extractive summaries: the sentences of the last user turn that a ranking puts first, in the text's order."""

import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Literal

from overtone.core.answer import Answer
from overtone.core.event import Event
from overtone.core.example import Example, Question
from overtone.decide.deciding import deciding_value
from overtone.decide.extract_ranks import Frequencies, Rank, inverse_frequencies
from overtone.decide.extract_rows import likeness, source
from overtone.decide.extract_sentences import joined, lines, sentences
from overtone.decide.rival import Materials
from overtone.retrieve.words import words

Unit = Literal["sentences", "lines"]
SPLIT: dict[Unit, Callable[[str], list[str]]] = {"sentences": sentences, "lines": lines}
SHARES = (0.5, 1.0, 1.5, 2.0, 3.0)  # of the median length of wanted answers, tried on validation rows
COMMON = 0.5  # a piece that stands in this share of the inputs belongs to the instruction
SAMPLE = 300  # validation rows that settings are chosen on


@dataclass(frozen=True)
class Length:
    """How much is taken: so many pieces, or the longest beginning of the ranking with so many words, at least one."""

    words: float = float("inf")
    pieces: int | None = None

    def take(self, ranked: Sequence[int], sizes: Sequence[int]) -> list[int]:
        """The positions taken, in the order of the text."""
        taken, total = list(ranked[:1]), sizes[ranked[0]] if ranked else 0
        for place in ranked[1 : self.pieces]:
            total += sizes[place]
            if total > self.words:
                break
            taken.append(place)
        return sorted(taken)


@dataclass
class Extractor:
    """A system that answers with pieces of the input; pieces in `common` are never taken."""

    rank: Rank
    rarity: Frequencies
    unit: Unit
    length: Length
    common: frozenset[str]
    facts: dict[str, float | str] = field(default_factory=dict)
    can = frozenset({"generate"})

    def answer(self, questions: Sequence[Question]) -> list[Answer]:
        """One text each; the time of a batch is shared evenly."""
        start = time.perf_counter()
        texts = [self.extract(source(question.messages) or question.text) for question in questions]
        seconds = (time.perf_counter() - start) / max(1, len(texts))
        return [Answer(text=text, seconds=seconds) for text in texts]

    def extract(self, text: str) -> str:
        """The best pieces of a text in its own order; the text's only piece where all belong to the instruction."""
        whole = SPLIT[self.unit](text)
        pieces = [piece for piece in whole if piece not in self.common] or whole
        sizes = [len(words(piece)) for piece in pieces]
        return joined([pieces[place] for place in self.length.take(self.ranked(pieces), sizes)], self.unit)

    def ranked(self, pieces: Sequence[str]) -> list[int]:
        """Positions of pieces, best first."""
        return self.rank(pieces, self.rarity) if pieces else []


def extractor(materials: Materials, key: str, rank: Rank, unit: Unit | None, pieces: int | None) -> Extractor:
    """The extractor whose unit and length score best on validation rows by the task's metric.

    What is given is not chosen. Without validation rows it takes sentences of the wanted answers' median length.
    """
    inputs = [source(row.question.messages) for row in materials.train]
    rarity, found = inverse_frequencies(inputs), likeness(materials.train)
    lengths = [Length(pieces=pieces)] if pieces else [Length(found.length * share) for share in SHARES]
    candidates = [
        Extractor(rank, rarity, one, length, common_pieces(inputs, one))
        for one in ([unit] if unit else SPLIT)
        for length in lengths
    ]
    best = _best(candidates, materials, key)
    best.facts = {"unit": best.unit, **found.facts()}
    best.facts |= {"pieces": float(pieces)} if pieces else {"most_words": best.length.words}
    return best


def common_pieces(inputs: Sequence[str], unit: Unit) -> frozenset[str]:
    """Pieces that stand in at least a half of the inputs, such as "Sum up this dialogue."."""
    if len(inputs) < 4:  # too few to tell
        return frozenset()
    counts = Counter(piece for text in inputs for piece in set(SPLIT[unit](text)))
    return frozenset(piece for piece, count in counts.items() if count >= COMMON * len(inputs))


def _best(candidates: Sequence[Extractor], materials: Materials, key: str) -> Extractor:
    """The candidate of the highest value on validation rows, the first among equals."""
    rows: Sequence[Example] = materials.validation[:SAMPLE]
    if len(candidates) == 1 or not rows:
        return candidates[min(1, len(candidates) - 1)]  # the median length itself
    values = []
    for done, candidate in enumerate(candidates):
        values.append(deciding_value(materials.task, rows, candidate.answer([row.question for row in rows])))
        materials.watch(Event(f"prepare {key}", done + 1, len(candidates)))
    return candidates[values.index(max(values))]
