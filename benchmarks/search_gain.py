"""Whether what a search found beats the plan as it was, and the defaults: `python -m benchmarks.search_gain RECIPE`.

Searches the recipe, then decides the plans with several seeds, and compares their tuned systems on test rows, which
chose nothing. The defaults are the recipe with nothing set in its one stage. Finished searches and trainings are kept
in `--runs` and are not repeated.
"""

import argparse
import sys
from pathlib import Path

import numpy as np

from benchmarks.recipe import Recipe, make_recipe
from benchmarks.record import RESULTS, append
from overtone import api
from overtone.core.errors import UserError
from overtone.core.event import Event
from overtone.evaluate.statistics.seeds import compare_over_seeds, over_seeds

TUNED, BEST_PLAN = "fine_tune", "search/best.yaml"
DEFAULTS = "stages=[{}]"


def main() -> None:
    """Search, train both plans from every seed, and write down how they differ."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("recipe", help="a recipe with a search section")
    parser.add_argument("--trials", type=int, help="other than the recipe's")
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--rows", type=int, help="only so many rows of each file, to try this out")
    parser.add_argument("--runs", type=Path, default=Path("runs/benchmarks"), help="where runs are kept")
    parser.add_argument("--out", type=Path, default=RESULTS, help="where results are appended")
    given = parser.parse_args()
    try:
        recipe = make_recipe(given.recipe, given.runs, given.rows)
        best = search(recipe, given.trials)
        append(f"{given.recipe}: search", measure(recipe, best, given.seeds), given.out)
    except UserError as error:
        sys.exit(f"Error: {error}")


def search(recipe: Recipe, trials: int | None) -> Path:
    """The plan that a search of the recipe found best."""
    result = api.search(
        recipe.path, recipe.overrides, recipe.name, trials=trials, watch=_tell, runs=recipe.folder
    )
    return result.folder / BEST_PLAN


def measure(recipe: Recipe, best: Path, seeds: int) -> list[str]:
    """The plans over their seeds, and how far what was found lies from the others, as Markdown."""
    plain = Recipe(recipe.name, (*recipe.overrides, DEFAULTS), recipe.folder)
    right = {
        "defaults": _right(plain, recipe.path, f"{recipe.name}-defaults", seeds),
        "as it was": _right(recipe, recipe.path, recipe.name, seeds),
        "found": _right(recipe, best, f"{recipe.name}-found", seeds),
    }
    lines = [
        "| plan | mean accuracy | 95 % interval | spread of seeds | seeds | n |",
        "|---|---|---|---|---|---|",
    ]
    for name, values in right.items():
        score = over_seeds(values)
        lines.append(
            f"| {name} | {score.value:.2%} | {score.low:.2%} to {score.high:.2%} | {score.spread:.2%} "
            f"| {score.seeds} | {score.n} |"
        )
    return [*lines, "", *(_told(right, other) for other in ("defaults", "as it was"))]


def _told(right: dict[str, np.ndarray], other: str) -> str:
    """How far the found plan lies from another one."""
    change = compare_over_seeds(right["found"], right[other])
    return (
        f"Found less {other}: {100 * change.difference:+.2f} points, 95 % interval {100 * change.low:+.2f} to "
        f"{100 * change.high:+.2f}, p {change.p:.2g} ({change.test})."
    )


def _right(recipe: Recipe, plan: Path, run: str, seeds: int) -> np.ndarray:
    """Which test rows a plan's tuned system gets right: (seeds, rows)."""
    overrides = (*(recipe.overrides if plan == recipe.path else ()), f"decide.consistency.seeds={seeds}")
    folder = api.decide(plan, overrides, run, watch=_tell, runs=recipe.folder).folder
    again = [folder / "repeats" / f"seed-{recipe.plan.seed + more}" for more in range(1, seeds)]
    return np.stack([recipe.right(recipe.answers(place, TUNED)) for place in (folder, *again)])


def _tell(event: Event) -> None:
    if event.message:
        print(f"  {event.phase}: {event.message}", flush=True)


if __name__ == "__main__":
    main()
