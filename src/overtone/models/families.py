"""The model families that Overtone knows: what kind of base each is. One line a family."""

from dataclasses import dataclass
from typing import Literal

Kind = Literal["encoder", "decoder"]


@dataclass(frozen=True)
class Family:
    """A family by its `model_type` in `config.json`; `context` names the setting that holds its length."""

    model_type: str
    kind: Kind
    context: str = "max_position_embeddings"
    hidden: str = "hidden_size"
    reserved_positions: int = (
        0  # positions at the front that tokens never get (RoBERTa starts behind its padding)
    )


FAMILIES: dict[str, Family] = {
    family.model_type: family
    for family in (
        Family("bert", "encoder"),
        Family("distilbert", "encoder", hidden="dim"),
        Family("electra", "encoder"),
        Family("modernbert", "encoder"),
        Family("roberta", "encoder", reserved_positions=2),
        Family("xlm-roberta", "encoder", reserved_positions=2),
        Family("gpt2", "decoder", context="n_positions", hidden="n_embd"),
        Family("llama", "decoder"),
        Family("mistral", "decoder"),
        Family("olmo2", "decoder"),
        Family("qwen2", "decoder"),
        Family("qwen3", "decoder"),
        Family("smollm3", "decoder"),
    )
}
