"""The classical rival of token labelling: features of a word and its neighbours, and a linear model."""

import time
from collections.abc import Sequence
from typing import Any, ClassVar

from overtone.core.answer import Answer, System
from overtone.core.example import Question
from overtone.decide.rival import Materials, Rival

AROUND = (-2, -1, 0, 1, 2)  # neighbours that are looked at
ENDS = (2, 3)  # characters of the beginnings and ends of a word
PASSES = 20  # over the words


class WordFeatures(Rival):
    """Words around a word, its shape, its beginning and end, into logistic regression; each word stands for itself.

    Trained by averaged stochastic gradient descent on training and validation rows.
    """

    name: ClassVar[str] = "word_features"
    title: ClassVar[str] = "word features + linear model"
    needs: ClassVar[tuple[frozenset[str], ...]] = (frozenset({"tag"}),)
    order: ClassVar[int] = 10
    curve: ClassVar[bool] = True

    def prepare(self, materials: Materials) -> System:
        """Fit features and model."""
        from sklearn.feature_extraction import DictVectorizer
        from sklearn.linear_model import SGDClassifier

        rows = [*materials.train, *materials.validation]
        vectorizer = DictVectorizer()
        matrix = _narrow(
            vectorizer.fit_transform([one for row in rows for one in features(row.text.split())])
        )
        tags = [tag for row in rows for tag in row.labels]
        if len(set(tags)) == 1:
            return LinearTags(vectorizer, None, tags[0])
        model = SGDClassifier(
            loss="log_loss", alpha=1e-5, average=True, max_iter=PASSES, tol=None, random_state=materials.seed
        )
        return LinearTags(vectorizer, model.fit(matrix, tags), tags[0])


class LinearTags:
    """A system that tags each word by a linear model over its features; `only` where there is but one tag."""

    can = frozenset({"tag"})

    def __init__(self, vectorizer: Any, model: Any, only: str) -> None:
        self.vectorizer, self.model, self.only = vectorizer, model, only
        self.facts = {"parameters": float(model.coef_.size + model.intercept_.size) if model else 0.0}

    def answer(self, questions: Sequence[Question]) -> list[Answer]:
        """The tags of each text; the time of a batch is shared evenly."""
        start = time.perf_counter()
        texts = [question.text.split() for question in questions]
        found = iter(self._tags([one for words in texts for one in features(words)]))
        tags = [" ".join(next(found) for _ in words) for words in texts]
        seconds = (time.perf_counter() - start) / max(1, len(texts))
        return [Answer(text=text, seconds=seconds) for text in tags]

    def _tags(self, words: list[dict[str, float]]) -> list[str]:
        if self.model is None or not words:
            return [self.only] * len(words)
        tags: list[str] = self.model.predict(_narrow(self.vectorizer.transform(words))).tolist()
        return tags


def _narrow(matrix: Any) -> Any:
    """The sparse matrix with indexes of 32 bits, the only ones that the model takes."""
    matrix.indices, matrix.indptr = matrix.indices.astype("int32"), matrix.indptr.astype("int32")
    return matrix


def features(words: Sequence[str]) -> list[dict[str, float]]:
    """The features of each word of a text."""
    small = [word.casefold() for word in words]
    found = []
    for place, word in enumerate(words):
        near = {f"{step}:{_at(small, place + step)}": 1.0 for step in AROUND}
        ends = {f"<{small[place][:size]}": 1.0 for size in ENDS} | {
            f"{small[place][-size:]}>": 1.0 for size in ENDS
        }
        pair = {f"pair:{_at(small, place - 1)} {small[place]}": 1.0}
        found.append({**near, **ends, **pair, f"shape:{_shape(word)}": 1.0})
    return found


def _at(words: Sequence[str], place: int) -> str:
    return words[place] if 0 <= place < len(words) else ""


def _shape(word: str) -> str:
    """`Ab`, `ab`, `AB`, `12`, or a mark: the kinds of characters, runs cut to one."""
    kinds = [
        "A" if one.isupper() else "a" if one.isalpha() else "1" if one.isdigit() else one for one in word
    ]
    return "".join(one for place, one in enumerate(kinds) if place == 0 or kinds[place - 1] != one)
