"""What each method of tuning reaches and costs: `python -m benchmarks.methods [--methods lora adapter] [--seeds 3]`.

Every method trains `builtin:minilm` at its usual rate on 10 examples of each class of banking77 and on 1,000 rows of
sst2, from several seeds, each training in a process of its own, so that its peak of memory is its own. A fifth of these
rows choose the epochs, and a refit then learns from all of them, as the classical methods over frozen features beside
it do. Differences are paired over test rows, each the mean of its seeds. Finished runs are kept in `--runs` and are not
repeated.
"""

import argparse
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.alone import alone, peak_bytes
from benchmarks.arguments import add_kept_runs
from benchmarks.recipe import Recipe, make_recipe
from benchmarks.record import append
from overtone.evaluate.statistics.bca import bca

TUNED = "fine_tune"
FROZEN = {
    "embedding_head": "frozen features, logistic regression",
    "embedding_svm": "frozen features, support vector machine",
    "embedding_neighbours": "frozen features, nearest neighbours",
    "embedding_boosting": "frozen features, boosted trees",
}
METHODS: dict[str, dict[str, Any]] = {  # settings of the stage
    "full": {"method": "full"},
    "top layers": {"method": {"name": "top_layers", "count": 2}},
    "top layers, gradual unfreezing": {"method": {"name": "top_layers", "count": 4, "unfreeze_every": 0.25}},
    "head": {"method": "head"},
    "lora": {"method": "lora"},
    "lora, rank-stabilised": {"method": {"name": "lora", "rank_stabilised": True}},
    "lora, dora": {"method": {"name": "lora", "dora": True}},
    "lora, base in 8 bits": {"method": "lora", "precision": "int8"},
    "lora, base in 4 bits": {"method": "lora", "precision": "nf4"},
    "adapter, pfeiffer": {"method": {"name": "adapter", "kind": "pfeiffer"}},
    "adapter, houlsby": {"method": {"name": "adapter", "kind": "houlsby"}},
    "adapter, parallel": {"method": {"name": "adapter", "kind": "parallel"}},
    "ia3": {"method": "ia3"},
    "bitfit": {"method": "bitfit"},
    "norms": {"method": "norms"},
    "column": {"method": "column"},
    "prompt": {"method": "prompt"},
    "prompt, twenty tokens": {"method": {"name": "prompt", "tokens": 20}},
    "p_tuning": {"method": "p_tuning"},
    "prefix": {"method": "prefix"},
}
EPOCHS = {"banking77_10shot": 5.0, "sst2": 3.0}
SST2_ROWS, QUICK_ROWS = 1000, 80
ALL = "full"  # what the others are also compared with


@dataclass(frozen=True)
class Trained:
    """One training: which test rows it got right (0 or 1), and what it cost."""

    right: Sequence[float]
    seconds: float
    trainable: int
    peak_bytes: int


