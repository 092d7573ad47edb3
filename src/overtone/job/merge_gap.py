"""What a merge changes of a model tuned on a packed base: merged it is another model, so the gap is measured.

The merge goes onto a freshly loaded base of full precision. Both models are asked about the validation rows that parity
is checked on.
"""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from overtone.core.score import Score
from overtone.evaluate.metric import metric_of
from overtone.evaluate.report.section import Column, Section, Table
from overtone.evaluate.scores import score
from overtone.job.candidate import REFERENCES_FILE, SAY, References, artifact_folder, read_references
from overtone.parity.compare import largest_difference
from overtone.runs.write import write_json
from overtone.train.artifact import load_artifact, read_card

FILE = "merge_gap.json"


@dataclass(frozen=True)
class MergeGap:
    """The largest difference of the numbers that both give, and how both do on the plan's metric."""

    precision: str
    largest_difference: float
    rows: int
    metric: str
    packed: Score | None  # None where no row can be judged
    merged: Score | None


def keep_gap(candidate: Path, run: Path, seed: int) -> None:
    """Measure a published candidate's gap and keep it in the run; nothing where its merge is the same model."""
    folder = artifact_folder(candidate)
    if folder is None or read_card(folder).merges_alike or not read_card(folder).method.merges:
        return
    gap = _measured(folder, read_references(candidate / REFERENCES_FILE), seed)
    write_json(run / FILE, asdict(gap))


def gap_sections(run: Path) -> tuple[Section, ...]:
    """What the report says of the gap, where there is one."""
    path = run / FILE
    if not path.is_file():
        return ()
    kept: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    packed, merged = (kept[name] for name in ("packed", "merged"))
    sentences = (
        f"The tuned model answers on a base in {kept['precision']}. Merged onto the base in float32 it is another "
        f"model: what the two say of {kept['rows']} validation rows differs by at most "
        f"{kept['largest_difference']:.3g} (of a probability or a log-probability). It is the merged model that "
        "`base:` takes from this run.",
    )
    heads = (
        Column("Model"),
        *(Column(name, "percent") for name in (kept["metric"], "from", "to")),
        Column("n", "count"),
    )
    rows = tuple(
        (name, *(one[part] for part in ("value", "low", "high", "n")))
        for name, one in ((f"on {kept['precision']}", packed), ("merged onto float32", merged))
        if one is not None
    )
    return (
        Section("merge_gap", "Merged, it is another model", sentences, (Table(heads, rows),) if rows else ()),
    )


def _measured(folder: Path, references: References, seed: int) -> MergeGap:
    card, rows = read_card(folder), references.examples
    metric = metric_of(card.task.metric)
    judged = [row for row in rows if metric.judges(row)]

    def scored(system: Any) -> Score | None:
        if not judged:
            return None
        return score(metric, judged, system.answer([row.question for row in judged]), card.task, seed)

    packed = scored(load_artifact(folder).system())
    merged = load_artifact(folder, merged=True).system()
    numbers = SAY[card.task.asks](merged, rows)
    gap = largest_difference(references.numbers, numbers)
    return MergeGap(card.precision, gap, len(rows), metric.heading, packed, scored(merged))
