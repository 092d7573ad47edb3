"""How good the main job is on public data: `python -m benchmarks.quality banking77 sst2 [--seeds 3]`.

Each recipe is run whole; with `--seeds` the tuned candidate is trained from several seeds against a plain
padded loop. Finished runs are kept in `--runs` and are not repeated.
"""

import argparse
import sys
from pathlib import Path

from benchmarks.against_plain import measure_pairs, tell_pairs
from benchmarks.recipe import RECIPES, make_recipe
from benchmarks.record import RESULTS, append, systems_table
from overtone.core.errors import UserError

SEEDS = {"banking77": 3}  # where the comparison with the plain loop is made unless told otherwise


def main() -> None:
    """Measure the named recipes, one after the other."""
    known = sorted(path.stem for path in RECIPES.glob("*.yaml"))
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("recipes", nargs="+", choices=known, metavar="RECIPE", help=", ".join(known))
    parser.add_argument("--seeds", type=int, help="seeds against the plain loop (banking77: 3, others: 0)")
    parser.add_argument("--plain-seeds", type=int, help="how many of them beside the plain loop (all)")
    parser.add_argument("--rows", type=int, help="only so many rows of each file, to try this out")
    parser.add_argument("--epochs", type=float, help="other epochs than the recipe's")
    parser.add_argument("--runs", type=Path, default=Path("runs/benchmarks"), help="where runs are kept")
    parser.add_argument("--out", type=Path, default=RESULTS, help="where results are appended")
    given = parser.parse_args()
    try:
        for name in given.recipes:
            measure(name, given)
    except UserError as error:
        sys.exit(f"Error: {error}")


def measure(name: str, given: argparse.Namespace) -> None:
    """Run a recipe, then its seeds against the plain loop, and write down both."""
    print(name, flush=True)
    recipe = make_recipe(name, given.runs, given.rows, given.epochs)
    lines = systems_table(recipe.run(name).contents)
    seeds = SEEDS.get(name, 0) if given.seeds is None else given.seeds
    if seeds and recipe.data.labels:
        plain_seeds = seeds if given.plain_seeds is None else given.plain_seeds
        lines += ["", *tell_pairs(recipe, measure_pairs(recipe, seeds, plain_seeds))]
    small = f" (tried on {given.rows} rows of each file)" if given.rows else ""
    append(name + small, lines, given.out)


if __name__ == "__main__":
    main()
