"""Tiny random decoders with a byte-level tokenizer and a chat template, built in memory."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers
from transformers import (
    GPT2Config,
    GPT2LMHeadModel,
    LlamaConfig,
    LlamaForCausalLM,
    PreTrainedTokenizerFast,
)

from overtone.generate.decode import Decoding
from overtone.generate.request import Token
from overtone.models.base import Base
from overtone.models.describe import Description

CONTEXT = 96
CONTROL = ["<|end|>", "<|system|>", "<|user|>", "<|assistant|>"]
TEMPLATE = (
    "{% for message in messages %}<|{{ message.role }}|>{{ message.content }}<|end|>{% endfor %}"
    "{% if add_generation_prompt %}<|assistant|>{% endif %}"
)


def byte_tokenizer() -> PreTrainedTokenizerFast:
    """One token a byte, and the control tokens of the chat template."""
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    inner = Tokenizer(models.BPE(vocab={letter: index for index, letter in enumerate(alphabet)}, merges=[]))
    inner.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)
    inner.decoder = decoders.ByteLevel()
    inner.add_special_tokens([AddedToken(mark, special=True) for mark in CONTROL])
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_object=inner, eos_token=CONTROL[0], additional_special_tokens=CONTROL[1:]
    )
    tokenizer.chat_template = TEMPLATE
    return tokenizer


def llama(seed: int = 0, context: int = CONTEXT) -> LlamaForCausalLM:
    torch.manual_seed(seed)
    config = LlamaConfig(
        vocab_size=260,
        hidden_size=32,
        intermediate_size=64,
        num_hidden_layers=2,
        num_attention_heads=4,
        num_key_value_heads=2,
        max_position_embeddings=context,
        bos_token_id=None,
        eos_token_id=None,
        initializer_range=0.3,  # wide enough that greedy answers are not one token for ever
    )
    return LlamaForCausalLM(config).eval()


def gpt2(seed: int = 0) -> GPT2LMHeadModel:
    torch.manual_seed(seed)
    config = GPT2Config(
        vocab_size=260,
        n_embd=32,
        n_layer=2,
        n_head=4,
        n_positions=CONTEXT,
        bos_token_id=None,
        eos_token_id=None,
        initializer_range=0.3,
    )
    return GPT2LMHeadModel(config).eval()


def base_of(model: Any, name: str = "tiny", context: int = CONTEXT) -> Base:
    description = Description(name, Path(name), model.config.model_type, "decoder", context, 32, True)
    return Base(description, model, byte_tokenizer())


def ids(tokens: Sequence[Token]) -> list[int]:
    return [token.id for token in tokens]


def collect(decoding: Decoding, rows: int) -> tuple[list[list[Token]], list[str | None]]:
    """All tokens of each row, and why it ended."""
    made: list[list[Token]] = [[] for _ in range(rows)]
    finishes: list[str | None] = [None] * rows
    for steps in decoding:
        for step in steps:
            assert finishes[step.row] is None
            made[step.row].append(step.token)
            finishes[step.row] = step.finish
    return made, finishes


def reference(model: Any, prompt: Sequence[int], tokens: int) -> list[int]:
    """What the library's own greedy decoding writes."""
    output = model.generate(
        input_ids=torch.tensor([prompt]),
        attention_mask=torch.ones(1, len(prompt), dtype=torch.long),
        max_new_tokens=tokens,
        do_sample=False,
        pad_token_id=0,
    )
    return output[0, len(prompt) :].tolist()
