"""Preferences as TRL's trainers take them: texts in which each word is a token."""

from collections.abc import Sequence
from typing import Any

from benchmarks.engine.job import Job
from benchmarks.engine.rows import Row, Tokens
from benchmarks.engine.shapes import word


def tokenizer(job: Job) -> Any:
    """The model's, without a first token: some trainers would put it before prompts that do not begin with it."""
    from transformers import AutoTokenizer

    found = AutoTokenizer.from_pretrained(job.model)
    found.bos_token = None
    return found


def pairs(rows: Sequence[Row]) -> Any:
    """A prompt with its chosen and its rejected answer in each row."""
    from datasets import Dataset

    return Dataset.from_list(
        [
            {"prompt": text(row.prompt), "chosen": text(row.completion), "rejected": text(row.rejected)}
            for row in rows
        ]
    )


def unpaired(rows: Sequence[Row]) -> Any:
    """A prompt with one answer in each row, by turns a chosen and a rejected one."""
    from datasets import Dataset

    return Dataset.from_list(
        [
            {"prompt": text(row.prompt), "completion": text(answer), "label": liked}
            for row in rows
            for answer, liked in ((row.completion, True), (row.rejected, False))
        ]
    )


def text(tokens: Tokens) -> str:
    """The words of tokens."""
    return "".join(map(word, tokens))
