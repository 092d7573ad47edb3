"""Small random bases of each family, written to disk as any base is: config, safetensors, tokenizer."""

import json
from pathlib import Path
from typing import Any

import torch
import transformers
from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers, processors
from transformers import AutoConfig, PreTrainedTokenizerFast
from transformers.utils import logging

from overtone.models.base import LOADERS
from overtone.models.families import FAMILIES

logging.disable_progress_bar()
CONTEXT = 128
MARKS = ["<|pad|>", "<|begin|>", "<|end|>", "<|system|>", "<|user|>", "<|assistant|>"]
TEMPLATE = (
    "<|begin|>{% for turn in messages %}<|{{ turn.role }}|>\n{{ turn.content }}<|end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|assistant|>\n{% endif %}"
)
SHAPE = {"hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 4, "intermediate_size": 64}
POSITIONS = {"max_position_embeddings": CONTEXT}
SHAPES: dict[str, dict[str, Any]] = {
    "distilbert": {"dim": 32, "n_layers": 2, "n_heads": 4, "hidden_dim": 64, **POSITIONS},
    "gpt2": {"n_embd": 32, "n_layer": 2, "n_head": 4, "n_positions": CONTEXT},
    "deberta-v2": {**SHAPE, **POSITIONS, "relative_attention": True, "pos_att_type": ["p2c", "c2p"]},
    "electra": {**SHAPE, **POSITIONS, "embedding_size": 32},
    "roberta": {**SHAPE, "max_position_embeddings": CONTEXT + 2},
    "xlm-roberta": {**SHAPE, "max_position_embeddings": CONTEXT + 2},
}
DECODER = {"num_key_value_heads": 2}
# A window shorter than the tests' rows, and layers with and without it.
WINDOW = {**SHAPE, **POSITIONS, **DECODER, "sliding_window": 5}
# Caps that the products of attention and the logits of these small weights come near to.
CAPS = {"attn_logit_softcapping": 0.02, "final_logit_softcapping": 0.5}
T5 = {"n_positions": CONTEXT, "decoder_start_token_id": 0}
SHAPES |= {
    "gemma2": {**WINDOW, "head_dim": 8, "query_pre_attn_scalar": 8, **CAPS},
    "gemma3_text": {**WINDOW, "head_dim": 8, "layer_types": ["sliding_attention", "full_attention"]},
    "falcon": {**SHAPE, **POSITIONS},  # all heads share keys
    "gpt_neox": {**SHAPE, **POSITIONS},  # no heads share keys
    "mixtral": {**WINDOW, "num_local_experts": 4},
    "bart": {
        **{"d_model": 32, "max_position_embeddings": CONTEXT, "decoder_start_token_id": 2},
        **{f"{side}_layers": 2 for side in ("encoder", "decoder")},
        **{f"{side}_attention_heads": 4 for side in ("encoder", "decoder")},
        **{f"{side}_ffn_dim": 64 for side in ("encoder", "decoder")},
    },
    "t5": {"d_model": 32, "d_kv": 8, "d_ff": 64, "num_layers": 2, "num_heads": 4, **T5},
    "opt": {**SHAPE, **POSITIONS, "ffn_dim": 64, "word_embed_proj_dim": 32},
}


def tokenizer(template: bool = True) -> PreTrainedTokenizerFast:
    """One token a byte, marks at both ends of a text, and control tokens for a chat template."""
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    vocabulary = {token: index for index, token in enumerate([*MARKS, *alphabet])}
    inner = Tokenizer(models.BPE(vocab=vocabulary, merges=[]))
    inner.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)
    inner.decoder = decoders.ByteLevel()
    inner.add_special_tokens([AddedToken(mark, special=True) for mark in MARKS])
    inner.post_processor = processors.TemplateProcessing(
        single="<|begin|> $A <|end|>", special_tokens=[("<|begin|>", 1), ("<|end|>", 2)]
    )
    fast = PreTrainedTokenizerFast(
        tokenizer_object=inner,
        pad_token=MARKS[0],
        bos_token=MARKS[1],
        eos_token=MARKS[2],
        extra_special_tokens=MARKS[3:],
        model_max_length=CONTEXT,
    )
    fast.chat_template = TEMPLATE if template else None
    return fast


def write_base(folder: Path, model_type: str, seed: int = 0, template: bool = True) -> Path:
    """A random base of one family in `folder`."""
    family = FAMILIES[model_type]
    shape = SHAPES.get(model_type, {**SHAPE, **POSITIONS, **(DECODER if family.kind == "decoder" else {})})
    config = AutoConfig.for_model(
        model_type, **shape, vocab_size=262, pad_token_id=0, bos_token_id=1, eos_token_id=2
    )
    torch.manual_seed(seed)
    getattr(transformers, LOADERS[family.kind]).from_config(config).save_pretrained(folder)
    tokenizer(template).save_pretrained(folder)
    return folder


def edit_json(path: Path, **changes: Any) -> None:
    """Change keys of a JSON file; a test's way to spoil a base."""
    path.write_text(json.dumps({**json.loads(path.read_text()), **changes}))
