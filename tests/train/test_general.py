"""The general probe: the same texts everywhere, a number for each, and a likeness of features."""

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
import torch

from overtone.models.base import load_base
from overtone.train.general import paragraphs, probe, similarity, text_values

SmallBase = Callable[[str], Path]


def test_the_texts_are_eight_themes_of_four_paragraphs_of_four_sentences() -> None:
    found = paragraphs()
    assert set(Counter(theme for theme, _ in found).values()) == {4} and len(found) == 32
    assert {len(sentences) for _, sentences in found} == {4}
    texts = [sentence for _, sentences in found for sentence in sentences]
    assert len(set(texts)) == 128 and all(text.endswith(".") for text in texts)


def test_a_decoder_is_asked_for_the_likelihood_of_each_text_a_byte(small_base: SmallBase) -> None:
    base = load_base(str(small_base("llama")))
    (value,) = text_values(base, ["plain words"])
    tokens = torch.tensor([[1, *base.tokenizer("plain words", add_special_tokens=False)["input_ids"]]])
    with torch.no_grad():
        likely = base.model(tokens).logits.log_softmax(-1)[0, :-1].gather(1, tokens[0, 1:, None]).sum()
    assert value == pytest.approx(likely.item() / 11, abs=1e-5)
    assert text_values(base, ["long " * 100]) == [None]
    found = probe(base)
    assert found.kind == "text" and len(found.values) > 30 and max(found.values) < 0


def test_an_encoder_is_asked_for_the_theme_of_every_second_sentence(small_base: SmallBase) -> None:
    base = load_base(str(small_base("bert")))
    found = probe(base)
    assert (found.kind, len(found.values)) == ("features", 64)
    assert set(found.values) == {0.0, 1.0} and found.features is not None
    assert probe(base).values == found.values
    with torch.no_grad():
        base.model.embeddings.word_embeddings.weight.normal_(generator=torch.Generator().manual_seed(0))
    after = probe(base).features
    assert after is not None and similarity(found.features, after) < 0.9


def test_likeness_by_hand_and_under_rotation() -> None:
    """X = (1, -1), Y = (1, -1, 0) against itself: 1; orthogonal patterns of four rows: 0."""
    first = torch.tensor([[1.0], [1.0], [-1.0], [-1.0]])
    other = torch.tensor([[1.0], [-1.0], [1.0], [-1.0]])
    assert similarity(first, first) == pytest.approx(1) and similarity(first, other) == pytest.approx(0)
    assert similarity(first, torch.cat((first, other), 1)) == pytest.approx(2**-0.5)
    rows = torch.randn(20, 5, generator=torch.Generator().manual_seed(0))
    turn = torch.linalg.qr(torch.randn(5, 5, generator=torch.Generator().manual_seed(1))).Q
    assert similarity(rows, 3 * rows @ turn + 1) == pytest.approx(1)
