"""How the families call the linear layers that adapters stand behind or beside: patterns of the ends of their paths."""

import re
from collections.abc import Iterable

ATTENTION_OUTPUT = (
    *(r"self_attn\.o_proj", r"(?:self|encoder)_attn\.out_proj", r"attention\.output\.dense", r"attn\.c_proj"),
    *(r"attention\.out_lin", r"attn\.Wo", r"(?:self_)?attention\.dense", r"(?:Self|EncDec)Attention\.o"),
)
FEED_FORWARD_INPUT = (
    *(r"mlp\.gate_proj", r"mlp\.gate_up_proj", r"mlp\.c_fc", r"mlp\.dense_h_to_4h", r"mlp\.Wi"),
    *(r"layer\.\d+\.intermediate\.dense", r"ffn\.lin1", "fc1", r"DenseReluDense\.wi(?:_0)?"),
)
FEED_FORWARD_OUTPUT = (
    *(r"mlp\.down_proj", r"mlp\.c_proj", r"mlp\.dense_4h_to_h", r"mlp\.Wo", r"layer\.\d+\.output\.dense"),
    *(r"ffn\.lin2", "fc2", r"DenseReluDense\.wo"),
)
EXPERTS = (
    r"layers\.\d+\.mlp",
)  # a feed-forward whose experts share one tensor is taken as a whole (Mixtral)


def called(*names: str) -> str:
    """A pattern of the modules whose path ends with one of these names."""
    return rf"(?:.*\.)?(?:{'|'.join(names)})"


def among(paths: Iterable[str], names: tuple[str, ...]) -> bool:
    """Whether any of the paths ends with one of these names."""
    pattern = re.compile(called(*names))
    return any(pattern.fullmatch(path) for path in paths)
