"""The general probe: what a model knows of plain English that no plan asks for, to see what a tuning costs it.

Its texts are held out: short paragraphs on eight themes, in `general.md`. A decoder is asked how likely it finds each
paragraph, in natural logarithms a byte. Of any other body a linear head (ridge regression onto the themes) is fitted to
the features of every second sentence and judged on the others.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

import torch
from torch import Tensor

from overtone.engine.batches import in_batches
from overtone.engine.layout import shares_beginnings
from overtone.engine.learner import Learner
from overtone.engine.score import log_probabilities
from overtone.models.base import Base
from overtone.models.text import encode_plain, encode_text
from overtone.train.artifact import POOLING

FILE = Path(__file__).parent / "general.md"
RIDGE = 0.1  # beside squared features of unit length
BATCH_TOKENS = 2048


@dataclass(frozen=True)
class Probed:
    """One value a text: its log-probability a byte, or 1 where its theme is told rightly; features where taken."""

    kind: Literal["text", "features"]
    values: tuple[float, ...]
    features: Tensor | None = None  # (sentences, hidden)


@cache
def paragraphs() -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Theme and sentences of each paragraph."""
    found, theme = [], ""
    for block in FILE.read_text(encoding="utf-8").strip().split("\n\n"):
        if block.startswith("# "):
            theme = block.removeprefix("# ")
        else:
            found.append((theme, tuple(block.splitlines())))
    return tuple(found)


def probe(base: Base) -> Probed:
    """What a model makes of the general texts."""
    return _text(base) if base.description.kind == "decoder" else _features(base)


def text_values(base: Base, texts: Sequence[str]) -> list[float | None]:
    """The log-probability of each text a byte of it, in nats; None for a text that is longer than the context."""
    rows = [_marked(base, text) for text in texts]
    fitting = [place for place, row in enumerate(rows) if 1 < len(row) <= base.description.context]
    found: list[float | None] = [None] * len(texts)
    likely = log_probabilities(base.model.eval(), [(rows[place][:1], rows[place][1:]) for place in fitting])
    for place, values in zip(fitting, likely, strict=True):
        found[place] = sum(values) / max(1, len(texts[place].encode()))
    return found


def similarity(before: Tensor, after: Tensor) -> float:
    """Linear centred kernel alignment of two sets of features of the same rows, 0 to 1 (same but for a rotation).

    Kornblith et al. 2019, "Similarity of Neural Network Representations Revisited", arXiv 1905.00414, section 3.
    """
    first, second = (each.double() - each.double().mean(0) for each in (before, after))
    joint = (second.T @ first).norm() ** 2
    return float(joint / ((first.T @ first).norm() * (second.T @ second).norm()))


def _marked(base: Base, text: str) -> list[int]:
    """Tokens behind the start mark, or behind the end mark of a family that has no other."""
    ids = (base.tokenizer.bos_token_id, base.tokenizer.eos_token_id)
    start = next((one for one in ids if one is not None), None)
    return [*([] if start is None else [start]), *encode_plain(base, text)]


def _text(base: Base) -> Probed:
    """By paragraph; by sentence where the context holds no paragraph."""
    whole = text_values(base, [" ".join(sentences) for _, sentences in paragraphs()])
    values = whole if any(value is not None for value in whole) else text_values(base, _sentences())
    return Probed("text", tuple(value for value in values if value is not None))


def _features(base: Base) -> Probed:
    features = _features_of(base, [encode_text(base, text) for text in _sentences()])
    themes = [theme for theme, sentences in paragraphs() for _ in sentences]
    return Probed("features", tuple(_told(features, themes)), features)


def _features_of(base: Base, rows: Sequence[Sequence[int]]) -> Tensor:
    """(rows, hidden), in main memory; rows are cut to the context."""
    cut = [row[: base.description.context] for row in rows]
    learner = Learner(base.model, None, POOLING[base.description.kind], base.description.name).eval()
    found: dict[int, Tensor] = {}
    with torch.inference_mode():
        for batch in in_batches(cut, BATCH_TOKENS, shares_beginnings(base.model)):
            vectors = learner.features([cut[place] for place in batch]).float().cpu()
            found |= dict(zip(batch, vectors, strict=True))
    return torch.stack([found[place] for place in range(len(cut))])


def _told(features: Tensor, themes: Sequence[str]) -> list[float]:
    """Whether a head that saw every second row tells the theme of each of the others."""
    names = sorted(set(themes))
    wanted = torch.tensor([names.index(theme) for theme in themes])
    rows = torch.nn.functional.normalize(features.double(), dim=-1)
    mean = rows[::2].mean(0)
    seen, asked = rows[::2] - mean, rows[1::2] - mean
    targets = torch.nn.functional.one_hot(wanted[::2], len(names)).double()
    kernel = seen @ seen.T + RIDGE * torch.eye(len(seen), dtype=torch.float64)
    scores = asked @ seen.T @ torch.linalg.solve(kernel, targets - targets.mean(0)) + targets.mean(0)
    return [float(right) for right in scores.argmax(-1) == wanted[1::2]]


def _sentences() -> list[str]:
    return [sentence for _, sentences in paragraphs() for sentence in sentences]
