"""The n-gram model: a proper distribution that learns from context."""

from __future__ import annotations

from random import Random

import numpy as np
import pytest

from overtone.classical.ngram import NgramModel


def documents(seed: int, count: int) -> list[list[int]]:
    """A walk in which each token mostly follows from the one before."""
    random = Random(seed)
    rows = []
    for _ in range(count):
        row = [1]
        while len(row) < 40:
            row.append((row[-1] * 7 + 3) % 50 if random.random() < 0.8 else random.randrange(50))
        rows.append(row)
    return rows


def test_probabilities_of_all_tokens_sum_to_one():
    model = NgramModel.fit(documents(0, 50), vocabulary=60)
    for history in ([0, 0, 0, 1], [5, 38, 19, 36], [59, 59, 59, 59]):
        windows = np.array([[*history, token] for token in range(60)])
        assert model.probabilities(windows).sum() == pytest.approx(1, abs=1e-12)
        assert (model.probabilities(windows) > 0).all()


def test_context_beats_the_unigram_and_the_uniform_distribution():
    train, test = documents(0, 200), documents(1, 50)
    five, unigram = NgramModel.fit(train, vocabulary=60), NgramModel.fit(train, vocabulary=60, order=1)
    assert five.perplexity(test) < 0.3 * unigram.perplexity(test) < 0.3 * 60


def test_a_bigram_by_hand():
    model = NgramModel.fit([[1, 2], [1, 2], [1, 3]], vocabulary=4, order=2)
    # bigram counts 2 and 1: n1 = n2 = 1, discount 1/3; unigrams have one predecessor each: discount 1
    lower = 0 / 2 + 1 * 2 / 2 * (1 / 4)
    expected = (2 - 1 / 3) / 3 + (1 / 3) * 2 / 3 * lower
    assert model.probabilities(np.array([[1, 2]]))[0] == pytest.approx(expected)


def test_ids_up_to_the_limit_are_counted():
    model = NgramModel.fit([[1, 4095, 4095, 4095, 4095, 4095]], vocabulary=4096)
    assert model.probabilities(np.array([[4095] * 5]))[0] > 0.3


def test_a_large_vocabulary_is_counted_too():
    """Contexts are numbered, so keys stay far below 64 bits: the same counts under ids that are far apart."""
    near = NgramModel.fit(documents(0, 50), vocabulary=60)
    far = NgramModel.fit([[token * 4_000 for token in row] for row in documents(0, 50)], vocabulary=240_000)
    windows = np.array([[3, 24, 21, 0, 3]])
    assert far.probabilities(windows * 4_000)[0] == pytest.approx(near.probabilities(windows)[0], rel=1e-2)


def test_log_probabilities_are_of_every_token_but_the_first():
    model = NgramModel.fit(documents(0, 50), vocabulary=60)
    row = documents(1, 1)[0]
    found = model.log_probabilities(row)
    assert len(found) == len(row) - 1
    assert np.exp(-found.mean()) == pytest.approx(model.perplexity([row]))
