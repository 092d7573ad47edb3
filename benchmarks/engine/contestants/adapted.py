"""The model as every contestant that uses PEFT prepares it, from the same seed: the same first adapter for all."""

from typing import Any

from benchmarks.engine.job import Job

RANK, ALPHA = 16, 32
RATE, CLIP = 2e-4, 1.0


def load(job: Job) -> Any:
    """The frozen or learning base in float32, on a GPU in bfloat16."""
    import torch
    from transformers import AutoModelForCausalLM

    dtype = torch.bfloat16 if job.device == "cuda" else torch.float32
    attention = job.settings.get("attention", "sdpa")
    model = AutoModelForCausalLM.from_pretrained(job.model, dtype=dtype, attn_implementation=attention)
    model.config.use_cache = False
    return model.to(job.device)


def adapter(job: Job) -> Any:
    """PEFT's configuration of the adapter, or None where all weights learn."""
    from peft import LoraConfig

    if job.method == "full":
        return None
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
    return model.train() if config is None else get_peft_model(model, config).train()


def learning(model: Any) -> list[Any]:
    """The weights that learn."""
    return [weight for weight in model.parameters() if weight.requires_grad]
