"""Where the cut lies between a context and its continuation, by hand on a tokenizer that joins letters."""

import pytest
from tokenizers import AddedToken, Tokenizer, models, processors
from transformers import PreTrainedTokenizerFast

from overtone.core.example import Message
from overtone.models.base import Base, load_base
from overtone.models.choices import encode_choices, encode_context, encode_pair, plain_context
from overtone.models.describe import Description

VOCABULARY = ["<s>", "</s>", *" :abQ\n", " a", "ab", ": ", "  "]
MERGES = [(" ", "a"), ("a", "b"), (":", " "), (" ", " ")]
ASKED = (Message("user", "a"), Message("assistant", "b"), Message("user", "b"))


def base(begin: bool = False) -> Base:
    """A vocabulary of letters and of pairs that are joined in the order of MERGES; `begin` marks every text."""
    inner = Tokenizer(models.BPE(vocab={one: place for place, one in enumerate(VOCABULARY)}, merges=MERGES))
    inner.add_special_tokens([AddedToken(mark, special=True) for mark in VOCABULARY[:2]])
    if begin:
        inner.post_processor = processors.TemplateProcessing(
            single="<s> $A </s>", special_tokens=[("<s>", 0), ("</s>", 1)]
        )
    marks = {"bos_token": "<s>"} if begin else {}
    tokenizer = PreTrainedTokenizerFast(tokenizer_object=inner, eos_token="</s>", **marks)
    return Base(Description("letters", None, "llama", "decoder", 64, 8, False), None, tokenizer)


def pieces(parts):
    return tuple([VOCABULARY[token] for token in part] for part in parts)


@pytest.mark.parametrize(
    ("context", "continuation", "wanted"),
    [
        ("Q:", " a", (["Q", ":"], [" a"])),
        # a space at the end of the context belongs to what follows, where it is joined with the letter
        ("Q: ", "a", (["Q", ":"], [" a"])),
        ("Q:\n ", "a", (["Q", ":"], ["\n", " a"])),
        # the whole begins with the colon and a space in one token: as many tokens as the context alone has are cut off
        ("Q: ", " b", (["Q", ":"], [" ", "b"])),
        ("Q:", " b", (["Q", ":"], ["b"])),
        # a token over the boundary
        ("Qa", "bb", (["Q", "a"], ["b"])),
        ("Qa", "b", (["Q", "a"], [])),
        ("", " a", (["</s>"], [" a"])),
        ("  ", "a", (["</s>"], [" ", " a"])),
    ],
)
def test_the_cut_between_context_and_continuation(context, continuation, wanted):
    assert pieces(encode_pair(base(), context, continuation)) == wanted


def test_the_mark_of_a_beginning_stands_before_the_context_alone_and_an_end_mark_nowhere():
    assert pieces(encode_pair(base(begin=True), "Q:", " a")) == (["<s>", "Q", ":"], [" a"])
    assert pieces(encode_pair(base(begin=True), "", " a")) == (["<s>"], [" a"])
    assert pieces([encode_context(base(begin=True), "Q: ")]) == (["<s>", "Q", ":"],)


def test_choices_follow_a_plain_prompt_behind_a_space():
    assert plain_context(ASKED, "Q: {question}\nQ:") == "Q: a\nQ: b\n\nQ: b\nQ:"
    context, choices = encode_choices(base(), ASKED[:1], ["a", "ab"], "Q:{question}:")
    assert pieces([context, *choices]) == (["Q", ":", "a", ":"], [" a"], [" a", "b"])


def test_choices_behind_a_chat_template_are_encoded_by_themselves(small_base):
    chat = load_base(str(small_base("llama")))
    context, (choice,) = encode_choices(chat, ASKED[:1], [" a"], None)
    assert chat.tokenizer.decode([*context, *choice]) == "<|begin|><|user|>\na<|end|>\n<|assistant|>\n a"
