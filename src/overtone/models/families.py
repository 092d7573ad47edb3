"""The model families that Overtone knows: what kind of base each is and what it can do. One line a family."""

from dataclasses import dataclass
from typing import Literal

Kind = Literal["encoder", "decoder", "encoder-decoder"]


@dataclass(frozen=True)
class Family:
    """A family by its `model_type` in `config.json`; `context` names the setting that holds its length.

    An encoder-decoder has that length twice: for what it reads and for what it writes.
    """

    model_type: str
    kind: Kind
    context: str = "max_position_embeddings"
    hidden: str = "hidden_size"
    reserved_positions: int = (
        0  # positions at the front that tokens never get (RoBERTa starts behind padding)
    )
    usual_context: int = 0  # where the setting is absent: T5 has no positions to run out of, only habits
    flat: bool = True  # its attention can be replaced, so that rows run without padding
    lean: bool = False  # shaped as Llama: `engine.lean` computes it with its own formulas


FAMILIES: dict[str, Family] = {
    family.model_type: family
    for family in (
        Family("bert", "encoder"),
        Family("deberta-v2", "encoder", flat=False),
        Family("distilbert", "encoder", hidden="dim"),
        Family("electra", "encoder"),
        Family("modernbert", "encoder"),
        Family("roberta", "encoder", reserved_positions=2),
        Family("xlm-roberta", "encoder", reserved_positions=2),
        Family("falcon", "decoder", flat=False),
        Family("gemma2", "decoder"),
        Family("gemma3_text", "decoder"),
        Family("gpt2", "decoder", context="n_positions", hidden="n_embd"),
        Family("gpt_neox", "decoder"),
        Family("llama", "decoder", lean=True),
        Family("mistral", "decoder", lean=True),
        Family("mixtral", "decoder"),
        Family("olmo2", "decoder"),
        Family("opt", "decoder"),
        Family("phi3", "decoder"),
        Family("qwen2", "decoder", lean=True),
        Family("qwen3", "decoder", lean=True),
        Family("smollm3", "decoder", lean=True),
        Family("bart", "encoder-decoder", hidden="d_model", flat=False),
        Family(
            "t5", "encoder-decoder", context="n_positions", hidden="d_model", usual_context=512, flat=False
        ),
    )
}
