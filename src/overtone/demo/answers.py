"""The trivial baseline for answering: one canned reply a category."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from overtone.demo.families import shared
from overtone.demo.library import articles, numbered


def canned_replies(train_rows: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """Return each category's reply: the steps of the article most common in its training rows.

    Rows need `label` and `article`. On a tie the article whose id comes first is taken. Only categories
    that the rows hold get a reply.
    """
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for row in train_rows:
        counts[row["label"]][row["article"]] += 1
    return {label: canned_reply(most_common(counts[label])) for label in sorted(counts)}


def most_common(counts: Counter[str]) -> str:
    """Return the article counted most often, the first by id on a tie."""
    return min(counts, key=lambda article: (-counts[article], article))


def canned_reply(article: str) -> str:
    """Return the reply that carries one article's steps."""
    chosen = articles()[article]
    opening = shared()["canned_opening"].format(category=chosen.category)
    return "\n".join([opening, numbered(chosen.steps), shared()["closing_lines"][0]])
