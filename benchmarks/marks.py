"""What marks tell without pairs: `python -m benchmarks.marks [--seeds 3]`.

Of each pair that people compared one answer is kept for training, drawn, and marked good or bad. Both answers of a test
pair are judged, each on its own: how often a good one is ranked above a bad one of any prompt (ROC area), and above its
own rival. Intervals (95 %) draw prompts, each the mean of its seeds. Finished runs are kept in `--runs`.
"""

import argparse
import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import yaml

from benchmarks.arguments import add_kept_runs
from benchmarks.recipe import Recipe
from benchmarks.record import append
from overtone.core.answer import Answer
from overtone.core.example import Example
from overtone.core.tasks.approve import GOOD
from overtone.evaluate.diagnosis.interval import mean_interval, sources
from overtone.evaluate.inference import inference
from overtone.evaluate.metrics.roc_auc import RocAuc
from overtone.evaluate.statistics.groups import places

RECIPE, QUICK_ROWS = "hh_harmless", 200
UNTUNED = ("answer_length", "tfidf", "embedding_head")
ENCODER = ("base=builtin:minilm", "stages.0.method=full")
TUNED: dict[str, tuple[str, ...]] = {
    "kto": ("stages.0.objective=kto",),
    "classify, encoder": (*ENCODER, "stages.0.objective=classify"),
}
HEAD = ("| system | ROC area | 95 % | n | above its rival | 95 % | n |", "|---|---|---|---|---|---|---|")


def main() -> None:
    """Train on marks from every seed and write a table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--systems", nargs="+", choices=list(TUNED), default=list(TUNED), metavar="SYSTEM")
    add_kept_runs(parser, QUICK_ROWS)
    given = parser.parse_args()
    changed = (f"data.rows={QUICK_ROWS}",) if given.quick else ()
    recipe = marked(Recipe(RECIPE, (), given.runs), given.runs / "marks", changed)
    lines = [*HEAD, *_untuned(recipe)]
    for name in given.systems:
        runs = [
            recipe.run(
                f"{name.replace(', ', '-')}-seed{seed}",
                *TUNED[name],
                f"seed={seed}",
                "decide.rivals=[fine_tune]",
            )
            for seed in range(given.seeds)
        ]
        lines.append(_line(recipe, name, [recipe.answers(run.folder, "fine_tune") for run in runs]))
        print(lines[-1], flush=True)
    append(f"Marks on {RECIPE}, {given.seeds} seed(s)", lines, given.out)


def marked(pairs: Recipe, folder: Path, changed: tuple[str, ...]) -> Recipe:
    """The recipe of the pairs' answers one by one; written where it does not stand yet."""
    if not (folder / "marks.yaml").is_file():
        folder.mkdir(parents=True, exist_ok=True)
        for split in ("train", "validation", "test"):
            rows = getattr(pairs.data, split)
            kept = [mark for row in rows for mark in (_both(row) if split == "test" else _drawn(row))]
            (folder / f"{split}.jsonl").write_text("".join(json.dumps(one) + "\n" for one in kept))
        plan = {
            "task": "approve",
            "base": "builtin:tiny",
            "data": {split: f"{split}.jsonl" for split in ("train", "validation", "test")},
            "stages": [{"method": "lora", "epochs": 1, "evaluations": 2, "long_rows": "drop"}],
        }
        (folder / "marks.yaml").write_text(yaml.safe_dump(plan))
    return Recipe("marks", changed, folder / ("quick" if changed else "runs"), folder)


def _both(row: Example) -> list[dict[str, Any]]:
    """The better and the worse answer of a pair."""
    turns = [asdict(turn) for turn in row.question.messages]
    return [
        {"prompt": turns, "completion": answer, "label": good}
        for answer, good in ((row.completion, True), (row.rejected, False))
    ]


def _drawn(row: Example) -> list[dict[str, Any]]:
    """One of the two."""
    return [Random(row.id).choice(_both(row))]


def _untuned(recipe: Recipe) -> list[str]:
    """What is not tuned, over the recipe's base; frozen features of an encoder too."""
    run = recipe.run("untuned", f"decide.rivals=[{','.join(UNTUNED)}]")
    lines = [_line(recipe, name, [recipe.answers(run.folder, name)]) for name in UNTUNED]
    frozen = UNTUNED[-1]
    run = recipe.run("frozen", *ENCODER, f"decide.rivals=[{frozen}]")
    return [*lines, _line(recipe, f"{frozen}, encoder", [recipe.answers(run.folder, frozen)])]


def _line(recipe: Recipe, name: str, answers: Sequence[Sequence[Answer]]) -> str:
    """Both values, of the mean over the seeds."""
    metric, clean = RocAuc(), _clean(recipe)
    rows = [recipe.data.test[place] for place in clean]
    kept = [[one[place] for place in clean] for one in answers]
    tallies = np.mean([metric.tallies(rows, one, recipe.plan.task) for one in kept], axis=0)
    low, high = inference(metric, places([row.group for row in rows])).interval(tallies, 0)
    cells = [name, f"{metric.of_sums(tallies.sum(axis=0)):.1%}", f"{low:.1%} to {high:.1%}", str(len(rows))]
    better = rows[::2]
    above = np.mean([_above(one) for one in kept], axis=0)
    low, high = mean_interval(above, sources(better), 0)
    cells += [f"{above.mean():.1%}", f"{low:.1%} to {high:.1%}", str(len(better))]
    return f"| {' | '.join(cells)} |"


def _clean(recipe: Recipe) -> list[int]:
    """The places of the test rows of those pairs of which no question also stands in train."""
    test, leaked = recipe.data.test, recipe.data.leaked
    firsts = range(0, len(test), 2)
    assert all(test[place].group == test[place + 1].group for place in firsts)
    return [
        place + more
        for place in firsts
        for more in (0, 1)
        if leaked.isdisjoint({test[place].id, test[place + 1].id})
    ]


def _above(answers: Sequence[Answer]) -> Any:
    """1 for each pair whose better answer is the more probably good one, a half where both are alike."""
    good = np.array([(answer.probabilities or {GOOD: 0.5})[GOOD] for answer in answers]).reshape(-1, 2)
    return (np.sign(good[:, 0] - good[:, 1]) + 1) / 2


if __name__ == "__main__":
    main()
