"""Seeds of the tuned candidate and of the plain loop, one after the other, so that both meet the same machine."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from benchmarks.recipe import Recipe
from overtone.core.answer import Answer
from overtone.evaluate.statistics.bca import bca
from overtone.evaluate.statistics.paired_test import paired_mean_test

TUNED, FROZEN = "fine_tune", "embedding_head"


@dataclass(frozen=True)
class Pair:
    """One seed: which test rows each got right (0 or 1), and seconds of training."""

    seed: int
    ours: Sequence[float]
    ours_seconds: float
    plain: Sequence[float]
    plain_seconds: float
    plain_validation_seconds: float


def measure_pairs(recipe: Recipe, seeds: int) -> list[Pair]:
    """Seed 0 ours, plain, seed 1 ours, plain, and so on. Seed 0 is the recipe's own full run."""
    return [_pair(recipe, seed) for seed in range(seeds)]


def _pair(recipe: Recipe, seed: int) -> Pair:
    alone = () if seed == 0 else (f"seed={seed}", f"decide.rivals=[{TUNED}]")
    result = recipe.run(recipe.name if seed == 0 else f"{recipe.name}-seed{seed}", *alone)
    ours = recipe.right(recipe.answers(result.folder, TUNED))
    system = next(one for one in result.contents["systems"] if one["name"] == TUNED)
    plain = _plain(recipe, seed)
    right = recipe.right([Answer(probabilities={label: 1.0}) for label in plain["predictions"]])
    print(f"  seed {seed}: ours {ours.mean():.2%}, plain {right.mean():.2%}", flush=True)
    return Pair(seed, ours, system["training_seconds"], right, plain["seconds"], plain["validation_seconds"])


def _plain(recipe: Recipe, seed: int) -> dict[str, Any]:
    """The plain loop's result, kept beside the runs so that an interrupted measurement goes on."""
    kept = recipe.folder / f"{recipe.name}-plain-seed{seed}.json"
    if not kept.exists():
        from benchmarks.plain_loop import train_plain

        data, plan = recipe.data, recipe.plan
        trained = train_plain(
            plan.base, plan.stages[0], data.labels, data.train, data.validation, data.test, seed
        )
        kept.write_text(json.dumps(asdict(trained)), encoding="utf-8")
    result: dict[str, Any] = json.loads(kept.read_text(encoding="utf-8"))
    return result


def tell_pairs(recipe: Recipe, pairs: Sequence[Pair]) -> list[str]:
    """The pairs as a Markdown table, and in sentences what they show."""
    lines = [
        "| seed | Overtone, accuracy | seconds | plain loop, accuracy | seconds | of them validation | ratio |",
        "|---|---|---|---|---|---|---|",
    ]
    for pair in pairs:
        ratio = pair.ours_seconds / pair.plain_seconds
        lines.append(
            f"| {pair.seed} | {np.mean(pair.ours):.2%} | {pair.ours_seconds:.0f} | {np.mean(pair.plain):.2%} "
            f"| {pair.plain_seconds:.0f} | {pair.plain_validation_seconds:.0f} | {ratio:.2f} |"
        )
    ours, plain = (np.mean([getattr(pair, who) for pair in pairs], axis=0) for who in ("ours", "plain"))
    seconds = sum(pair.ours_seconds for pair in pairs) / sum(pair.plain_seconds for pair in pairs)
    frozen = recipe.right(recipe.answers(recipe.folder / recipe.name, FROZEN))
    return [
        *lines,
        "",
        f"Mean over {len(pairs)} seeds: {ours.mean():.2%}; the plain loop {plain.mean():.2%}; "
        f"time {seconds:.2f} of the plain loop's.",
        f"Against the frozen embedding + linear head ({frozen.mean():.2%}): {difference(ours - frozen)}.",
        f"Against the plain loop: {difference(ours - plain)}.",
    ]


def difference(rows: np.ndarray) -> str:
    """A mean of row differences in words: points, BCa interval, p of the studentised paired bootstrap."""
    low, high = bca(rows, seed=0, lowest=-1.0, highest=1.0)
    p = paired_mean_test(rows, seed=0)
    return (
        f"{100 * rows.mean():+.2f} points, 95 % interval {100 * low:+.2f} to {100 * high:+.2f}, "
        f"p {p:.4f} on {len(rows)} rows"
    )
