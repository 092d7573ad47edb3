"""A loaded base: the body of a model, its tokenizer and its description."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from overtone.core.errors import MissingExtra
from overtone.models.describe import Description, describe
from overtone.models.families import FAMILIES, Kind

Precision = Literal["float32", "bfloat16"]
LOADERS: dict[Kind, str] = {  # of transformers
    "encoder": "AutoModel",
    "decoder": "AutoModelForCausalLM",
    "encoder-decoder": "AutoModelForSeq2SeqLM",
}


@dataclass(frozen=True)
class Base:
    """A base in memory. `model` is the body: hidden states for an encoder, a language model otherwise."""

    description: Description
    model: Any  # a transformers PreTrainedModel in evaluation mode, on CUDA where there is a device
    tokenizer: Any  # a transformers fast tokenizer


def load_base(name: str, precision: Precision = "float32") -> Base:
    """Load a base from safetensors, onto the CUDA device where there is one, else into main memory.

    UserError where it is unknown, unsafe or not supported. In bfloat16 the angles of rotary positions stay in float32.
    """
    return load_described(describe(name), precision)


def load_described(description: Description, precision: Precision = "float32") -> Base:
    """Load a base that is described already."""
    try:
        import torch
        import transformers
        from transformers.utils import logging

        from overtone.models.attention import make_replaceable
    except ImportError:
        raise MissingExtra(f"base {description.name}", "train") from None
    logging.disable_progress_bar()
    logging.set_verbosity_error()
    loader = getattr(transformers, LOADERS[description.kind])
    settings = {"local_files_only": True, "trust_remote_code": False}
    dtype = getattr(torch, precision)
    model = loader.from_pretrained(description.folder, dtype=dtype, use_safetensors=True, **settings)
    if FAMILIES[description.model_type].flat:
        make_replaceable(model)
    model = model.to("cuda" if torch.cuda.is_available() else "cpu").eval()
    return Base(description, model, load_tokenizer(description.folder))


def load_tokenizer(folder: Path) -> Any:
    """The tokenizer in a folder, a base's or an artifact's."""
    from transformers import AutoTokenizer

    return AutoTokenizer.from_pretrained(folder, local_files_only=True, trust_remote_code=False)
