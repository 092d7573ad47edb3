"""What is suspicious about labels: mixed kinds, swapped columns, conflicts, imbalance, labels in the text."""

from collections import Counter
from collections.abc import Iterator, Sequence
from statistics import mean
from typing import Any

from overtone.core.errors import UserError
from overtone.core.example import Example
from overtone.data.identity import fingerprint
from overtone.data.sources.table import Table

KINDS = {str: "text", int: "whole number", float: "decimal number", bool: "true or false"}
SWAP_ROWS = 20  # rows from which a suspicion about columns is worth a refusal
IMBALANCE = 20  # times that the largest class is larger than the smallest
TELLING_SHARE = 0.5  # of rows with their label in the text


def refuse_mixed_kinds(table: Table, columns: Sequence[str]) -> None:
    """Refuse labels such as 1, "1" and true side by side: nobody can say which of them are the same."""
    seen: dict[str, str] = {}
    for place, value in _labels(table, columns):
        if type(value) in KINDS:
            seen.setdefault(KINDS[type(value)], f"{value!r} in {place}")
    if len(seen) > 1:
        named = "; ".join(f"{kind}, {example}" for kind, example in seen.items())
        raise UserError(
            f"{table.file}: the labels in '{', '.join(columns)}' are of {len(seen)} kinds ({named}); "
            "write all of them as texts."
        )


def _labels(table: Table, columns: Sequence[str]) -> Iterator[tuple[str, Any]]:
    for row in table.rows:
        for column in columns:
            value = row.values.get(column)
            for item in value if isinstance(value, list) else [value]:
                if item == item:  # not a number means missing
                    yield row.place, item


def refuse_swapped(table: Table, text: str, label: str) -> None:
    """Refuse a text column of few short values beside a label column of many long ones."""
    texts = [str(row.values.get(text)) for row in table.rows]
    labels = [str(row.values.get(label)) for row in table.rows]
    many, few = len(set(labels)), len(set(texts))
    if len(texts) < SWAP_ROWS or many <= max(few, len(labels) / 2):
        return
    if mean(map(len, labels)) > 1.5 * mean(map(len, texts)):
        raise UserError(
            f"{table.file}: the columns look swapped: '{label}' holds {many} different long values, "
            f"'{text}' {few} short ones. Say which is which in the plan: "
            f"data.columns: {{text: {label}, label: {text}}}"
        )


def label_warnings(examples: Sequence[Example]) -> list[str]:
    """What a person should know about the labels of these rows before any training, in sentences."""
    counts = Counter(label for example in examples for label in example.labels)
    found = (_imbalance(counts), _singles(counts), _conflicts(examples), _telling(examples))
    return [sentence for sentence in found if sentence]


def _imbalance(counts: Counter[str]) -> str:
    (large, most), (small, least) = counts.most_common(1)[0], counts.most_common()[-1]
    if most < IMBALANCE * least:
        return ""
    return f"The classes are unbalanced: '{large}' has {most} rows, '{small}' {least}."


def _singles(counts: Counter[str]) -> str:
    single = sorted(label for label, count in counts.items() if count == 1)
    named = ", ".join(single[:5]) + (", ..." if len(single) > 5 else "")
    plural = "classes have" if len(single) > 1 else "class has"
    return f"{len(single)} {plural} a single row, too few to learn or to judge: {named}." if single else ""


def _conflicts(examples: Sequence[Example]) -> str:
    """Texts that stand with different labels, two places of the first of them named."""
    first: dict[str, Example] = {}
    conflicts: dict[str, tuple[Example, Example]] = {}
    for example in examples:
        other = first.setdefault(fingerprint(example.text), example)
        if set(other.labels) != set(example.labels):
            conflicts.setdefault(fingerprint(example.text), (other, example))
    if not conflicts:
        return ""
    one, two = next(iter(conflicts.values()))
    plural = "texts stand" if len(conflicts) > 1 else "text stands"
    return (
        f"{len(conflicts)} {plural} with different labels, for example {one.source} "
        f"({', '.join(one.labels)}) and {two.source} ({', '.join(two.labels)})."
    )


def _telling(examples: Sequence[Example]) -> str:
    telling = sum(
        any(f" {fingerprint(label)} " in f" {fingerprint(example.text)} " for label in example.labels)
        for example in examples
    )
    if telling < TELLING_SHARE * len(examples):
        return ""
    return (
        f"The label is written in the text in {telling} of {len(examples)} rows; "
        "a score then says little about rows where it is not."
    )
