"""Finished runs written by hand: their folder holds what a real run leaves behind."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import yaml

from overtone.api import load_plan
from overtone.core.answer import Answer
from overtone.core.example import Example
from overtone.core.score import Score
from overtone.data.stored import to_lines
from overtone.decide.measured import Measured, save_measured
from overtone.evaluate.report.contents import Contents, DataAccount, MetricName, SystemResult, to_plain
from overtone.job.comparing.standing import ROWS
from overtone.job.store import FolderStore
from overtone.runs.run import Run
from overtone.runs.state import State, write_state
from overtone.runs.write import write_json, write_text

LABELS = ("sun", "rain")
TITLES = {"tfidf": "TF-IDF", "fine_tune": "tuned"}


def texts(count: int, first: int = 0) -> list[Example]:
    return [
        Example(f"id{number}", f"text {number}", (LABELS[number % 2],), source=f"test.csv:{number}")
        for number in range(first, first + count)
    ]


def finish(
    folder: Path, rows: Sequence[Example], right: Mapping[str, int], started: str = "2026-01-01T00:00:00"
) -> Run:
    """A run in `folder` whose systems get the first so many rows right."""
    folder.mkdir(parents=True)
    plan = folder / "given.yaml"
    plan.write_text("task: classify\nbase: builtin:minilm\ndata: rows.csv\n")
    resolved = load_plan(plan, name=folder.name).model_dump(mode="json")
    write_text(folder / "plan.yaml", yaml.safe_dump(resolved))
    write_state(folder, State(status="finished", started=started))
    write_text(folder / ROWS, to_lines(rows))
    for key, count in right.items():
        save_measured(_measured(key, rows, count), FolderStore(folder))
    write_json(folder / "report.json", to_plain(_contents(folder.name, rows, right)))
    return Run(folder)


def _measured(key: str, rows: Sequence[Example], right: int) -> Measured:
    answers = [_answer(row, place < right) for place, row in enumerate(rows)]
    return Measured(
        key=key,
        title=TITLES[key],
        kind=key,
        tuned=key == "fine_tune",
        ids=tuple(row.id for row in rows),
        answers=tuple(answers),
        prepare_seconds=1.0,
        answer_seconds=1.0,
        peak_mb=1.0,
    )


def _answer(row: Example, right: bool) -> Answer:
    other = LABELS[row.labels[0] == LABELS[0]]
    wanted = row.labels[0] if right else other
    return Answer(probabilities={label: 0.8 if label == wanted else 0.2 for label in LABELS})


def _contents(name: str, rows: Sequence[Example], right: Mapping[str, int]) -> Contents:
    shares = {key: count / len(rows) for key, count in right.items()}
    return Contents(
        run=name,
        date="2026-01-01",
        task="Sort each text into one of 2 classes",
        base="builtin:minilm",
        metrics=(MetricName("accuracy", "Accuracy"),),
        systems=tuple(
            SystemResult(
                key,
                TITLES[key],
                "tuned" if key == "fine_tune" else "rival",
                {"accuracy": Score(share, share, share, len(rows), "wilson")},
            )
            for key, share in shares.items()
        ),
        best=max(shares, key=lambda key: shares[key]),
        verdict=("Best is somebody.", "Advice: tune; on these rows the gain is not chance."),
        data=DataAccount(len(rows), len(rows), {}, 0, 0, len(rows)),
    )
