"""A smaller student: a base with a few of its layers, spread evenly over all of them.

Sanh et al. 2019, "DistilBERT, a distilled version of BERT", arXiv 1910.01108, section 3: the student starts from every
second layer of its teacher.
"""

from pathlib import Path
from typing import Any

from overtone.core.errors import UserError
from overtone.models.base import load_base


def kept_layers(of: int, layers: int) -> tuple[int, ...]:
    """The layers that stay, counted from 0: the first one, then every n-th, as even as whole numbers allow."""
    return tuple(place * of // layers for place in range(layers))


def shrink(name: str, layers: int, folder: Path) -> tuple[int, ...]:
    """Write a base with `layers` of the layers of the base `name` into a new folder; which ones they are.

    UserError where the base has no more layers than that, is an encoder-decoder, or the folder holds something.
    """
    if folder.exists() and any(folder.iterdir()):
        raise UserError(f"{folder} is not empty: name a new folder with -o")
    base = load_base(name)
    if base.description.kind == "encoder-decoder":
        raise UserError(f"base '{name}' is an encoder-decoder: only encoders and decoders can be shrunk")
    config: Any = base.model.config
    of = int(config.num_hidden_layers)
    if not 0 < layers < of:
        raise UserError(
            f"--layers: base '{name}' has {of} layers, so {layers} cannot be kept: choose 1 to {of - 1}"
        )
    kept = kept_layers(of, layers)
    _cut(base.model, of, kept)
    _cut_config(config, of, kept)
    base.model.save_pretrained(folder)
    base.tokenizer.save_pretrained(folder)
    return kept


def _cut(model: Any, of: int, kept: tuple[int, ...]) -> None:
    """Leave only the kept layers in every list of modules that holds one for each layer."""
    from torch import nn

    for name, module in list(model.named_modules()):
        if isinstance(module, nn.ModuleList) and len(module) == of:
            holder, _, last = name.rpartition(".")
            setattr(model.get_submodule(holder), last, nn.ModuleList(module[place] for place in kept))


def _cut_config(config: Any, of: int, kept: tuple[int, ...]) -> None:
    """The same for settings that say something of each layer."""
    for key, value in config.to_dict().items():
        if isinstance(value, list) and len(value) == of and key not in ("architectures",):
            setattr(config, key, [value[place] for place in kept])
    config.num_hidden_layers = len(kept)
