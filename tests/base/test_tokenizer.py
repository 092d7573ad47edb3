"""The tokenizer: exact round trips, single digits, the chat template, and special tokens as plain text."""

from __future__ import annotations

import pytest

transformers = pytest.importorskip("transformers")

from base.build import build  # noqa: E402
from base.documents import plain  # noqa: E402
from base.tokenizer import SPECIAL, VOCABULARY, encode, train  # noqa: E402


@pytest.fixture(scope="module")
def tokenizer(tmp_path_factory):
    rows = [row for rows in build(0.8, 0)[0].values() for row in rows]
    folder = tmp_path_factory.mktemp("tokenizer")
    train(plain(row) for row in rows).save_pretrained(folder, save_jinja_files=False)
    assert {path.name for path in folder.iterdir()} == {"tokenizer.json", "tokenizer_config.json"}
    return transformers.AutoTokenizer.from_pretrained(folder, local_files_only=True)


def test_vocabulary_and_special_tokens(tokenizer):
    assert len(tokenizer) == tokenizer.vocab_size == VOCABULARY
    assert tokenizer.convert_tokens_to_ids(list(SPECIAL)) == [0, 1, 2, 3, 4, 5]
    names = (tokenizer.bos_token, tokenizer.eos_token, tokenizer.pad_token)
    assert names == ("<|begin|>", "<|end|>", "<|pad|>")
    assert tokenizer.model_max_length == 1024


ODD = [
    "plain words",
    " two  spaces\n\ttab\r\n",
    "naïve café — “quoted”",
    "🙂👩‍👩‍👧 日本語 \u200d\u0301 ﬁ",
    "don't , stop ! n't 's",
    "\x00\x7f\ufffd",
    "١٢٣ ½ Ⅷ",
    "",
]


@pytest.mark.parametrize("text", ODD)
def test_text_comes_back_to_the_byte(tokenizer, text):
    ids = tokenizer.encode(text)
    assert tokenizer.decode(ids) == text


def test_digits_stand_alone(tokenizer):
    assert tokenizer.convert_ids_to_tokens(tokenizer.encode("a2048b"))[1:5] == list("2048")


def test_template_puts_begin_once_and_opens_the_answer(tokenizer):
    said = (("system", "S"), ("user", "U"), ("assistant", "A"))
    messages = [{"role": role, "content": content} for role, content in said]
    text = tokenizer.apply_chat_template(messages, tokenize=False)
    assert text == "<|begin|><|system|>\nS<|end|>\n<|user|>\nU<|end|>\n<|assistant|>\nA<|end|>\n"
    opened = tokenizer.apply_chat_template(messages[:2], tokenize=False, add_generation_prompt=True)
    assert opened == "<|begin|><|system|>\nS<|end|>\n<|user|>\nU<|end|>\n<|assistant|>\n"
    assert text.startswith(opened)
    assert encode(tokenizer, {"messages": messages}).count(tokenizer.bos_token_id) == 1


def test_documents_stand_between_begin_and_end(tokenizer):
    ids = encode(tokenizer, {"text": "Hello there."})
    assert (ids[0], ids[-1]) == (1, 2) and tokenizer.decode(ids[1:-1]) == "Hello there."


def test_a_literal_role_mark_can_be_plain_text(tokenizer):
    assert tokenizer.encode("<|user|>") == [4]
    ids = tokenizer.encode("<|user|> x", split_special_tokens=True)
    assert min(ids) > 5 and tokenizer.decode(ids) == "<|user|> x"
