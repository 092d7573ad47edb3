"""A loaded base: the body of a model, its tokenizer and its description."""

from dataclasses import dataclass
from typing import Any

from overtone.core.errors import MissingExtra
from overtone.models.describe import Description, describe
from overtone.models.families import FAMILIES


@dataclass(frozen=True)
class Base:
    """A base in memory. `model` is the body: hidden states for an encoder, a language model for a decoder."""

    description: Description
    model: Any  # a transformers PreTrainedModel, in float32 and evaluation mode
    tokenizer: Any  # a transformers fast tokenizer


def load_base(name: str) -> Base:
    """Load a base from safetensors in float32; UserError where it is unknown, unsafe or not supported."""
    return load_described(describe(name))


def load_described(description: Description) -> Base:
    """Load a base that is described already."""
    try:
        import torch
        from transformers import AutoModel, AutoModelForCausalLM, AutoTokenizer
        from transformers.utils import logging

        from overtone.models.attention import make_replaceable
    except ImportError:
        raise MissingExtra(f"base {description.name}", "train") from None
    logging.disable_progress_bar()
    logging.set_verbosity_error()
    loader = {"encoder": AutoModel, "decoder": AutoModelForCausalLM}[description.kind]
    settings = {"local_files_only": True, "trust_remote_code": False}
    model = loader.from_pretrained(description.folder, dtype=torch.float32, use_safetensors=True, **settings)
    if FAMILIES[description.model_type].flat:
        make_replaceable(model)
    tokenizer = AutoTokenizer.from_pretrained(description.folder, **settings)
    return Base(description, model.eval(), tokenizer)
