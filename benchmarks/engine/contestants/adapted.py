"""The model as every contestant that uses PEFT prepares it, from the same seed: the same first weights for all."""

from typing import Any

from benchmarks.engine.job import Job

RANK, ALPHA = 16, 32
VIRTUAL = 20  # tokens of a learned prompt
RATE, CLIP = 2e-4, 1.0


def load(job: Job) -> Any:
    """The frozen or learning base in float32, on a GPU in bfloat16."""
    from transformers import AutoModelForCausalLM

    model = AutoModelForCausalLM.from_pretrained(
        job.model, dtype=dtype(job), attn_implementation=job.settings.get("attention", "sdpa")
    )
    model.config.use_cache = False
    return model.to(job.device)


def dtype(job: Job) -> Any:
    """Of the weights."""
    import torch

    return torch.bfloat16 if job.device == "cuda" else torch.float32


def adapter(job: Job) -> Any:
    """PEFT's configuration of what learns, or None where all weights learn."""
    from peft import LoraConfig, PromptTuningConfig

    if job.method == "full":
        return None
    if job.method == "prompt":
        return PromptTuningConfig(task_type="CAUSAL_LM", num_virtual_tokens=VIRTUAL)
    return LoraConfig(
        r=RANK,
        lora_alpha=ALPHA,
        lora_dropout=0.0,
        target_modules="all-linear",
        layers_to_transform=job.learning_layers,
        task_type="CAUSAL_LM",
    )


def adapt(job: Job, model: Any) -> Any:
    """The model with its adapter, drawn from the seed; the model itself where all weights learn."""
    import torch
    from peft import get_peft_model

    config = adapter(job)
    torch.manual_seed(job.seed)
    if config is None:
        return model.train()
    adapted = get_peft_model(model, config).train()
    if job.method == "prompt":
        begin(adapted, job.seed)
    return adapted


def begin(adapted: Any, seed: int) -> None:
    """Put the embeddings of words drawn from the seed into a learned prompt."""
    import torch

    table = adapted.get_input_embeddings().weight
    words = torch.randint(len(table), (VIRTUAL,), generator=torch.Generator().manual_seed(seed))
    with torch.no_grad():
        adapted.prompt_encoder["default"].embedding.weight.copy_(table[words.to(table.device)])


def learning(model: Any) -> list[Any]:
    """The weights that learn."""
    return [weight for weight in model.parameters() if weight.requires_grad]
