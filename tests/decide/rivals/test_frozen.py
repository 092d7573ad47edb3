"""The rivals over frozen features: one embedding for all, settings chosen on validation rows, facts told."""

import numpy as np
import pytest

from overtone.core.example import Question
from overtone.core.tasks.classify import ClassifyTask
from overtone.decide.offers import default_rivals, offers
from overtone.decide.rival import Materials
from overtone.decide.rivals import embedding_svm
from overtone.decide.rivals.embedding_boosting import EmbeddingBoosting
from overtone.decide.rivals.embedding_head import EmbeddingHead
from overtone.decide.rivals.embedding_neighbours import EmbeddingNeighbours
from overtone.decide.rivals.embedding_svm import EmbeddingSvm
from tests.decide.materials import ROWS, sorting

ASKED = [Question(str(row), text=text) for row, (text, *_) in enumerate(ROWS)]
WANTED = [label for _, label, _ in ROWS]
LEARNED = [
    EmbeddingSvm(),
    EmbeddingSvm(kernel="linear"),
    EmbeddingSvm(kernel="rbf"),
    EmbeddingNeighbours(count=1),
]
KINDS = [*LEARNED, EmbeddingNeighbours(), EmbeddingBoosting(iterations=5)]


@pytest.mark.parametrize("multi_label", [False, True])
@pytest.mark.parametrize("rival", KINDS, ids=str)
def test_each_gives_probabilities_of_all_labels_and_counts_tokens(small_base, rival, multi_label):
    materials = sorting(small_base("bert"), multi_label=multi_label)
    answers = rival.prepare(materials).answer(ASKED)
    for answer in answers:
        values = list(answer.probabilities.values())
        assert tuple(answer.probabilities) == materials.labels
        assert all(0 <= value <= 1 for value in values)
        assert multi_label or sum(values) == pytest.approx(1, abs=1e-5)
        assert answer.prompt_tokens > 2
    if rival in LEARNED and not multi_label:
        assert [answer.label for answer in answers] == WANTED


def test_the_rows_are_embedded_once_for_all_of_them(small_base, monkeypatch):
    from overtone.engine import features

    calls, embed = [], features.embed
    monkeypatch.setattr(features, "embed", lambda base, texts: calls.append(len(texts)) or embed(base, texts))
    materials = sorting(small_base("bert"))
    systems = [rival.prepare(materials) for rival in (EmbeddingHead(), *KINDS)]
    assert calls == [12]
    assert [system.facts["spared_seconds"] > 0 for system in systems] == [False, *([True] * len(KINDS))]


def test_both_kernels_are_tried_up_to_a_number_of_rows_and_what_is_left_out_is_told(small_base, monkeypatch):
    told = []
    materials = sorting(small_base("bert"), watch=told.append)
    assert "left_out" not in EmbeddingSvm().prepare(materials).facts
    assert (told[-1].phase, told[-1].done, told[-1].total) == ("prepare embedding_svm", 7, 7)
    monkeypatch.setattr(embedding_svm, "MOST_RBF_ROWS", 11)
    facts = EmbeddingSvm().prepare(materials).facts
    assert facts["left_out"] == "rbf: 12 rows are over 11"
    assert facts["kernel"] == "linear"
    assert told[-1].total == 3
    named = EmbeddingSvm(kernel="rbf").prepare(materials).facts  # who names it gets it
    assert (named["kernel"], "left_out" in named) == ("rbf", False)
    assert named["width"] in (0.1, 0.3)


def test_neighbours_are_chosen_on_validation_rows_which_then_vote(small_base, monkeypatch):
    monkeypatch.setattr(Materials, "row_vectors", Stretched())
    facts = EmbeddingNeighbours().prepare(sorting(small_base("bert"))).facts
    assert facts["metric"] == "whitened"
    assert facts["labelled_rows"] == 12
    assert (
        EmbeddingNeighbours(metric="cosine").prepare(sorting(small_base("bert"))).facts["metric"] == "cosine"
    )


class Stretched:
    """Vectors whose labels show in a direction of little variance only."""

    def take(self):
        signal = np.array([1, 1, 1, -1, -1, -1], np.float32)
        long = 20 * np.random.default_rng(0).normal(size=(2, 6)).astype(np.float32)
        return *np.stack([long, np.stack([signal, signal])], axis=2), 0.0


def test_boosting_tells_what_its_bound_cut(small_base):
    facts = EmbeddingBoosting(iterations=2).prepare(sorting(small_base("bert"))).facts
    assert facts["iterations"] == 2
    assert "cut" in facts or facts["iterations"] < 2


def test_the_quick_ones_are_measured_unasked_and_boosting_where_it_is_named():
    def frozen_names(kind):
        rivals = default_rivals(offers(ClassifyTask(), kind, chat_template=False, documents=False))
        return [rival.key for rival in rivals if rival.key.startswith("embedding")]

    assert frozen_names("encoder") == ["embedding_head", "embedding_svm"]
    assert frozen_names("decoder") == ["embedding_head", "embedding_svm", "embedding_neighbours"]
