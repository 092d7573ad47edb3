"""Trains `builtin:tiny` from nothing with the product's own causal objective; stopped, it goes on where it was.

Run as `python -m base.pretrain --text FOLDER --out FOLDER`, or `make base`, which builds the text first.
"""

from __future__ import annotations

import argparse
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random

import torch
from transformers import LlamaConfig, LlamaForCausalLM

from base.documents import Row, identity, plain, read_rows
from overtone.core.example import Example, Message
from overtone.core.tasks.text import TextTask
from overtone.models.base import load_base
from overtone.train.report import Step, Validation
from overtone.train.stage import Stage
from overtone.train.tune import Tuning, tune

BUILTIN = Path(__file__).parent.parent / "src" / "overtone" / "models" / "builtin" / "tiny"
STAGE = Stage.model_validate(
    {
        "method": "full",
        "objective": "causal",
        "epochs": 1.6,
        "learning_rate": 1.5e-3,
        "weight_decay": 0.05,
        "schedule": {"shape": "cosine", "warmup": 0.03, "final": 0.05},
        "batch_rows": 96,
        "batch_tokens": 3072,
        "evaluations": 5,
        "checkpoint_steps": 200,
        "long_rows": "drop",
    }
)
LONG_SHARE = 0.06  # of the documents also stand in long conversations, so that far positions are learned
LONG_CHARACTERS = 2200  # about 850 tokens with the marks of the turns


def config() -> LlamaConfig:
    """The shape: 4.2 million weights, the embedding shared with the output."""
    return LlamaConfig(
        vocab_size=4096,
        hidden_size=256,
        intermediate_size=688,
        num_hidden_layers=4,
        num_attention_heads=4,
        num_key_value_heads=4,
        max_position_embeddings=1024,
        tie_word_embeddings=True,
        pad_token_id=0,
        bos_token_id=1,
        eos_token_id=2,
        dtype="float32",
    )


def start(folder: Path, tokenizer: Path, seed: int) -> Path:
    """A randomly drawn model with its tokenizer, in a folder that loads like any base."""
    if not (folder / "config.json").exists():
        torch.manual_seed(seed)
        LlamaForCausalLM(config()).save_pretrained(folder)
        for path in tokenizer.glob("tokenizer*.json"):
            shutil.copy(path, folder / path.name)
    return folder


def example(row: Row) -> Example:
    """A document as the trainer reads it."""
    turns = tuple(Message(turn["role"], turn["content"]) for turn in row.get("messages", ()))
    return Example(id=identity(row), text=row.get("text", ""), messages=turns, source=str(row.get("id", "")))


def long_conversations(rows: list[Row], seed: int) -> Iterator[Row]:
    """Chats put one after another into conversations of about `LONG_CHARACTERS`."""
    chats = [row for row in rows if "messages" in row and row["messages"][0]["role"] == "user"]
    chosen = Random(f"long {seed}").sample(chats, int(len(chats) * LONG_SHARE))
    turns: list[dict[str, str]] = []
    size = 0
    for row in chosen:
        if size + len(plain(row)) > LONG_CHARACTERS:
            yield {"messages": turns}
            turns, size = [], 0
        turns = turns + row["messages"]
        size += len(plain(row))


def pretrain(text: Path, out: Path, tokenizer: Path, seed: int) -> Path:
    """Train, telling of each validation; the finished model stands in the returned folder."""
    rows = read_rows(text / "train.jsonl")
    rows += list(long_conversations(rows, seed))
    held_out = read_rows(text / "held_out.jsonl")
    base = load_base(str(start(out / "start", tokenizer, seed)))
    tuning = Tuning(base, TextTask(), (), [*map(example, rows)], [*map(example, held_out)], STAGE, seed)
    begun, tokens = time.time(), 0
    for report in tune(tuning, out / "checkpoints", out / "model"):
        if isinstance(report, Step):
            tokens += report.tokens
            if report.step % 50 == 0:
                rate = tokens / (time.time() - begun)
                print(
                    f"step {report.step}/{report.steps} loss {report.loss:.4f} {rate:.0f} tokens/s",
                    flush=True,
                )
        elif isinstance(report, Validation):
            print(f"held-out loss {report.means['loss']:.4f} after step {report.step}", flush=True)
    return out / "model"


def publish(model: Path, folder: Path) -> None:
    """Write the model in half precision, small enough for the package, with its tokenizer and configuration."""
    trained = LlamaForCausalLM.from_pretrained(model, dtype=torch.float16)
    trained.save_pretrained(folder)


def main() -> None:
    """Train and publish."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--text", type=Path, required=True, help="folder with train.jsonl and held_out.jsonl")
    parser.add_argument(
        "--out", type=Path, required=True, help="folder for checkpoints and the trained model"
    )
    parser.add_argument("--tokenizer", type=Path, default=BUILTIN, help="folder with the tokenizer")
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    publish(pretrain(given.text, given.out, given.tokenizer, given.seed), BUILTIN)


if __name__ == "__main__":
    main()
