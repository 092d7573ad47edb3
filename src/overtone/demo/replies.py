"""The reference answer to an e-mail: the steps of its articles as numbered lists between two polite lines."""

from collections.abc import Sequence
from random import Random

from overtone.demo.families import shared
from overtone.demo.library import Article, numbered


def reply(solved: Sequence[Article], rng: Random) -> str:
    """Answer one or two problems, the primary one first; two lists stand under short headings."""
    lists = [numbered(article.steps) for article in solved]
    if len(lists) > 1:
        lists = [f"{heading}:\n{steps}" for heading, steps in zip(shared()["headings"], lists, strict=True)]
    return "\n".join([rng.choice(shared()["openings"]), *lists, rng.choice(shared()["closing_lines"])])
