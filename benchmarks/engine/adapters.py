"""Adapters for the requests: random ones of mixed rank, in PEFT's files, written where they are missing."""

from pathlib import Path

RANKS = (4, 8, 16)


def adapters_folder(model: Path) -> Path:
    """Where the adapters of a model are kept."""
    return model.parent / f"{model.name}-adapters"


def write_adapters(model: Path, count: int, folder: Path) -> list[Path]:
    """Folders of `count` adapters on all linear layers of a model; both factors are random, so that each shifts it."""
    folders = [folder / str(number) for number in range(count)]
    if all((one / "adapter_model.safetensors").exists() for one in folders):
        return folders
    import torch
    from peft import LoraConfig, get_peft_model
    from transformers import AutoModelForCausalLM

    for number, target in enumerate(folders):
        base = AutoModelForCausalLM.from_pretrained(model, dtype=torch.float32)
        rank = RANKS[number % len(RANKS)]
        config = LoraConfig(r=rank, lora_alpha=2 * rank, target_modules="all-linear", task_type="CAUSAL_LM")
        torch.manual_seed(number)
        adapted = get_peft_model(base, config)
        for name, weight in adapted.named_parameters():
            if "lora_B" in name:
                torch.nn.init.normal_(weight, std=0.02)
        adapted.save_pretrained(target)
    return folders
