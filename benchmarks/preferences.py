"""What learning from preferences reaches: `python -m benchmarks.preferences [--objectives dpo reward] [--seeds 3]`.

Each objective trains `builtin:tiny` on pairs that people compared, and `reward, encoder` a reward model upon
`builtin:minilm`. All are judged beside length, words and frozen features: on all test pairs, and on those in which the
longer answer is chosen as often as the shorter one. Finished runs are kept in `--runs` and are not repeated.
"""

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.recipe import Recipe
from benchmarks.record import RESULTS, append
from overtone.evaluate.diagnosis.even_lengths import even_lengths
from overtone.evaluate.diagnosis.interval import mean_interval, sources
from overtone.evaluate.metrics.preference_accuracy import PreferenceAccuracy

RECIPES = ("hh_harmless", "oasst_pref")
TUNED, REWARD = "fine_tune", "reward, encoder"
UNTUNED = ("answer_length", "tfidf_pairs", "zero_shot", "embedding_pairs")
OBJECTIVES: dict[str, tuple[str, ...]] = {
    **{name: (f"stages.0.objective={name}",) for name in ("dpo", "ipo", "kto", "orpo", "simpo", "reward")},
    REWARD: ("base=builtin:minilm", "stages.0.method=full", "stages.0.objective=reward"),
}
HEAD = (
    "| system | all pairs | 95 % | n | pairs balanced for length | 95 % | n |",
    "|---|---|---|---|---|---|---|",
)


def main() -> None:
    """Train every objective from every seed and write a table for each data set."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument(
        "--objectives", nargs="+", choices=list(OBJECTIVES), default=list(OBJECTIVES), metavar="OBJECTIVE"
    )
    parser.add_argument("--recipes", nargs="+", choices=RECIPES, default=RECIPES, metavar="RECIPE")
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--epochs", type=float, help="other than the recipe's")
    parser.add_argument("--runs", type=Path, default=Path("runs/benchmarks"), help="where runs are kept")
    parser.add_argument("--out", type=Path, default=RESULTS, help="where results are appended")
    given = parser.parse_args()
    for name in given.recipes:
        changed = () if given.epochs is None else (f"stages.0.epochs={given.epochs}",)
        recipe = Recipe(name, changed, given.runs)
        lines = [*HEAD, *_untuned(recipe)]
        for objective in given.objectives:
            lines.append(
                _line(recipe, objective, [_tuned(recipe, objective, seed) for seed in range(given.seeds)])
            )
            print(lines[-1], flush=True)
        append(f"Preferences on {name}, {given.seeds} seed(s)", lines, given.out)


def _untuned(recipe: Recipe) -> list[str]:
    """What is not tuned, over the recipe's base; frozen features of an encoder too."""
    run = recipe.run(f"{recipe.name}-untuned", f"decide.rivals=[{','.join(UNTUNED)}]")
    lines = [_line(recipe, name, [_right(recipe, run.folder, name)]) for name in UNTUNED]
    frozen = UNTUNED[-1]
    run = recipe.run(f"{recipe.name}-frozen", *OBJECTIVES[REWARD], f"decide.rivals=[{frozen}]")
    return [*lines, _line(recipe, f"{frozen}, encoder", [_right(recipe, run.folder, frozen)])]


def _tuned(recipe: Recipe, objective: str, seed: int) -> Any:
    """1 for each test pair that the tuned model orders rightly, else 0."""
    changed = (*OBJECTIVES[objective], f"seed={seed}", f"decide.rivals=[{TUNED}]")
    run = recipe.run(f"{recipe.name}-{objective.replace(', ', '-')}-seed{seed}", *changed)
    return _right(recipe, run.folder, TUNED)


def _right(recipe: Recipe, run: Path, system: str) -> Any:
    test = recipe.data.test
    values = PreferenceAccuracy().rows(test, recipe.answers(run, system), recipe.plan.task)
    return np.array(values)


def _line(recipe: Recipe, name: str, right: Sequence[Any]) -> str:
    """The mean over the seeds, on clean pairs and on balanced ones; intervals draw pairs, or their groups."""
    test = recipe.data.test
    clean = [place for place, row in enumerate(test) if row.id not in recipe.data.leaked]
    even = [clean[place] for place in even_lengths([test[place] for place in clean])]
    values, cells = np.mean(right, axis=0), [name]
    for places in (clean, even):
        low, high = mean_interval(values[places], sources([test[place] for place in places]), 0)
        cells += [f"{values[places].mean():.1%}", f"{low:.1%} to {high:.1%}", str(len(places))]
    return f"| {' | '.join(cells)} |"


if __name__ == "__main__":
    main()