def main() -> None:
    """Measure the methods on both data sets, one training after the other."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument(
        "--methods", nargs="+", choices=list(METHODS), default=list(METHODS), metavar="METHOD"
    )
    parser.add_argument("--recipes", nargs="+", choices=list(EPOCHS), default=list(EPOCHS), metavar="RECIPE")
    add_kept_runs(parser, QUICK_ROWS)
    given = parser.parse_args()
    for name in given.recipes:
        recipe = _recipe(name, given.runs / ("methods-quick" if given.quick else "methods"), given.quick)
        lines, bars = _head(), list[Any]()
        for rival, title in FROZEN.items():
            right = _frozen(recipe, rival)
            lines.append(f"| {title} | {_score(right, bars)} | | | |")
            bars = bars or [right]
        for method in given.methods:
            trained = [_alone(recipe, method, seed) for seed in range(given.seeds)]
            lines.append(_line(method, trained, bars))
            bars += [_right(trained)] if method == ALL else []
            print(lines[-1], flush=True)
        small = f" (tried on {QUICK_ROWS} rows of each file)" if given.quick else ""
        append(f"Methods on {name}{small}, {given.seeds} seed(s)", lines, given.out)


def _recipe(name: str, folder: Path, quick: bool) -> Recipe:
    """The recipe with its own rows for testing; of sst2 1,000 rows for training."""
    small = make_recipe(name, folder, QUICK_ROWS if quick else SST2_ROWS)
    kept = [one for one in small.overrides if quick or (name == "sst2" and one.startswith("data.train="))]
    epochs = 1.0 if quick else EPOCHS[name]
    usual = (
        "data.validation=null",
        "data.validation_share=0.2",
        "stages.0.learning_rate=null",
        "stages.0.refit=true",
    )
    return Recipe(name, (*kept, f"stages.0.epochs={epochs}", *usual), folder)


def _alone(recipe: Recipe, method: str, seed: int) -> Trained | str:
    """The training in a new process, or what it left there before; the reason where it is refused."""
    found = alone(recipe.folder / f"{run_name(recipe, method, seed)}.json", _train, recipe, method, seed)
    return found if isinstance(found, str) else Trained(**found)


def _train(recipe: Recipe, method: str, seed: int) -> dict[str, Any]:
    """Run the recipe with the method; run in a process of its own."""
    run = recipe.run(
        run_name(recipe, method, seed), *stage_settings(method), f"seed={seed}", f"decide.rivals=[{TUNED}]"
    )
    (system,) = (one for one in run.contents["systems"] if one["name"] == TUNED)
    right = recipe.right(recipe.answers(run.folder, TUNED)).tolist()
    return asdict(Trained(right, system["training_seconds"], system["trainable_parameters"], peak_bytes()))


def stage_settings(method: str) -> list[str]:
    """What changes a plan's only stage to the method."""
    return [f"stages.0.{name}={json.dumps(value)}" for name, value in METHODS[method].items()]


def run_name(recipe: Recipe, method: str, seed: int) -> str:
    """Its folder's name."""
    return f"{recipe.name}-{method.replace(', ', '-').replace(' ', '-')}-seed{seed}"


def _head() -> list[str]:
    return [
        "| method | accuracy | n | less logistic regression | less all weights | weights that learn | seconds "
        "| peak memory, GB |",
        "|---|---|---|---|---|---|---|---|",
    ]


def _frozen(recipe: Recipe, rival: str) -> Any:
    """Which rows a classical method over frozen features gets right: the bar of what needs no training."""
    run = recipe.run(f"{recipe.name}-{rival}", f"decide.rivals=[{rival}]")
    return recipe.right(recipe.answers(run.folder, rival))


def _line(method: str, trained: Sequence[Trained | str], bars: Sequence[Any]) -> str:
    """A row of the table: the mean over the seeds, its interval over the test rows."""
    done = [one for one in trained if isinstance(one, Trained)]
    if len(done) < len(trained):
        reason = next(one for one in trained if isinstance(one, str))
        return f"| {method} | refused: {reason} | | | | | | |"
    seconds = np.mean([one.seconds for one in done])
    peak = max(one.peak_bytes for one in done) / 1e9
    return f"| {method} | {_score(_right(done), bars)} | {done[0].trainable:,} | {seconds:.0f} | {peak:.2f} |"


def _right(trained: Sequence[Trained | str]) -> Any:
    return np.mean([one.right for one in trained if isinstance(one, Trained)], axis=0)


def _score(right: Any, bars: Sequence[Any]) -> str:
    """The share with its interval, the rows, and the paired differences to each bar, in points."""
    low, high = bca(right, seed=0)
    gaps = [_gap(right - bar) for bar in bars] + [""] * (2 - len(bars))
    return f"{right.mean():.1%} [{100 * low:.1f}, {100 * high:.1f}] | {len(right)} | {' | '.join(gaps)}"


def _gap(differences: Any) -> str:
    low, high = 100 * np.array(bca(differences, seed=0, lowest=-1.0))
    return f"{100 * differences.mean():+.1f} [{low:+.1f}, {high:+.1f}]"


if __name__ == "__main__":
    main()
