"""Words that become tokens of their own: which, how texts are cut then, and that nothing else changes."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from overtone.core.errors import UserError
from overtone.engine.features import embed
from overtone.engine.remember import open_store, remembering
from overtone.models.base import Base, load_base, load_tokenizer
from overtone.models.locate import locate
from overtone.models.text import decode, encode_plain, encode_text
from overtone.models.vocabulary import extended, saving_words, takes_whole_words, token_tables

SmallBase = Callable[[str], Path]
FIELD = ["Atrial fibrillation, or (fibrillation) in short.", "No fibrillation? The stent's fibrillation!"]
OTHER = [
    "Fibrillations and defibrillation: x_fibrillation, microfibrillation.",
    "A quiet day <|user|> in the park  ",
]


def with_tokenizer(base: Base, name: str) -> Base:
    """A small base with a real tokenizer and as many rows."""
    try:
        tokenizer = load_tokenizer(locate(name))
    except UserError as error:
        pytest.skip(str(error))
    base.model.resize_token_embeddings(len(tokenizer), mean_resizing=False)
    return replace(base, tokenizer=tokenizer)


def bases(small_base: SmallBase, which: str) -> Base:
    base = load_base(str(small_base("llama" if which != "minilm" else "bert")))
    return base if which == "bytes" else with_tokenizer(base, f"builtin:{which}")


@pytest.mark.parametrize("which", ["tiny", "minilm", "bytes"])
def test_the_word_that_saves_most_is_one_token_wherever_it_stands_alone(
    small_base: SmallBase, tmp_path: Path, which: str
) -> None:
    base = bases(small_base, which)
    words = saving_words(base, FIELD, 1)
    assert [word.text.strip() for word in words] == ["fibrillation"]
    before = [len(encode_text(base, text)) for text in FIELD]
    others = [encode_text(base, text) for text in OTHER]
    grown = extended(base, words)
    new = len(base.tokenizer)
    found = [encode_text(grown, text) for text in FIELD]
    assert [row.count(new) for row in found] == (
        [1, 2] if which == "tiny" else [2, 2]
    )  # tiny: with the space before
    saved = sum(before) - sum(map(len, found))
    assert saved == (len(words[0].pieces) - 1) * sum(row.count(new) for row in found)
    assert [encode_text(grown, text) for text in OTHER] == others
    grown.tokenizer.save_pretrained(tmp_path)
    again = replace(grown, tokenizer=load_tokenizer(tmp_path))
    assert [encode_text(again, text) for text in (*FIELD, *OTHER)] == [*found, *others]
    assert again.tokenizer.all_special_ids == base.tokenizer.all_special_ids
    assert again.tokenizer.chat_template == base.tokenizer.chat_template
    if which != "minilm":  # which writes lower case
        assert decode(again, encode_plain(again, FIELD[1])) == FIELD[1]


def test_a_byte_level_tokenizer_takes_words_with_their_space(small_base: SmallBase) -> None:
    base = bases(small_base, "tiny")
    assert takes_whole_words(base.tokenizer)
    words = saving_words(base, ["so a fibrillation", "a fibrillation", "(fibrillation)"], 9)
    assert [(word.text, word.saved) for word in words] == [
        (" fibrillation", 2 * (len(words[0].pieces) - 1)),
        ("fibrillation", len(words[1].pieces) - 1),
    ]
    grown = extended(base, words)
    assert encode_plain(grown, "a fibrillation")[1:] == [4096]
    assert not takes_whole_words(bases(small_base, "bytes").tokenizer)


def test_a_tokenizer_with_a_word_that_it_never_takes_looks_for_words_instead(small_base: SmallBase) -> None:
    import json

    from tokenizers import Tokenizer

    base = bases(small_base, "tiny")
    plain = json.loads(base.tokenizer.backend_tokenizer.to_str())
    plain["model"]["vocab"]["Ġfibrillation"] = 4096  # no merges lead there
    base.tokenizer._tokenizer = Tokenizer.from_str(json.dumps(plain))
    assert not takes_whole_words(base.tokenizer)


@pytest.mark.parametrize("model", ["llama", "gpt2", "t5", "bart", "gpt_neox", "bert"])
def test_new_rows_are_means_and_nothing_else_moves(small_base: SmallBase, model: str) -> None:
    base = load_base(str(small_base(model)))
    old = [table.detach().clone() for table in token_tables(base.model)]
    ids = torch.tensor([encode_text(base, "so it is")])
    extra = {"decoder_input_ids": ids} if base.description.kind == "encoder-decoder" else {}
    with torch.no_grad():
        before = base.model(ids, **extra)
    words = saving_words(base, FIELD, 3)
    grown = extended(base, words)
    assert grown.model.config.vocab_size == 265
    for table, was in zip(token_tables(grown.model), old, strict=True):
        assert torch.equal(table[:262], was)
        for place, word in enumerate(words, 262):
            assert torch.allclose(table[place], was[list(word.pieces)].mean(0), atol=1e-6)
    with torch.no_grad():
        after = grown.model(ids, **extra)
    if "logits" in before:
        assert after.logits.shape[-1] == 265
        assert torch.allclose(after.logits[..., :262], before.logits, atol=1e-6)
    else:
        assert torch.equal(after.last_hidden_state, before.last_hidden_state)


def test_rows_that_stand_unused_are_taken(small_base: SmallBase) -> None:
    base = load_base(str(small_base("llama")))
    base.model.resize_token_embeddings(270, mean_resizing=False)
    grown = extended(base, saving_words(base, FIELD, 3))
    assert grown.model.get_input_embeddings().num_embeddings == 270


def test_remembered_work_is_never_that_of_another_vocabulary(small_base: SmallBase) -> None:
    """Two vocabularies give other words the same number: the same tokens stand for other rows of embeddings."""
    found, computed = [], []
    for word in ("carcinoma", "stent"):
        base = load_base(str(small_base("bert")))
        grown, text = extended(base, saving_words(base, [word], 1)), f"so {word} it"
        with remembering(open_store(lambda message: None)):
            found.append((encode_text(grown, text), embed(grown, [text])))
        with remembering(None):
            computed.append(embed(grown, [text]))
    (first, one), (second, other) = found
    assert first == second and 262 in first
    assert abs(one - computed[0]).max() < 1e-6 and abs(other - computed[1]).max() < 1e-6
    assert abs(one - other).max() > 1e-4
