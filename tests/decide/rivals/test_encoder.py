"""The rivals on an encoder: label names, votes of neighbours, frozen features."""

import numpy as np
import pytest

from overtone.core.errors import UserError
from overtone.core.example import Question
from overtone.decide.neighbours import share_right, votes
from overtone.decide.relative import relative
from overtone.decide.rivals.embedding_head import EmbeddingHead
from overtone.decide.rivals.few_shot import FewShot
from overtone.decide.rivals.zero_shot import ZeroShot
from overtone.retrieve.vectors import VectorIndex
from tests.decide.materials import ROWS, sorting

ASKED = [Question(str(row), text=text) for row, (text, *_) in enumerate(ROWS)]
KINDS = [ZeroShot(), FewShot(), FewShot(examples=1), EmbeddingHead()]


@pytest.mark.parametrize("rival", KINDS, ids=lambda rival: rival.name)
@pytest.mark.parametrize("multi_label", [False, True])
def test_each_gives_probabilities_of_all_labels_and_counts_tokens(small_base, rival, multi_label):
    materials = sorting(small_base("bert"), multi_label=multi_label)
    for answer in rival.prepare(materials).answer(ASKED):
        values = list(answer.probabilities.values())
        assert tuple(answer.probabilities) == materials.labels
        assert all(0 <= value <= 1 for value in values)
        assert multi_label or sum(values) == pytest.approx(1, abs=1e-5)
        assert answer.prompt_tokens > 2


@pytest.mark.parametrize("rival", [FewShot(examples=1), EmbeddingHead()])
def test_what_learns_from_rows_gives_their_labels_back(small_base, rival):
    system = rival.prepare(sorting(small_base("bert")))
    assert [answer.label for answer in system.answer(ASKED)] == [label for _, label, _ in ROWS]


def test_validation_rows_choose_the_count_and_then_vote_with_their_own_labels(small_base):
    rows = sorting().train
    system = FewShot().prepare(sorting(small_base("bert"), train=rows[:5], validation=rows[5:]))
    assert system.facts["labelled_rows"] == 6
    single = FewShot(examples=1).prepare(sorting(small_base("bert"), train=rows[:5], validation=rows[5:]))
    assert [answer.label for answer in single.answer(ASKED)] == [label for _, label, _ in ROWS]


def test_rows_are_embedded_once_for_all_and_the_spared_time_is_told(small_base, monkeypatch):
    from overtone.engine import features

    calls, embed = [], features.embed
    monkeypatch.setattr(features, "embed", lambda base, texts: calls.append(len(texts)) or embed(base, texts))
    materials = sorting(small_base("bert"))
    first, second = FewShot().prepare(materials), EmbeddingHead().prepare(materials)
    assert calls == [12]
    assert first.facts["spared_seconds"] == 0.0
    assert second.facts["spared_seconds"] > 0.0


def test_settings_that_an_encoder_does_not_read_are_refused(small_base):
    for rival in (ZeroShot(instruction="Sort."), FewShot(names={"a": "b"})):
        with pytest.raises(UserError, match="by decoders that sort only: leave it out"):
            rival.prepare(sorting(small_base("bert")))
    with pytest.raises(
        UserError, match="'choose' of few_shot is read by bases that write only: leave it out"
    ):
        FewShot(choose="random").prepare(sorting(small_base("bert")))


def test_the_nearest_name_wins(small_base):
    names = {"card_arrival": "the card is late", "slow_wifi": "zzzzz zzzz"}
    system = ZeroShot(names=names).prepare(sorting(small_base("bert")))
    answer = system.answer(ASKED[:1])[0]
    assert answer.label == "card_arrival"
    assert answer.probabilities["card_arrival"] > 0.5


def test_votes_weigh_by_similarity():
    index = VectorIndex(np.array([[1, 0], [0.8, 0.6], [0, 1]], dtype=np.float32))
    wanted = np.array([[1, 0], [0, 1], [0, 1]])
    share = votes(index, wanted, np.array([[1, 0]], dtype=np.float32), 3)
    weights = np.exp((np.array([1, 0.8, 0]) - 1) / 0.05)
    assert share[0] == pytest.approx([weights[0] / weights.sum(), weights[1:].sum() / weights.sum()])


def test_right_means_exactly_the_wanted_labels():
    shares, wanted = np.array([[0.6, 0.5], [0.9, 0.1]]), np.array([[1, 0], [1, 0]])
    assert share_right(shares, wanted, None) == 1.0
    assert share_right(shares, wanted, 0.5) == 0.5
    assert share_right(shares[:0], wanted[:0], None) == 0.0


def test_scores_become_probabilities_relative_to_the_rest_or_to_the_best():
    scores = {"a": 1.0, "b": 0.5}
    assert relative(scores, False)["a"] == pytest.approx(1 / (1 + np.exp(-0.5)))
    assert relative(scores, True, 0.5) == pytest.approx({"a": 1.0, "b": np.exp(-1)})
