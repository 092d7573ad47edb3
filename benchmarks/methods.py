"""What each method of tuning reaches and costs: `python -m benchmarks.methods [--methods lora adapter] [--seeds 3]`.

Every method trains `builtin:minilm` at its usual rate on 10 examples of each class of banking77 and on 1,000 rows of
sst2, from several seeds, each training in a process of its own, so that its peak of memory is its own. A fifth of these
rows choose the epochs, and a refit then learns from all of them, as the frozen features beside it do. Finished runs are
kept in `--runs` and are not repeated.
"""

import argparse
import json
import multiprocessing
import resource
import sys
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.recipe import Recipe, make_recipe
from benchmarks.record import RESULTS, append
from overtone.core.errors import UserError
from overtone.evaluate.statistics.bca import bca

TUNED, FROZEN = "fine_tune", "embedding_head"
METHODS: dict[str, dict[str, Any]] = {
    "full": {"name": "full"},
    "top layers": {"name": "top_layers", "count": 2},
    "top layers, gradual unfreezing": {"name": "top_layers", "count": 4, "unfreeze_every": 0.25},
    "head": {"name": "head"},
    "lora": {"name": "lora"},
    "lora, rank-stabilised": {"name": "lora", "rank_stabilised": True},
    "lora, dora": {"name": "lora", "dora": True},
    "adapter, pfeiffer": {"name": "adapter", "kind": "pfeiffer"},
    "adapter, houlsby": {"name": "adapter", "kind": "houlsby"},
    "adapter, parallel": {"name": "adapter", "kind": "parallel"},
    "ia3": {"name": "ia3"},
    "bitfit": {"name": "bitfit"},
    "norms": {"name": "norms"},
    "column": {"name": "column"},
    # An encoder refuses these; the table gives its reason.
    "prompt": {"name": "prompt"},
    "p_tuning": {"name": "p_tuning"},
    "prefix": {"name": "prefix"},
}
EPOCHS = {"banking77_10shot": 5.0, "sst2": 3.0}
SST2_ROWS, QUICK_ROWS = 1000, 80


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
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument(
        "--quick", action="store_true", help=f"{QUICK_ROWS} rows and one epoch, to try this out"
    )
    parser.add_argument("--runs", type=Path, default=Path("runs/benchmarks"), help="where runs are kept")
    parser.add_argument("--out", type=Path, default=RESULTS, help="where results are appended")
    given = parser.parse_args()
    for name in given.recipes:
        recipe = _recipe(name, given.runs / ("methods-quick" if given.quick else "methods"), given.quick)
        lines = [*_head(), _frozen(recipe)]
        for method in given.methods:
            lines.append(_line(method, [_alone(recipe, method, seed) for seed in range(given.seeds)]))
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
    kept = recipe.folder / f"{_run_name(recipe, method, seed)}.json"
    if not kept.exists():
        context = multiprocessing.get_context("spawn")
        with ProcessPoolExecutor(1, mp_context=context) as pool:
            found = pool.submit(_train, recipe, method, seed).result()
        if isinstance(found, str):
            return found
        kept.write_text(json.dumps(asdict(found)), encoding="utf-8")
    return Trained(**json.loads(kept.read_text(encoding="utf-8")))


def _train(recipe: Recipe, method: str, seed: int) -> Trained | str:
    """Run the recipe with the method; run in a process of its own."""
    chosen = f"stages.0.method={json.dumps(METHODS[method])}"
    try:
        run = recipe.run(_run_name(recipe, method, seed), chosen, f"seed={seed}", f"decide.rivals=[{TUNED}]")
    except UserError as error:
        return str(error)
    (system,) = (one for one in run.contents["systems"] if one["name"] == TUNED)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
    return Trained(
        recipe.right(recipe.answers(run.folder, TUNED)).tolist(),
        system["training_seconds"],
        system["trainable_parameters"],
        peak,
    )


def _run_name(recipe: Recipe, method: str, seed: int) -> str:
    return f"{recipe.name}-{method.replace(', ', '-').replace(' ', '-')}-seed{seed}"


def _head() -> list[str]:
    return [
        "| method | accuracy | 95 % interval | n | weights that learn | seconds | peak memory, GB |",
        "|---|---|---|---|---|---|---|",
    ]


def _frozen(recipe: Recipe) -> str:
    """The bar of what needs no training: logistic regression on frozen features."""
    run = recipe.run(f"{recipe.name}-frozen", f"decide.rivals=[{FROZEN}]")
    right = recipe.right(recipe.answers(run.folder, FROZEN))
    return f"| frozen features, logistic regression | {_score(right)} | | | |"


def _line(method: str, trained: Sequence[Trained | str]) -> str:
    """A row of the table: the mean over the seeds, its interval over the test rows."""
    done = [one for one in trained if isinstance(one, Trained)]
    if len(done) < len(trained):
        reason = next(one for one in trained if isinstance(one, str))
        return f"| {method} | refused: {reason} | | | | | |"
    right = np.mean([one.right for one in done], axis=0)
    seconds = np.mean([one.seconds for one in done])
    peak = max(one.peak_bytes for one in done) / 1e9
    return f"| {method} | {_score(right)} | {done[0].trainable:,} | {seconds:.0f} | {peak:.2f} |"


def _score(right: Any) -> str:
    low, high = bca(right, seed=0)
    return f"{right.mean():.2%} | {low:.2%} to {high:.2%} | {len(right)}"


if __name__ == "__main__":
    main()
