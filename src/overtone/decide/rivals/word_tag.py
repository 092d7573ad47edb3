"""The trivial baseline of token labelling: each word gets the tag that it has most often."""

import time
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import ClassVar

from overtone.core.answer import Answer, System
from overtone.core.example import Question
from overtone.decide.rival import Materials, Rival


class WordTag(Rival):
    """The most frequent tag of each word, whatever stands around it; of an unknown word, the most frequent of all."""

    name: ClassVar[str] = "word_tag"
    title: ClassVar[str] = "most frequent tag of the word"
    needs: ClassVar[tuple[frozenset[str], ...]] = (frozenset({"tag"}),)
    order: ClassVar[int] = 0

    def prepare(self, materials: Materials) -> System:
        """Count tags, without case; ties go to the tag that is met first."""
        counts: dict[str, Counter[str]] = defaultdict(Counter)
        total: Counter[str] = Counter()
        for row in (*materials.train, *materials.validation):
            for word, tag in zip(row.text.split(), row.labels, strict=True):
                counts[word.casefold()][tag] += 1
                total[tag] += 1
        tags = {word: found.most_common(1)[0][0] for word, found in counts.items()}
        return WordTags(tags, total.most_common(1)[0][0])


class WordTags:
    """A system that looks the tag of each word up."""

    can = frozenset({"tag"})

    def __init__(self, tags: Mapping[str, str], unknown: str) -> None:
        self.tags, self.unknown = tags, unknown
        self.facts = {"known_words": float(len(tags))}

    def answer(self, questions: Sequence[Question]) -> list[Answer]:
        """The tags of each text; the time of a batch is shared evenly."""
        start = time.perf_counter()
        texts = [" ".join(self._of(question.text.split())) for question in questions]
        seconds = (time.perf_counter() - start) / max(1, len(texts))
        return [Answer(text=text, seconds=seconds) for text in texts]

    def _of(self, words: Sequence[str]) -> list[str]:
        return [self.tags.get(word.casefold(), self.unknown) for word in words]
