"""New words: what an extended tokenizer saves in tokens, and the perplexity before and after in the same units."""

import json
import math
from collections.abc import Mapping
from typing import Any, ClassVar

import numpy as np

from overtone.evaluate.chapter import Chapter, Results
from overtone.evaluate.metrics.perplexity import log_probability, text_bytes
from overtone.evaluate.report.numbers import percent
from overtone.evaluate.report.section import Cell, Column, Section, Table
from overtone.evaluate.statistics.bca import bca

UNTUNED = "as_is"
SHOWN = 40
COLUMNS = (
    Column("System"),
    Column("Tokens", "count"),
    Column("Tokens a word", "number"),
    Column("Characters a token", "number"),
    Column("Bits a character", "number"),
    Column("Perplexity a word", "number"),
)


class NewWords(Chapter):
    """Tokens of the test texts before and after, and the perplexity of both in units that no tokenizer changes."""

    name: ClassVar[str] = "new_words"
    order: ClassVar[int] = 7

    def write(self, results: Results) -> Section | None:
        """A table for each tuned system whose tokenizer was extended; nothing where there is none."""
        sentences, tables = [], []
        for key, facts in results.facts.items():
            if "vocabulary" in facts and key in results.titles:
                told = json.loads(str(facts["vocabulary"]))
                sentences += _sentences(results, key, told)
                tables.append(_table(results, key, told))
        return Section(self.name, "New words", tuple(sentences), tuple(tables)) if tables else None


def _sentences(results: Results, key: str, told: Mapping[str, Any]) -> list[str]:
    """Which words, and how much they save."""
    words = told["words"]
    shown = ", ".join(words[:SHOWN]) + ", ..." * (len(words) > SHOWN)
    found = [f"{results.titles[key]}: {len(words)} new words: {shown}."]
    before, after = (np.array(told[name], dtype=float) for name in ("before", "after"))
    if len(before):
        shares = 1 - after / np.maximum(before, 1)
        low, high = bca(shares, results.seed, -1.0, 1.0)
        found.append(
            f"A test text takes {percent(float(shares.mean()))} % fewer tokens on the mean [{percent(low)}, "
            f"{percent(high)}], n = {len(shares)}."
        )
    return found


def _table(results: Results, key: str, told: Mapping[str, Any]) -> Table:
    rows = [_row("the base's tokenizer", told, "before", results, UNTUNED)]
    rows.append(_row("with the new words", told, "after", results, key))
    note = (
        "Tokens are those of the test texts. Bits and perplexities are of whole texts, by characters and words, so "
        "that another tokenizer does not change their unit; above stands the base as it is, below the tuned one."
    )
    return Table(COLUMNS, tuple(rows), results.titles[key], note=note)


def _row(title: str, told: Mapping[str, Any], name: str, results: Results, system: str) -> tuple[Cell, ...]:
    tokens = sum(told[name])
    counts = (tokens, tokens / max(1, told["text_words"]), told["characters"] / max(1, tokens))
    return (title, *counts, *_perplexities(results, system))


def _perplexities(results: Results, system: str) -> tuple[float | None, float | None]:
    """Bits a character and perplexity a word of the test texts; none where they were not asked for."""
    if results.metric.name != "perplexity" or system not in results.answers:
        return None, None
    pairs = zip(results.answers[system], results.test, strict=True)
    total = math.fsum(log_probability(answer, text_bytes(row)) for answer, row in pairs)
    characters = sum(len(row.text) for row in results.test)
    words = sum(len(row.text.split()) for row in results.test)
    return -total / max(1, characters) / math.log(2), math.exp(min(700.0, -total / max(1, words)))
