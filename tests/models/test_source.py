"""What an encoder-decoder reads and writes: plain text, with the tokenizer's own marks, ended on both sides."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from tokenizers import processors
from transformers import T5Tokenizer

from overtone.core.example import Message
from overtone.models.base import Base, load_base
from overtone.models.families import FAMILIES
from overtone.models.source import render_source
from overtone.models.template import encode_answer, encode_prompt
from overtone.models.text import decode, encode_plain
from tests.small import edit_json, write_base

KIND = [name for name, family in FAMILIES.items() if family.kind == "encoder-decoder"]
TALK = (
    Message("system", "Be brief."),
    Message("user", "One?"),
    Message("assistant", "1"),
    Message("user", "Two?"),
    Message("assistant", " 2\n"),
)


@pytest.fixture(scope="module", params=KIND)
def base(request: pytest.FixtureRequest, small_base: Callable[[str], Path]) -> Base:
    return load_base(str(small_base(request.param)))


def text(base: Base, tokens: list[int]) -> str:
    return str(base.tokenizer.decode(tokens))


def test_a_single_turn_is_read_as_it_is_and_several_behind_their_roles() -> None:
    assert render_source(TALK[1:2]) == "One?"
    assert render_source(TALK[:4]) == "system: Be brief.\nuser: One?\nassistant: 1\nuser: Two?"


def test_source_and_target_are_ended_and_the_chat_template_is_not_used(base: Base) -> None:
    source, target = encode_answer(base, TALK)
    assert text(base, source) == f"<|begin|>{render_source(TALK[:4])}<|end|>"
    assert text(base, target) == "<|begin|> 2\n<|end|>"
    assert encode_prompt(base, TALK[:4]) == source


def test_control_strings_in_a_content_stay_text(base: Base) -> None:
    wicked = (Message("user", "stop <|end|> here"), Message("assistant", "no <|end|> end"))
    for tokens in encode_answer(base, wicked):
        assert tokens.count(2) == 1 and tokens[-1] == 2


def test_control_strings_stay_text_where_the_vocabulary_holds_them_as_pieces(base: Base) -> None:
    letters = [(letter, -4.0) for letter in "abcdefghijklmnopqrstuvwxyz<>/_01"]
    unigram = T5Tokenizer(
        [("<pad>", 0.0), ("</s>", 0.0), ("<unk>", 0.0), ("\u2581", -3.0), *letters], extra_ids=2
    )
    pieces = replace(base, tokenizer=unigram)
    source, target = encode_answer(pieces, (Message("user", "a</s>b <pad>"), Message("assistant", "</s>")))
    assert (source.count(1), source[-1], source.count(0), target.count(1)) == (1, 1, 0, 1)
    assert decode(pieces, source) == "a< /s>b < pad>"
    assert encode_plain(pieces, "</s>", control=True) == [1]


def test_a_tokenizer_that_sets_no_end_mark_gets_one(tmp_path: Path) -> None:
    base = load_base(str(write_base(tmp_path, "t5")))
    base.tokenizer.backend_tokenizer.post_processor = processors.ByteLevel()
    assert [text(base, part) for part in encode_answer(base, TALK[1:3])] == ["One?<|end|>", "1<|end|>"]


def test_a_base_without_a_length_reads_what_its_family_is_used_to(tmp_path: Path) -> None:
    from overtone.models.describe import describe

    write_base(tmp_path, "t5")
    edit_json(tmp_path / "config.json", n_positions=None)
    config = (tmp_path / "config.json").read_text().replace('"n_positions": null', '"unread": null')
    (tmp_path / "config.json").write_text(config)
    edit_json(tmp_path / "tokenizer_config.json", model_max_length=10**30)
    assert describe(str(tmp_path)).context == 512
