"""What each method of tuning reaches where answers are written: `python -m benchmarks.writing [--seeds 3]`.

`builtin:tiny` learns to put facts into a sentence (some rows of e2e_nlg), and to answer the demo's e-mails (so many
that tuning pays), by each method at its usual rate. All are judged by the metric of the plan on the same test rows,
beside the canned reply; an interval draws rows, each with its answers from all seeds. Finished runs are kept in
`--runs` and are not repeated.
"""

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.alone import alone, peak_bytes
from benchmarks.arguments import add_kept_runs
from benchmarks.methods import run_name, stage_settings
from benchmarks.recipe import Recipe
from benchmarks.record import append
from benchmarks.written import each_seed, scored
from overtone.demo.write import write_demo
from overtone.evaluate.metric import deciding

TUNED, CANNED = "fine_tune", "canned_reply"
CHOSEN = ("full", "lora", "lora, rank-stabilised", "adapter, pfeiffer", "prompt", "p_tuning", "prefix", "ia3")
E2E, DEMO = "e2e_nlg", "answer"
E2E_ROWS, DEMO_ROWS, QUICK_ROWS = 2400, 3200, 64


def main() -> None:
    """Measure the methods on both jobs, one training after the other."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--methods", nargs="+", choices=CHOSEN, default=CHOSEN, metavar="METHOD")
    parser.add_argument("--jobs", nargs="+", choices=(E2E, DEMO), default=(E2E, DEMO), metavar="JOB")
    parser.add_argument("--epochs", type=float, help="other than the recipe's; name another --runs with it")
    add_kept_runs(parser, QUICK_ROWS)
    given = parser.parse_args()
    folder = (given.runs / ("writing-quick" if given.quick else "writing")).resolve()
    for name in given.jobs:
        recipe = _recipe(name, folder, given.quick, given.epochs)
        lines = [*_head(recipe), _canned(recipe)]
        for method in given.methods:
            lines.append(_line(recipe, method, [_alone(recipe, method, seed) for seed in range(given.seeds)]))
            print(lines[-1], flush=True)
        small = f" (tried on {QUICK_ROWS} rows)" if given.quick else ""
        append(f"Methods that write, {name}{small}, {given.seeds} seed(s)", lines, given.out)


def _recipe(name: str, folder: Path, quick: bool, epochs: float | None) -> Recipe:
    epochs = 1.0 if quick else epochs
    changed = ["stages.0.learning_rate=null", *([f"stages.0.epochs={epochs}"] if epochs else [])]
    if name == E2E:
        return Recipe(name, (f"data.rows={QUICK_ROWS if quick else E2E_ROWS}", *changed), folder)
    write_demo(folder / "demo", answer_rows=QUICK_ROWS if quick else DEMO_ROWS)
    return Recipe(name, tuple(changed), folder, folder / "demo")


def _alone(recipe: Recipe, method: str, seed: int) -> dict[str, Any] | str:
    return alone(recipe.folder / f"{run_name(recipe, method, seed)}.json", _train, recipe, method, seed)


def _train(recipe: Recipe, method: str, seed: int) -> dict[str, Any]:
    """Run the recipe with the method; run in a process of its own."""
    run = recipe.run(
        run_name(recipe, method, seed), *stage_settings(method), f"seed={seed}", f"decide.rivals=[{TUNED}]"
    )
    (system,) = (one for one in run.contents["systems"] if one["name"] == TUNED)
    return {
        "folder": str(run.folder),
        "seconds": system["training_seconds"],
        "trainable": system["trainable_parameters"],
        "peak": peak_bytes(),
    }


def _head(recipe: Recipe) -> list[str]:
    metric = deciding(recipe.plan.task)
    return [
        f"| method | {metric.title} | 95 % interval | n | of each seed | weights | seconds | peak memory, GB |",
        "|---|---|---|---|---|---|---|---|",
    ]


def _line(recipe: Recipe, method: str, found: Sequence[dict[str, Any] | str]) -> str:
    """A row of the table: the metric over the answers of all seeds."""
    done = [one for one in found if isinstance(one, dict)]
    if len(done) < len(found):
        reason = next(one for one in found if isinstance(one, str))
        return f"| {method} | refused: {reason} | | | | | | |"
    answers = [recipe.answers(Path(one["folder"]), TUNED) for one in done]
    seconds, peak = np.mean([one["seconds"] for one in done]), max(one["peak"] for one in done) / 1e9
    judged = f"{scored(recipe, answers)} | {each_seed(recipe, answers)}"
    return f"| {method} | {judged} | {done[0]['trainable']:,} | {seconds:.0f} | {peak:.2f} |"


def _canned(recipe: Recipe) -> str:
    run = recipe.run(f"{recipe.name}-canned", f"decide.rivals=[{CANNED}]")
    return f"| canned reply | {scored(recipe, [recipe.answers(run.folder, CANNED)])} | | | | |"


if __name__ == "__main__":
    main()
