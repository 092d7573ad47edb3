"""What stood in the prompts: examples, documents and whether the right one was among them, citations."""

from collections.abc import Mapping
from typing import ClassVar

from overtone.evaluate.chapter import Chapter, Results
from overtone.evaluate.report.section import Cell, Column, Section, Table
from overtone.evaluate.statistics.bca import bca
from overtone.evaluate.statistics.share import share_interval
from overtone.retrieve.measures import recall_at

Facts = Mapping[str, float | str]


class PromptContents(Chapter):
    """For each system with examples or documents in its prompts: how many, and whether they were the right ones."""

    name: ClassVar[str] = "prompt_contents"
    order: ClassVar[int] = 80

    def write(self, results: Results) -> Section | None:
        """A table for each kind of content that some prompt had; None where none had any."""
        tables = [_examples(results), _documents(results), _citations(results)]
        shown = tuple(table for table in tables if table.rows)
        if not shown:
            return None
        return Section(name=self.name, title="What stood in the prompts", tables=shown)


def _with(results: Results, fact: str) -> list[tuple[str, Facts]]:
    """Title and facts of the systems that have a fact."""
    return [(results.titles[key], facts) for key, facts in results.facts.items() if fact in facts]


def _examples(results: Results) -> Table:
    rows = tuple(
        (title, facts["examples_wanted"], facts["examples_in_prompt"])
        for title, facts in _with(results, "examples_in_prompt")
        if "examples_wanted" in facts
    )
    columns = (Column("System"), Column("Examples wanted", "count"), Column("Mean that fitted", "number"))
    return Table(columns, rows, title="Examples")


def _documents(results: Results) -> Table:
    rows = tuple(
        (
            results.titles[key],
            facts["documents_in_prompt"],
            facts["prompts_with_cut_documents"],
            *_recall(results, key),
        )
        for key, facts in results.facts.items()
        if "documents_in_prompt" in facts
    )
    columns = (
        Column("System"),
        Column("Documents in a prompt", "count"),
        Column("Prompts that cut some", "count"),
        Column("Right document shown", "percent"),
        Column("from", "percent"),
        Column("to", "percent"),
        Column("Rows", "count"),
    )
    note = "A row counts where its data name the document that holds its answer; 95 % intervals."
    return Table(columns, rows, title="Documents", note=note)


def _recall(results: Results, key: str) -> tuple[Cell, ...]:
    """Mean share of a row's documents that were shown, its interval and its rows; nothing where none are known."""
    values = []
    for row, answer in zip(results.test, results.answers[key], strict=True):
        if row.documents:
            wanted = set(row.documents)
            found = [rank for rank, one in enumerate(answer.documents, start=1) if one in wanted]
            values.append(recall_at(found, len(wanted), len(answer.documents)))
    if not values:
        return (None, None, None, 0)
    mean = sum(values) / len(values)
    shares = all(value in (0.0, 1.0) for value in values)
    low, high = share_interval(sum(values), len(values)) if shares else _bca(values, results.seed)
    return (mean, low, high, len(values))


def _bca(values: list[float], seed: int) -> tuple[float, float]:
    import numpy as np

    return bca(np.array(values), seed)


def _citations(results: Results) -> Table:
    rows = tuple(
        (
            title,
            facts["answers_that_cite"],
            facts["answers_that_cite_shown_documents"],
            facts.get("answers_that_cite_gold"),
        )
        for title, facts in _with(results, "answers_that_cite")
    )
    columns = (
        Column("System"),
        Column("Answers that cite", "percent"),
        Column("only what they were shown", "percent"),
        Column("the right document", "percent"),
    )
    note = "Of all answers; the right document of the answers whose row names it."
    return Table(columns, rows, title="Citations", note=note)
