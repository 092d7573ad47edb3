"""LitGPT's model and loss, in its own loop's arithmetic: padded batches, the head in chunks of 128."""

import json
from pathlib import Path
from typing import Any

from benchmarks.engine import microbatches
from benchmarks.engine.contestants.adapted import ALPHA, RANK
from benchmarks.engine.contestants.plain import train
from benchmarks.engine.job import Job
from benchmarks.engine.stopwatch import Stopwatch

TITLE = "LitGPT model and loss"
GRID, DEFAULT, USUAL = microbatches.GRID, microbatches.DEFAULT, microbatches.USUAL
CHUNK = 128
PLACES = {  # the Llama's names of a layer's weights and LitGPT's
    "self_attn.o_proj": "attn.proj",
    "mlp.gate_proj": "mlp.fc_1",
    "mlp.up_proj": "mlp.fc_2",
    "mlp.down_proj": "mlp.proj",
    "input_layernorm": "norm_1",
    "post_attention_layernorm": "norm_2",
}


def work(job: Job, watch: Stopwatch) -> None:
    """Train with AdamW over accumulated batches; the model brings its low-rank pairs along."""
    train(job, watch, _chunked_loss, _load, lambda job, model: model)


def _chunked_loss(model: Any, tensors: dict[str, Any]) -> Any:
    from litgpt.utils import chunked_cross_entropy

    labels = tensors["labels"][..., 1:]
    logits = model(tensors["input_ids"], lm_head_chunk_size=CHUNK)
    logits[-1] = logits[-1][..., :-1, :]
    return chunked_cross_entropy(logits, labels) * (labels != microbatches.IGNORED).sum()


def _load(job: Job) -> Any:
    """LitGPT's own model with the weights of the Llama; its head is tied to the embeddings as the Llama's is."""
    import torch

    adapted = job.method == "lora"
    if adapted:
        from litgpt.lora import GPT, Config, mark_only_lora_as_trainable
    else:
        from litgpt.model import GPT, Config
    low_rank = dict.fromkeys(("query", "key", "value", "projection", "mlp"), True)
    extra = {f"lora_{name}": value for name, value in low_rank.items()} | {
        "lora_r": RANK,
        "lora_alpha": ALPHA,
    }
    torch.manual_seed(job.seed)
    model = GPT(Config(**_sizes(job), **(extra if adapted else {})))
    missing, unexpected = model.load_state_dict(_weights(job, adapted), strict=False)
    if unexpected or any("lora_" not in name for name in missing):
        raise ValueError(f"weights do not fit: {unexpected or missing}")
    head = model.lm_head.linear if adapted else model.lm_head
    head.weight = model.transformer.wte.weight
    if adapted:
        mark_only_lora_as_trainable(model)
    return model.to(job.device)


def _config(job: Job) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((Path(job.model) / "config.json").read_text(encoding="utf-8"))
    return found


def _sizes(job: Job) -> dict[str, Any]:
    config = _config(job)
    return {
        "block_size": 2048,
        "vocab_size": config["vocab_size"],
        "padded_vocab_size": config["vocab_size"],
        "n_layer": config["num_hidden_layers"],
        "n_head": config["num_attention_heads"],
        "n_query_groups": config["num_key_value_heads"],
        "n_embd": config["hidden_size"],
        "intermediate_size": config["intermediate_size"],
        "norm_eps": config["rms_norm_eps"],
        "rope_base": int(config["rope_parameters"]["rope_theta"]),
        "rotary_percentage": 1.0,
        "parallel_residual": False,
        "bias": False,
        "norm_class_name": "RMSNorm",
        "mlp_class_name": "LLaMAMLP",
    }


def _weights(job: Job, adapted: bool) -> dict[str, Any]:
    """The Llama's weights under LitGPT's names; query, key and value are one matrix there."""
    import torch
    from safetensors.torch import load_file

    given = load_file(Path(job.model) / "model.safetensors")
    inner = ".linear" if adapted else ""
    table = given["model.embed_tokens.weight"]
    found = {
        "transformer.wte.weight": table,
        f"lm_head{inner}.weight": table,
        "transformer.ln_f.weight": given["model.norm.weight"],
    }
    for layer in range(_config(job)["num_hidden_layers"]):
        theirs, ours = f"model.layers.{layer}", f"transformer.h.{layer}"
        parts = [given[f"{theirs}.self_attn.{name}_proj.weight"] for name in "qkv"]
        found[f"{ours}.attn.qkv{inner}.weight"] = torch.cat(parts)
        for name, place in PLACES.items():
            linear = "" if "norm" in place else inner
            found[f"{ours}.{place}{linear}.weight"] = given[f"{theirs}.{name}.weight"]
    return found
