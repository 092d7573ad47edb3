"""What the tuned systems forgot: general texts before and after, and the tasks of earlier stages after each stage."""

import json
from collections.abc import Sequence
from typing import Any, ClassVar

import numpy as np

from overtone.evaluate.chapter import Chapter, Results
from overtone.evaluate.diagnosis.forgetting import transfer_of
from overtone.evaluate.report.section import Cell, Column, Section, Table
from overtone.evaluate.statistics.bca import bca

LEAST = -20.0  # nats a byte, below every likelihood that is met


class Forgetting(Chapter):
    """The general probe of every tuned system, and the matrix of tasks and stages where there were several."""

    name: ClassVar[str] = "forgetting"
    order: ClassVar[int] = 85

    def write(self, results: Results) -> Section | None:
        """Nothing where no system was tuned, or where an older run measured none of it."""
        found = {
            key: json.loads(str(facts["forgetting"]))
            for key, facts in results.facts.items()
            if "forgetting" in facts and key in results.titles
        }
        if not found:
            return None
        sentences, rows = [], []
        for key, one in found.items():
            title = results.titles[key]
            if "general" in one:
                row = _compared(one["general"], results.seed)
                rows.append((title, *row))
                sentences.append(_told(title, one["general"], row))
            else:
                sentences.append(
                    f"{title}: the method {one['untouched']} leaves the base as it is, so nothing of it is forgotten."
                )
        tables = [_general_table(rows)] if rows else []
        for key, one in found.items():
            if "matrix" in one:
                table, told = _stages(results.titles[key], one["matrix"])
                tables.append(table)
                sentences += told
            if len(one["lineage"]) > 1:
                tables.append(_lineage(results.titles[key], one["lineage"]))
        return Section(self.name, "What the tuning forgot", tuple(sentences), tuple(tables))


def _compared(general: dict[str, Any], seed: int) -> tuple[Cell, ...]:
    """Before, after, difference with its interval, texts, and the likeness of features."""
    before, after = (np.array(general[name], dtype=float) for name in ("before", "after"))
    change = after - before
    least, most = (LEAST, -LEAST) if general["kind"] == "text" else (-1.0, 1.0)
    low, high = bca(change, seed, least, most)
    means = float(before.mean()), float(after.mean()), float(change.mean())
    return (*means, low, high, len(change), general["similarity"])


def _told(title: str, general: dict[str, Any], row: Sequence[Cell]) -> str:
    before, after, change, low, high, count, alike = (
        float(cell) if cell is not None else None for cell in row
    )
    assert low is not None and high is not None and change is not None
    verdict = "worse" if high < 0 else "better" if low > 0 else "not measurably different"
    interval = f"{change:+.3f} [{low:+.3f}, {high:+.3f}]".replace("-", "−")
    if general["kind"] == "text":
        return (
            f"{title}: on {count:.0f} general texts that no plan trains on, the log-probability a byte went from "
            f"{before:.3f} to {after:.3f} ({interval}): {verdict}.".replace(" -", " −")
        )
    return (
        f"{title}: a linear head on its features tells the theme of {after:.1%} of {count:.0f} general sentences, on "
        f"the untuned base of {before:.1%} ({interval}): {verdict}; the features are {alike:.2f} alike (CKA)."
    )


def _general_table(rows: Sequence[tuple[Cell, ...]]) -> Table:
    heads = ("before", "after", "change", "from", "to")
    columns = (
        Column("System"),
        *(Column(head, "number") for head in heads),
        Column("texts", "count"),
        Column("CKA", "number"),
    )
    return Table(
        columns, tuple(rows), "General texts before and after", note="Intervals: 95 %, paired by text."
    )


def _stages(title: str, matrix: dict[str, Any]) -> tuple[Table, list[str]]:
    """The matrix with its intervals, and what it says in three numbers."""
    values = [[cell and cell["value"] for cell in row] for row in matrix["cells"]]
    states = ["as it was", *(f"after stage {number}" for number in range(1, len(values)))]
    rows = tuple((state, *map(_shown, cells)) for state, cells in zip(states, matrix["cells"], strict=True))
    heads = [f"{task}: {metric}" for task, metric in zip(matrix["tasks"], matrix["metrics"], strict=True)]
    table = Table(
        (Column(""), *(Column(head) for head in heads)), rows, f"{title}: each task after each stage"
    )
    if len({metric == "log-probability a byte" for metric in matrix["metrics"]}) > 1:
        return table, ["The tasks are judged on different scales, so nothing is averaged over them."]
    found = transfer_of(values, matrix["own"])
    told = [
        f"{title}: average forgetting {_number(found.forgetting)} (best before the end minus the end), backward "
        f"transfer {_number(found.backward)} (the end minus right after its stage), forward transfer "
        f"{_number(found.forward)} (right before its stage minus the untuned model; Lopez-Paz and Ranzato 2017)."
    ]
    return table, told


def _shown(cell: dict[str, float] | None) -> str:
    if cell is None:
        return "no head yet"
    shown = f"{cell['value']:.3f} [{cell['low']:.3f}, {cell['high']:.3f}] ({cell['n']} rows)"
    return shown.replace("-", "−")


def _number(value: float | None) -> str:
    return "not measurable" if value is None else f"{value:+.3f}".replace("-", "−")


def _lineage(title: str, lineage: Sequence[dict[str, Any]]) -> Table:
    heads = (
        Column("stage", "count"),
        Column("task"),
        Column("method"),
        Column("objective"),
        Column("rows", "count"),
    )
    columns = (*heads, Column("rows' sha256"), Column("base"), Column("base's sha256"))
    rows = tuple(
        (
            number,
            one["task"]["name"],
            one["method"]["name"],
            (one["objective"] or {}).get("name", ""),
            one["rows"],
            one["rows_sha256"][:12],
            one["base"],
            one["base_sha256"][:12],
        )
        for number, one in enumerate(lineage, 1)
    )
    return Table(columns, rows, f"{title}: its lineage, the oldest training first")
