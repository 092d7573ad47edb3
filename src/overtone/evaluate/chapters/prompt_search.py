"""What the search for a prompt tried, on validation rows, and what it chose."""

import json
from collections.abc import Mapping
from typing import Any, ClassVar

from overtone.evaluate.chapter import Chapter, Results
from overtone.evaluate.report.section import Column, Section, Table

LONGEST = 200  # characters of an instruction
SHOWN = 30  # prompts in one table


class PromptSearch(Chapter):
    """Every prompt that was tried with its score on validation rows, the chosen one marked."""

    name: ClassVar[str] = "prompt_search"
    order: ClassVar[int] = 85

    def write(self, results: Results) -> Section | None:
        """A table for each search; None where no prompt was searched."""
        found = {key: facts for key, facts in results.facts.items() if "search" in facts}
        if not found:
            return None
        tables = [_table(results, key, json.loads(str(facts["search"]))) for key, facts in found.items()]
        return Section(
            name=self.name,
            title="Search for a prompt",
            sentences=tuple(_sentence(results.titles[key], facts) for key, facts in found.items()),
            tables=tuple(tables),
        )


def _sentence(title: str, facts: Mapping[str, float | str]) -> str:
    tried, left = int(facts["candidates"]), int(facts["candidates_left_out"])
    beyond = f" {left} more were left out: the budget could not have told them apart." if left else ""
    return (
        f"{title}: {tried} prompts were tried with {int(facts['validation_answers'])} answers to validation rows, by "
        f"successive halving; the test rows played no part.{beyond}"
    )


def _table(results: Results, key: str, tried: list[dict[str, Any]]) -> Table:
    tried.sort(key=lambda one: (not one["chosen"], -one["rows"], -(one["value"] or 0.0)))
    rows = tuple(
        (one["instruction"][:LONGEST], one["examples"], one["rows"], one["value"]) for one in tried[:SHOWN]
    )
    columns = (
        Column("Instruction"),
        Column("Examples"),
        Column("Validation rows", "count"),
        Column(results.metric.heading, "percent"),
    )
    note = "A prompt that saw few rows was dropped early; its score is rough."
    return Table(columns, rows, title=results.titles[key], note=note, marked=(0,))
