"""Tiny random decoders of the families that run lean, with what sets each of them apart."""

import warnings
from typing import Any

import torch
from transformers import AutoConfig, AutoModelForCausalLM

from overtone.engine.stream import Segment, Stream

SHAPE = {
    "vocab_size": 61,
    "hidden_size": 48,
    "intermediate_size": 80,
    "num_hidden_layers": 3,
    "num_attention_heads": 6,
    "num_key_value_heads": 2,
    "head_dim": 8,
    "max_position_embeddings": 64,
    "pad_token_id": 0,
    "bos_token_id": 1,
    "eos_token_id": 2,
}
LINEAR = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"]
WINDOW = {"sliding_window": 5, "use_sliding_window": True, "max_window_layers": 1}
VARIANTS: dict[str, dict[str, Any]] = {
    "llama": {},
    "llama_biased": {"attention_bias": True, "mlp_bias": True},
    "mistral": {"sliding_window": 5},
    "qwen2": {},
    "qwen2_windowed": WINDOW,
    "qwen3": {"head_dim": 16},
    "qwen3_windowed": WINDOW,
    "smollm3": {"no_rope_layers": [1, 0, 1]},
    "smollm3_windowed": {"no_rope_layers": [0, 1, 1], **WINDOW},
}


def make_model(variant: str, **changes: Any) -> Any:
    """A model whose every weight, norms and biases too, is random."""
    shape = {**SHAPE, **VARIANTS[variant], **changes}
    torch.manual_seed(3)
    config = AutoConfig.for_model(variant.split("_")[0], **shape)
    model = AutoModelForCausalLM.from_config(config, attn_implementation="eager").eval()
    with torch.no_grad():
        for weight in model.parameters():
            weight.add_(torch.randn_like(weight), alpha=0.1)
    return model


def adapt(model: Any, **settings: Any) -> Any:
    """A low-rank pair on every linear layer, with its outer weights off zero."""
    from peft import LoraConfig, get_peft_model

    settings = {"r": 4, "lora_alpha": 12, "target_modules": LINEAR, **settings}
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "`is_gradient_checkpointing` is deprecated", FutureWarning)
        adapted = get_peft_model(model, LoraConfig(**settings)).eval()
    with torch.no_grad():
        for name, weight in adapted.named_parameters():
            if "lora_B" in name:
                weight.normal_(std=0.1)
    return adapted


def rows() -> list[list[int]]:
    """Rows of several lengths, all longer than the window but one."""
    generator = torch.Generator().manual_seed(5)
    return [
        torch.randint(1, SHAPE["vocab_size"], (length,), generator=generator).tolist()
        for length in (9, 3, 14, 9)
    ]


def shared_stream() -> tuple[Stream, list[list[int]]]:
    """Three rows with a common beginning, computed once, and the rows themselves."""
    generator = torch.Generator().manual_seed(7)
    start, *ends = (
        torch.randint(1, SHAPE["vocab_size"], (length,), generator=generator).tolist()
        for length in (6, 4, 2, 4)
    )
    tokens, positions, segments = list(start), list(range(6)), [Segment(0, 6)]
    for end in ends:
        segments.append(Segment(len(tokens), len(tokens) + len(end), 0))
        tokens += end
        positions += range(6, 6 + len(end))
    stream = Stream(torch.tensor(tokens), torch.tensor(positions), tuple(segments), (1, 2, 3))
    return stream, [start + end for end in ends]
