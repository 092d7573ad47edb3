"""Transfer from language to language: `nice -n 5 python -m benchmarks.cross_lingual [made_up] [xlmt] [--quick]`.

`made_up` tunes MiniLM in one of three languages of our own making, or in one with a share of another, and judges it in
all three: what is learned must help in the kindred language and must not in the foreign one. `xlmt` takes the recipe of
tweets in eight languages. What was measured is kept in `--runs` and is not measured again.
"""

import argparse
import json
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.made_up_languages import CLASSES, FOREIGN, KINDRED, PLAIN, rows
from benchmarks.recipe import RECIPES
from benchmarks.record import RESULTS, append
from overtone import api
from overtone.core.example import Example
from overtone.decide.measure import measure_all
from overtone.decide.measured import Measured
from overtone.engine.remember import open_store, remembering
from overtone.evaluate.metrics.accuracy import Accuracy
from overtone.evaluate.statistics.seeds import over_seeds
from overtone.job.main import read_data
from overtone.job.resolve import resolve
from overtone.job.searching.rows import make_materials, rows_of
from overtone.job.searching.tuning import trial_tuner
from overtone.job.store import FolderStore
from overtone.models.describe import describe

Shares = Mapping[str, float]
TRAIN, TEST, QUICK_TRAIN, QUICK_TEST = 200, 160, 80, 40
TWEETS_LEARNED, TWEETS_JUDGED = 500, 200  # at most, and of each language
MADE_UP: tuple[Shares, ...] = (
    {PLAIN: 1.0},
    {KINDRED: 1.0},
    {FOREIGN: 1.0},
    {PLAIN: 1.0, KINDRED: 0.1},
    {PLAIN: 1.0, FOREIGN: 0.1},
)
RIVALS = ["tfidf", "embedding_head", "fine_tune"]
FULL: dict[str, Any] = {"method": "full", "epochs": 3, "learning_rate": 1e-4}
HEAD: dict[str, Any] = {"method": "head", "epochs": 4}


@dataclass(frozen=True)
class Judged:
    """The clean test rows, and what each system answered to them."""

    rows: Sequence[Example]
    measured: Mapping[str, Measured]
    accuracy: Mapping[str, Mapping[str, float]]  # 1 or 0, by system and by row (its meaning, or its id)

    def right(self, key: str, language: str) -> dict[str, float]:
        """Which rows of a language a system answers rightly."""
        return {_name(row): self.accuracy[key][row.id] for row in self.rows if row.language == language}


@dataclass(frozen=True)
class Bench:
    """Where measurements are kept, how many seeds, and whether all is small."""

    folder: Path
    seeds: int
    quick: bool = False

    def judge(self, name: str, path: Path, overrides: Sequence[str]) -> Judged:
        """The rivals of a plan on its test rows."""
        plan = api.load_plan(path, overrides, name)
        data = read_data(plan, path.parent)
        plan, folder = resolve(plan, describe(plan.base)), self.folder / name
        tuner = partial(trial_tuner, data.labels)
        materials = make_materials(plan, rows_of(data), folder / "candidates", print, tuner)
        store = FolderStore(folder)
        found = measure_all(
            plan.decide.rivals or (), materials, data.test, store, lambda *_: None, alone=False
        )
        right = {one.key: Accuracy().rows(data.test, one.answers, plan.task) for one in found}
        by_row = {
            key: {row.id: one for row, one in zip(data.test, values, strict=True)}
            for key, values in right.items()
        }
        clean = [row for row in data.test if row.id not in data.leaked]
        return Judged(clean, {one.key: one for one in found}, by_row)


