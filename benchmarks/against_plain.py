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
    plain: Sequence[float] | None = None  # where the plain loop was run for this seed
    plain_seconds: float = 0.0
    plain_validation_seconds: float = 0.0


def measure_pairs(recipe: Recipe, seeds: int, plain_seeds: int) -> list[Pair]:
    """Seed 0 ours, plain, seed 1 ours, plain, and so on; the plain loop for the first `plain_seeds` only.

    Seed 0 is the recipe's own full run.
    """
    return [_pair(recipe, seed, seed < plain_seeds) for seed in range(seeds)]


def _pair(recipe: Recipe, seed: int, beside_plain: bool) -> Pair:
    alone = () if seed == 0 else (f"seed={seed}", f"decide.rivals=[{TUNED}]")
    result = recipe.run(recipe.name if seed == 0 else f"{recipe.name}-seed{seed}", *alone)
    ours = recipe.right(recipe.answers(result.folder, TUNED))
    system = next(one for one in result.contents["systems"] if one["name"] == TUNED)
    seconds = system["training_seconds"]
    if not beside_plain:
        print(f"  seed {seed}: ours {ours.mean():.2%}", flush=True)
        return Pair(seed, ours, seconds)
    plain = _plain(recipe, seed)
    right = recipe.right([Answer(probabilities={label: 1.0}) for label in plain["predictions"]])
    print(f"  seed {seed}: ours {ours.mean():.2%}, plain {right.mean():.2%}", flush=True)
    return Pair(seed, ours, seconds, right, plain["seconds"], plain["validation_seconds"])


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
    lines += [_line(pair) for pair in pairs]
    ours = np.mean([pair.ours for pair in pairs], axis=0)
    frozen = recipe.right(recipe.answers(recipe.folder / recipe.name, FROZEN))
    lines += [
        "",
        f"Mean over {len(pairs)} seeds: {ours.mean():.2%}.",
        f"Against the frozen embedding + linear head ({frozen.mean():.2%}): {difference(ours - frozen)}.",
    ]
    both = [(np.asarray(pair.ours), np.asarray(pair.plain)) for pair in pairs if pair.plain is not None]
    if both:
        beside = [pair for pair in pairs if pair.plain is not None]
        ratio = sum(pair.ours_seconds for pair in beside) / sum(pair.plain_seconds for pair in beside)
        change = difference(np.mean([one - other for one, other in both], axis=0))
        lines.append(f"Against the plain loop, {len(both)} seed(s): {change}; {ratio:.2f} of its time.")
    return lines


def _line(pair: Pair) -> str:
    """One seed as a line of the table."""
    ours = f"| {pair.seed} | {np.mean(pair.ours):.2%} | {pair.ours_seconds:.0f} |"
    if pair.plain is None:
        return f"{ours} not run | – | – | – |"
    ratio = pair.ours_seconds / pair.plain_seconds
    return (
        f"{ours} {np.mean(pair.plain):.2%} | {pair.plain_seconds:.0f} | {pair.plain_validation_seconds:.0f} "
        f"| {ratio:.2f} |"
    )


def difference(rows: np.ndarray) -> str:
    """A mean of row differences in words: points, BCa interval, p of the studentised paired bootstrap."""
    low, high = bca(rows, seed=0, lowest=-1.0, highest=1.0)
    p = paired_mean_test(rows, seed=0)
    return (
        f"{100 * rows.mean():+.2f} points, 95 % interval {100 * low:+.2f} to {100 * high:+.2f}, "
        f"p {p:.4f} on {len(rows)} rows"
    )
