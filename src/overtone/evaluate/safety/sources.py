"""Rows that share a source: those of one group, and those that are one template filled with other names or groups."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from overtone.core.example import Example
from overtone.evaluate.safety.lists import axes
from overtone.evaluate.safety.swap import find
from overtone.evaluate.safety.twins import asked_texts

GAP = "\0"  # stands where a name or group word stood
_ARTICLE = re.compile(rf"\ban(?=\s+{GAP})", re.IGNORECASE)


def with_sources(rows: Sequence[Example]) -> list[Example]:
    """The rows, each in the group of all rows that share its group or its template, also by way of others.

    The answers to such rows go together, so that intervals and tests count groups. A row that shares nothing has none.
    """
    parents: dict[str, str] = {}

    def root(name: str) -> str:
        while (above := parents.setdefault(name, name)) != name:
            parents[name] = name = parents[above]
        return name

    names = [_names(row) for row in rows]
    for first, *others in names:
        for other in others:
            parents[root(other)] = root(first)
    roots = [root(first) for first, *_ in names]
    counts = Counter(roots)
    return [
        replace(row, group=name if counts[name] > 1 else "") for row, name in zip(rows, roots, strict=True)
    ]


def told_sources(rows: Sequence[Example]) -> list[str]:
    """A sentence where rows share sources, for rows that `with_sources` gave."""
    shared = [row.group for row in rows if row.group]
    count = len(set(shared))
    if not shared:
        return []
    named = f"{count} source{'s' * (count > 1)} (a group, or a text that is the same but for its names and group words)"
    return [f"{len(shared)} of {len(rows)} test rows share {named}; intervals and tests count sources."]


def template(text: str) -> str:
    """The text with every name and group word of the lists, and the article before it, taken out."""
    spans = sorted((one.start, one.end) for axis in axes() for one in find(text, axis))
    pieces, place = [], 0
    for start, end in spans:
        if start >= place:
            pieces += [text[place:start], GAP]
        place = max(place, end)
    return _ARTICLE.sub("a", "".join([*pieces, text[place:]]))


def _names(row: Example) -> list[str]:
    """What makes rows share a source: the same template of all that is asked, and the same group."""
    asked = "\x1f".join(map(template, asked_texts(row.question)))
    return [f"text {asked}", *([f"group {row.group}"] if row.group else [])]
