"""The baseline of a help desk: sort the question, send that category's stock reply."""

import time
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from random import Random
from typing import ClassVar

from overtone.classical.classifier import FeatureClassifier
from overtone.classical.fit import linear_svm
from overtone.classical.tfidf import fit_tfidf
from overtone.core.answer import Answer, System
from overtone.core.example import Example, Question
from overtone.decide.linear_rows import fit_categories
from overtone.decide.rival import Materials, Rival

SAMPLE = 64  # replies of a category that are compared with each other


class CannedReply(Rival):
    """The stock reply of the predicted category, or of all rows where rows carry no category.

    The category is a row's first label, predicted by TF-IDF and a linear model. Its stock reply is the
    training answer that shares most words with the category's others (the medoid by token F1).
    """

    name: ClassVar[str] = "canned_reply"
    title: ClassVar[str] = "canned reply"
    needs: ClassVar[tuple[frozenset[str], ...]] = (frozenset({"generate"}),)
    order: ClassVar[int] = 5

    def prepare(self, materials: Materials) -> System:
        """Find the replies, and fit the model that chooses between them."""
        replies = stock_replies([*materials.train, *materials.validation], materials.seed)
        if len(replies) == 1:
            only = next(iter(replies))
            return CannedReplies(replies, lambda questions: [only for _ in questions])
        return CannedReplies(replies, self._sorter(materials))

    def _sorter(self, materials: Materials) -> Callable[[Sequence[Question]], list[str]]:
        features = fit_tfidf([row.input for row in materials.train])
        model = fit_categories(materials, features, linear_svm)
        sorter = FeatureClassifier(features, model)
        return lambda questions: [answer.label or "" for answer in sorter.answer(questions)]


class CannedReplies:
    """A system that answers with the stock reply of the category that `sort` gives a question."""

    can = frozenset({"generate"})

    def __init__(
        self, replies: Mapping[str, str], sort: Callable[[Sequence[Question]], Sequence[str]]
    ) -> None:
        self.replies, self.sort = replies, sort
        self.facts = {"stock_replies": float(len(replies))}

    def answer(self, questions: Sequence[Question]) -> list[Answer]:
        """One stock reply each; the time of a batch is shared evenly."""
        start = time.perf_counter()
        categories = self.sort(questions)
        seconds = (time.perf_counter() - start) / max(1, len(questions))
        return [Answer(text=self.replies[category], seconds=seconds) for category in categories]


def stock_replies(rows: Sequence[Example], seed: int) -> dict[str, str]:
    """The stock reply of each category; of the category "" where not every row has one."""
    by_category: dict[str, list[str]] = defaultdict(list)
    sorted_rows = all(row.labels for row in rows)
    for row in rows:
        by_category[row.labels[0] if sorted_rows else ""].append(row.completion)
    return {category: medoid(texts, seed) for category, texts in sorted(by_category.items())}


def medoid(texts: Sequence[str], seed: int) -> str:
    """The text most like the others on average, among at most SAMPLE of them; ties go to the first."""
    sample = list(texts) if len(texts) <= SAMPLE else Random(seed).sample(list(texts), SAMPLE)
    bags = [Counter(text.lower().split()) for text in sample]
    likeness = [sum(token_f1(bag, other) for other in bags) for bag in bags]
    return sample[likeness.index(max(likeness))]


def token_f1(first: Counter[str], second: Counter[str]) -> float:
    """Harmonic mean of the shares of tokens that two bags have in common."""
    total = first.total() + second.total()
    return 2 * (first & second).total() / total if total else 1.0
