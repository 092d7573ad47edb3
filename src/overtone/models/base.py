"""A loaded base: the body of a model, its tokenizer and its description."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from overtone.core.errors import MissingExtra
from overtone.models.describe import Description, describe
from overtone.models.families import FAMILIES, Kind
from overtone.models.low_bits import check_installed

Precision = Literal["float32", "bfloat16", "nf4", "int8"]
QUANTISED: frozenset[Precision] = frozenset({"nf4", "int8"})  # see `models.quantised`
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


def load_base(name: str, precision: Precision = "float32", training: bool = False) -> Base:
    """Load a base from safetensors, onto the CUDA device where there is one, else into main memory.

    UserError where it is unknown, unsafe or not supported. In bfloat16 the angles of rotary positions stay in float32.
    A quantised base (nf4, int8) computes in float32, and where it is trained on a CUDA device in bfloat16.
    """
    return load_described(describe(name), precision, training)


def load_described(
    description: Description, precision: Precision = "float32", training: bool = False
) -> Base:
    """Load a base that is described already."""
    if precision in QUANTISED:
        check_installed(precision)
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
    dtype = torch.float32 if precision in QUANTISED else getattr(torch, precision)
    model = loader.from_pretrained(description.folder, dtype=dtype, use_safetensors=True, **settings)
    if FAMILIES[description.model_type].flat:
        make_replaceable(model)
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    if precision in QUANTISED:
        _pack(model, precision, device, training)
    return Base(description, model.to(device).eval(), load_tokenizer(description.folder))


def _pack(model: Any, precision: Precision, device: Any, training: bool) -> None:
    """Packed layer by layer, so that a device never holds the dense model."""
    import torch

    from overtone.models.quantised import compute_in, quantise

    quantise(model, precision, device)
    if training and device.type == "cuda":
        compute_in(model, torch.bfloat16)


def load_tokenizer(folder: Path) -> Any:
    """The tokenizer in a folder, a base's or an artifact's."""
    from transformers import AutoTokenizer

    return AutoTokenizer.from_pretrained(folder, local_files_only=True, trust_remote_code=False)
