"""Toxicity and counterfactual sensitivity on public data: `python -m benchmarks.safety [--data ../shared/data]`.

A toxicity classifier is trained on hate_tweets and judged on its test rows. A linear head on frozen
`builtin:minilm` is trained on rows of sst2, with counterfactual twins of them and without; both answer the test
rows and their twins.
"""

import argparse
import random
import sys
import tempfile
import time
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from benchmarks.record import RESULTS, append
from overtone.core.answer import System
from overtone.core.errors import UserError
from overtone.core.example import Example
from overtone.core.tasks.classify import ClassifyTask
from overtone.data.load import Data, load_data
from overtone.data.settings import DataSettings
from overtone.decide.rival import Materials
from overtone.decide.rivals.embedding_head import EmbeddingHead
from overtone.engine.remember import open_store, remembering
from overtone.evaluate.metrics.accuracy import Accuracy
from overtone.evaluate.report.cells import written
from overtone.evaluate.report.numbers import chance, differed, scored
from overtone.evaluate.report.section import Section, Table
from overtone.evaluate.safety.lists import axes
from overtone.evaluate.safety.sensitivity import Sensitivity, sensitivity
from overtone.evaluate.safety.swap_section import swap_section
from overtone.evaluate.safety.synthetic import counterfactual_rows
from overtone.evaluate.safety.twins import twins
from overtone.evaluate.scores import compare, score
from overtone.job.safety.toxicity import train_toxicity
from overtone.models.base import load_base

TASK, SEED = ClassifyTask(), 0
TITLES = ("plain rows", "with counterfactual rows")


def main() -> None:
    """Measure both and write the results down."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--data", type=Path, default=Path("../shared/data"), help="folder of the public data")
    parser.add_argument("--parts", nargs="+", choices=PARTS, default=list(PARTS), help="what is measured")
    parser.add_argument("--rows", type=int, default=2000, help="training rows of sst2")
    parser.add_argument("--out", type=Path, default=RESULTS, help="where results are appended")
    given = parser.parse_args()
    try:
        for part in given.parts:
            title, measured = PARTS[part]
            append(title, measured(given.data, given.rows), given.out)
    except UserError as error:
        sys.exit(f"Error: {error}")


def toxicity(data: Path, rows: int) -> list[str]:
    """Train on all rows of the train split, judge on those of the test split."""
    folder, begun = data / "hate_tweets", time.perf_counter()
    with tempfile.TemporaryDirectory() as output:
        quality = train_toxicity(
            folder / "train.jsonl",
            Path(output) / "toxicity",
            validation=folder / "validation.jsonl",
            test=folder / "test.jsonl",
        )
    lines = [f"{quality.named}, trained on {quality.train_rows} rows in {time.perf_counter() - begun:.0f} s."]
    for name, one in (("precision", quality.precision), ("recall", quality.recall)):
        lines.append(f"{name} of toxic: {one.value:.3f} [{one.low:.3f}, {one.high:.3f}], n={one.n}")
    return lines


def counterfactual(data: Path, rows: int) -> list[str]:
    """Heads trained with twins of the training rows and without; the base's work is remembered."""
    with remembering(open_store(print)):
        return two_heads(data / "sst2", rows)


def two_heads(folder: Path, rows: int) -> list[str]:
    """Both on the same test rows and twins."""
    files = {split: str(folder / f"{split}.jsonl") for split in ("train", "validation", "test")}
    data = load_data(DataSettings.model_validate(files), TASK, SEED, Path())
    train = random.Random(SEED).sample(list(data.train), min(rows, len(data.train)))
    made = [one.row for one in counterfactual_rows(train)]
    test = [row for row in data.test if row.id not in data.leaked]
    base = cache(lambda: load_base("builtin:minilm"))
    heads = {
        title: head(data, several, base)
        for title, several in zip(TITLES, (train, [*train, *made]), strict=True)
    }
    found = {axis: asked(axis, heads, test) for axis in axes()}
    section = swap_section(found, len(test), texts=False, seed=SEED)
    return [
        f"{len(train)} rows, and {len(made)} twins of them.",
        *accuracies(heads, test),
        "",
        *as_lines(section),
    ]


def head(data: Data, train: Sequence[Example], base: object) -> System:
    """The frozen features with a linear head on these rows."""
    materials = Materials(
        task=TASK,
        train=train,
        validation=data.validation,
        labels=data.labels,
        documents=(),
        base=base,
        tune=None,
        stages=(),
        folder=Path(),
        seed=SEED,
    )
    return EmbeddingHead().prepare(materials)


def asked(axis: str, heads: dict[str, System], test: Sequence[Example]) -> dict[str, Sensitivity]:
    """Every row that names a group, and its twins."""
    made = twins(test, axis)
    found = {}
    for title, one in heads.items():
        places = sorted({twin.row for twin in made})
        given = one.answer([test[place].question for place in places])
        answers = dict(zip(places, given, strict=True))
        twinned = one.answer([twin.question for twin in made])
        found[title] = sensitivity(made, answers, twinned, TASK)
    return found


def accuracies(heads: dict[str, System], test: Sequence[Example]) -> list[str]:
    """The accuracy of both, and their difference."""
    given = {title: one.answer([row.question for row in test]) for title, one in heads.items()}
    lines = [
        f"{title}: accuracy {scored(score(Accuracy(), test, answers, TASK, SEED))} on {len(test)} test rows"
        for title, answers in given.items()
    ]
    change = compare(Accuracy(), test, given[TITLES[1]], given[TITLES[0]], TASK, SEED)
    return [*lines, f"difference {differed(change)}, p {chance(change.p)} ({change.test})"]


def as_lines(section: Section) -> list[str]:
    """A section as Markdown."""
    return [*section.sentences, "", *(line for table in section.tables for line in _table(table))]


def _table(table: Table) -> list[str]:
    heads = [f"| {' | '.join(column.title for column in table.columns)} |", "|---" * len(table.columns) + "|"]
    cells = [[written(*cell) for cell in zip(row, table.columns)] for row in table.rows]
    return [*heads, *(f"| {' | '.join(row)} |" for row in cells)]


PARTS = {
    "toxicity": ("Toxicity: hate_tweets", toxicity),
    "swaps": ("Counterfactual sensitivity: sst2", counterfactual),
}

if __name__ == "__main__":
    main()