def main() -> None:
    """Measure what is asked for and append the tables."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("what", nargs="*", default=list(WHAT), metavar="WHAT", help=", ".join(WHAT))
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--quick", action="store_true", help="few rows and a frozen base, to try this out")
    parser.add_argument("--runs", type=Path, default=Path("runs/benchmarks/cross_lingual"))
    parser.add_argument("--out", type=Path, default=RESULTS, help="where results are appended")
    given = parser.parse_args()
    bench = Bench(given.runs / ("quick" if given.quick else "full"), given.seeds, given.quick)
    for what in given.what:
        with remembering(open_store(print)):
            title, lines = WHAT[what](bench)
        append(f"Transfer between languages: {title}{' (small)' if given.quick else ''}", lines, given.out)


def made_up(bench: Bench) -> tuple[str, list[str]]:
    """Every way to learn, judged in the three languages; each seed has languages of its own."""
    ways = MADE_UP[:1] if bench.quick else MADE_UP
    found = {named(one): [_made_up(bench, one, seed) for seed in range(bench.seeds)] for one in ways}
    return f"made up, {len(CLASSES)} classes, {bench.seeds} seed(s)", table(found, (PLAIN, KINDRED, FOREIGN))


def _made_up(bench: Bench, shares: Shares, seed: int) -> Judged:
    folder = bench.folder / "rows" / str(seed)
    train, test = (QUICK_TRAIN, QUICK_TEST) if bench.quick else (TRAIN, TEST)
    folder.mkdir(parents=True, exist_ok=True)
    for name, first, count in (("train", 0, train), ("test", train, test)):
        lines = (json.dumps(row, ensure_ascii=False) for row in rows(first, count, seed))
        (folder / f"{name}.jsonl").write_text("\n".join(lines), encoding="utf-8")
    plan = {
        "task": "classify",
        "base": "builtin:minilm",
        "data": {
            **{"train": "train.jsonl", "test": "test.jsonl", "group": "meaning"},
            "languages": {"column": "language", "train": dict(shares)},
        },
        "stages": [HEAD if bench.quick else FULL],
        "decide": {"rivals": RIVALS[-1:] if bench.quick else RIVALS},
        "seed": seed,
    }
    path = folder / "plan.yaml"
    path.write_text(json.dumps(plan), encoding="utf-8")
    return bench.judge(f"made_up-{_slug(shares)}-{seed}", path, ())


def xlmt(bench: Bench) -> tuple[str, list[str]]:
    """The recipe of tweets on some of its rows: learned in English, judged in eight languages."""
    found = [_tweets(bench, seed) for seed in range(bench.seeds)]
    others = sorted({row.language for row in found[0].rows} - {"english"})
    return f"xlmt_sentiment, {TWEETS_LEARNED} rows", table({"english": found}, ("english", *others))


def _tweets(bench: Bench, seed: int) -> Judged:
    path = RECIPES / "xlmt_sentiment.yaml"
    source = path.parent / str(api.load_plan(path).data.test)
    learned, judged = (60, 10) if bench.quick else (TWEETS_LEARNED, TWEETS_JUDGED)
    test = (bench.folder / "tweets.jsonl").resolve()
    test.parent.mkdir(parents=True, exist_ok=True)
    test.write_text("\n".join(_of_each_language(source, judged)), encoding="utf-8")
    chosen = [f"data.test={test}", f"data.rows={learned}", f"seed={seed}"]
    chosen += [f"decide.rivals={json.dumps(RIVALS if seed == 0 else RIVALS[-1:])}"]
    chosen += [f"stages={json.dumps([HEAD])}"] if bench.quick else []
    return bench.judge(f"xlmt-{seed}", path, chosen)


def _of_each_language(source: Path, many: int) -> list[str]:
    """Lines of tweets, so many of each language, drawn with a fixed seed."""
    found: dict[str, list[str]] = {}
    lines = source.read_text(encoding="utf-8").split("\n")
    for line in random.Random(0).sample(lines, len(lines)):
        if line:
            found.setdefault(json.loads(line)["lang"], []).append(line)
    return [line for lines in found.values() for line in lines[:many]]


def table(found: Mapping[str, Sequence[Judged]], judged: Sequence[str]) -> list[str]:
    """Accuracy by what was learned from and what is judged; intervals over rows and seeds."""
    first = next(iter(found.values()))[0]
    heads = [f"{name} (n = {sum(row.language == name for row in first.rows)})" for name in judged]
    lines = [
        f"| learned from | system | seeds | {' | '.join(heads)} |",
        "|---|---|---|" + "---|" * len(judged),
    ]
    for learned, runs in found.items():
        for key, one in runs[0].measured.items():
            known = [run for run in runs if key in run.measured]
            cells = [_cell([run.right(key, name) for run in known]) for name in judged]
            lines.append(f"| {learned} | {one.title} | {len(known)} | {' | '.join(cells)} |")
    return lines


def _cell(runs: Sequence[Mapping[str, float]]) -> str:
    """Mean accuracy with its 95 % interval over rows and seeds, the same rows for each seed."""
    shared = [name for name in runs[0] if all(name in run for run in runs)]
    score = over_seeds(np.array([[run[name] for name in shared] for run in runs]))
    return f"{100 * score.value:.1f} [{100 * score.low:.1f}, {100 * score.high:.1f}]"


def _name(row: Example) -> str:
    """What a row is called in every seed: its meaning, where its words are the seed's own."""
    return row.group or row.id


def named(shares: Shares) -> str:
    """`plain, foreign 10%`."""
    return ", ".join(name if share == 1 else f"{name} {share:.0%}" for name, share in shares.items())


def _slug(shares: Shares) -> str:
    return "-".join(f"{name}{share:g}" for name, share in shares.items())


WHAT = {"made_up": made_up, "xlmt": xlmt}


if __name__ == "__main__":
    main()
