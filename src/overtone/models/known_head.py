"""The head of a masked language model as a base's files keep it, beside the body that is loaded for all else."""

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from torch import Tensor

# Of each family: where its files keep the dense layer, the norm behind it, and the bias of the logits.
BERT = ("cls.predictions.transform.dense", "cls.predictions.transform.LayerNorm", "cls.predictions.bias")
ROBERTA = ("lm_head.dense", "lm_head.layer_norm", "lm_head.bias")
KINDS = ("weight", "bias")
PLACES = {
    "bert": BERT,
    "deberta-v2": BERT,
    "roberta": ROBERTA,
    "xlm-roberta": ROBERTA,
    "distilbert": ("vocab_transform", "vocab_layer_norm", "vocab_projector.bias"),
    "electra": ("generator_predictions.dense", "generator_predictions.LayerNorm", "generator_lm_head.bias"),
    "modernbert": ("head.dense", "head.norm", "decoder.bias"),
}


def known_head(folder: Path, model_type: str) -> "dict[str, Tensor]":
    """The tensors `dense.weight`, `norm.weight`, `bias` and the like that the files hold; empty where none is there."""
    from safetensors import safe_open

    if model_type not in PLACES:
        return {}
    dense, norm, bias = PLACES[model_type]
    names = {
        f"{place}.{kind}": f"{part}.{kind}"
        for place, part in ((dense, "dense"), (norm, "norm"))
        for kind in KINDS
    }
    names[bias] = "bias"
    found: dict[str, Tensor] = {}
    for path in sorted(folder.glob("*.safetensors")):
        with safe_open(path, "pt") as file:
            found |= {names[name]: file.get_tensor(name) for name in file.keys() if name in names}  # noqa: SIM118
    return found
