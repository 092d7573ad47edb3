"""The e-mails of the demo with their categories and answers, made from a seed."""

import re
from collections.abc import Mapping
from random import Random
from typing import Any

from overtone.core.errors import UserError, nearest
from overtone.demo.layout import Brief, briefs
from overtone.demo.letters import letter
from overtone.demo.library import articles
from overtone.demo.replies import reply

SIZES = {"train": 560, "validation": 120, "test": 300}


def generate(split_sizes: Mapping[str, int] = SIZES, seed: int = 0) -> dict[str, list[dict[str, Any]]]:
    """Return the rows of each split; the same sizes and seed give the same bytes.

    A row holds `id`, `text`, `label` and `labels` (primary category first), `answer`, `article` and
    `articles` (the gold article of the primary problem first) and `wording` (that problem's family).
    Unseen wording and new articles stand in `test` only; no two rows share a text once it is normalised.
    """
    check(split_sizes)
    seen: set[str] = set()
    return {split: write_split(split, size, seed, seen) for split, size in split_sizes.items()}


def check(split_sizes: Mapping[str, int]) -> None:
    """Refuse a split that the demo does not have, and one without rows."""
    for split, size in split_sizes.items():
        if split not in SIZES:
            known = ", ".join(SIZES)
            raise UserError(f"sizes: the demo has no split '{split}', only {known}.{nearest(split, SIZES)}")
        if size < 1:
            raise UserError(f"sizes, {split}: {size} rows; give 1 or more, or leave the split out.")


def write_split(split: str, size: int, seed: int, seen: set[str]) -> list[dict[str, Any]]:
    """Write one split's rows; each row has its own stream of random numbers."""
    planned = briefs(size, split == "test", Random(f"{seed}/{split}"))
    return [write_row(f"{split}-{place:04d}", brief, seed, seen) for place, brief in enumerate(planned)]


def write_row(name: str, brief: Brief, seed: int, seen: set[str]) -> dict[str, Any]:
    """Write one row, drawing its e-mail again while the same text exists."""
    rng = Random(f"{seed}/{name}")
    text = letter(brief, rng)
    while normalised(text) in seen:
        text = letter(brief, rng)
    seen.add(normalised(text))
    return {
        "id": name,
        "text": text,
        "label": brief.labels[0],
        "labels": brief.labels,
        "answer": reply([articles()[article] for article in brief.articles], rng),
        "article": brief.articles[0],
        "articles": brief.articles,
        "wording": brief.families[0].id,
    }


def normalised(text: str) -> str:
    """Return the text without case, space and punctuation, for comparing."""
    return re.sub(r"[\W_]+", "", text.lower())
