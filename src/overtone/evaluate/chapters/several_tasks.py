"""Several tasks in one model: each task's result, and what it gained or lost by the others."""

import json
from collections.abc import Sequence
from typing import Any, ClassVar

from overtone.evaluate.chapter import Chapter, Results
from overtone.evaluate.report.section import Cell, Column, Section, Table
from overtone.evaluate.statistics.normal import LEVEL

COLUMNS = (
    Column("Task"),
    Column("Rows learned", "count"),
    Column("Rows judged", "count"),
    Column("Metric"),
    Column("Together", "number"),
    Column("from", "number"),
    Column("to", "number"),
)
GAIN = (
    Column("Alone", "number"),
    Column("Gain", "number"),
    Column("from", "number"),
    Column("to", "number"),
    Column("p", "p"),
)
NOISE = Column("Noise", "number")


class SeveralTasks(Chapter):
    """Every task of a mixture with its interval, against a model of this task alone on the same rows."""

    name: ClassVar[str] = "several_tasks"
    order: ClassVar[int] = 6

    def write(self, results: Results) -> Section | None:
        """A table for each tuned system that learned several tasks; nothing where there is none."""
        found = {
            results.titles[key]: json.loads(str(facts["tasks"]))
            for key, facts in results.facts.items()
            if "tasks" in facts and key in results.titles
        }
        if not found:
            return None
        sentences = ["One model learned several tasks, each under a head of its own over the same body."]
        for title, rows in found.items():
            sentences += [f"{title}: {told}" for told in _gains(rows)]
        tables = tuple(_table(title, rows) for title, rows in found.items())
        return Section(self.name, "Several tasks in one model", tuple(sentences), tables)


def _gains(rows: Sequence[dict[str, Any]]) -> list[str]:
    """What each task gained or lost where it was learned alone too."""
    told = []
    for row in rows:
        if "gain" in row:
            gain = row["gain"]
            clear = gain["p_corrected"] < LEVEL
            side = "gained" if gain["difference"] > 0 else "lost"
            verdict = f"{side} by the others" if clear else "shows no gain and no loss by the others"
            interval = f"{gain['difference']:+.3f} [{gain['low']:+.3f}, {gain['high']:+.3f}]".replace(
                "-", "−"
            )
            told.append(f"{row['task']} {verdict} ({row['metric']} {interval}).")
        elif "together" not in row:
            told.append(f"{row['task']} has no test row that can be judged.")
    return told


def _table(title: str, rows: Sequence[dict[str, Any]]) -> Table:
    alone, noise = any("gain" in row for row in rows), any("noise" in row for row in rows)
    cells = tuple(
        (*_together(row), *(_gain(row) if alone else ()), *((row.get("noise"),) if noise else ()))
        for row in rows
    )
    columns = (*COLUMNS, *(GAIN if alone else ()), *((NOISE,) if noise else ()))
    note = "Intervals: 95 %."
    note += (
        " Gain: together minus alone on the same rows, paired; p is corrected for the number of tasks."
        * alone
    )
    learned = " Noise: the learned sigma; a task's loss is divided by its square." if noise else ""
    return Table(columns, cells, title, note=note + learned)


def _together(row: dict[str, Any]) -> tuple[Cell, ...]:
    score = row.get("together", {})
    return (
        row["task"],
        row["rows"],
        score.get("n", 0),
        row.get("metric", ""),
        score.get("value"),
        score.get("low"),
        score.get("high"),
    )


def _gain(row: dict[str, Any]) -> tuple[Cell, ...]:
    gain = row.get("gain", {})
    return (
        row.get("alone", {}).get("value"),
        gain.get("difference"),
        gain.get("low"),
        gain.get("high"),
        gain.get("p_corrected"),
    )
