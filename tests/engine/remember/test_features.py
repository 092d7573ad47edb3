"""Frozen features are extracted once, for all settings, folds, rivals and commands."""

from collections import Counter

import numpy as np
import pytest

from overtone.engine import features
from overtone.engine.features import embed
from overtone.engine.remember import Store, remembering
from overtone.models.base import load_base

TEXTS = [f"row {number} " + "and so on " * (number % 4) for number in range(30)]


@pytest.fixture
def counted(monkeypatch):
    """Counts how often each row of tokens is really computed."""
    rows = Counter()
    plain = features.pooled

    def pooled(body, stream, pooling):
        rows.update(tuple(stream.tokens[places].tolist()) for places in stream.places)
        return plain(body, stream, pooling)

    monkeypatch.setattr(features, "pooled", pooled)
    return rows


@pytest.mark.parametrize("family", ["bert", "llama"])
def test_twenty_settings_by_five_folds_extract_once(small_base, tmp_path, counted, family):
    found = []
    bases = [load_base(str(small_base(family))) for _ in range(3)]  # as several commands load it
    for setting in range(20):
        base = bases[setting % 3]
        with remembering(Store(tmp_path / "store", 10**9)):
            for fold in range(5):
                held = TEXTS[fold::5]
                kept = [text for text in TEXTS if text not in held]
                found.append(np.concatenate([embed(base, kept), embed(base, held)]))
    assert len(counted) == len(TEXTS)
    assert set(counted.values()) == {1}, "exactly one extraction"
    for setting in range(1, 20):
        for fold in range(5):
            assert np.array_equal(found[5 * setting + fold], found[fold])


def test_remembered_vectors_are_those_computed(small_base, tmp_path):
    base = load_base(str(small_base("bert")))
    plain = embed(base, TEXTS)
    for _ in range(2):
        with remembering(Store(tmp_path / "store", 10**9)) as store:
            assert np.array_equal(embed(base, TEXTS), plain)
    assert store.account.hits == len(TEXTS)
    assert np.allclose(np.linalg.norm(plain, axis=1), 1, atol=1e-6)


def test_a_trained_base_is_not_taken_for_the_old_one(small_base, tmp_path):
    base = load_base(str(small_base("bert")))
    with remembering(Store(tmp_path / "store", 10**9)) as store:
        before = embed(base, TEXTS)
        for weight in base.model.parameters():
            weight.data.mul_(1.5)
        assert not np.array_equal(embed(base, TEXTS), before)
    assert store.account.hits == 0


def test_nothing_reaches_the_disk_unless_asked(small_base, tmp_path, monkeypatch):
    monkeypatch.setenv("OVERTONE_CACHE", str(tmp_path / "store"))
    embed(load_base(str(small_base("bert"))), TEXTS)
    assert not (tmp_path / "store").exists()


def test_no_texts(small_base, tmp_path):
    base = load_base(str(small_base("bert")))
    with remembering(Store(tmp_path / "store", 10**9)):
        assert embed(base, []).shape == (0, base.description.hidden)
