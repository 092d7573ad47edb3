"""The wording: families of ways to state a problem, and the pieces that all e-mails share."""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

FOLDER = files("overtone.demo") / "wording"


@dataclass(frozen=True)
class Family:
    """Sentences that state one article's problem in related words; `unseen` ones stand in test rows only."""

    id: str
    article: str
    unseen: bool
    subject: str
    sentences: tuple[str, ...]


@cache
def families() -> tuple[Family, ...]:
    """Return every wording family, in the order of its id."""
    names = [page.name for page in FOLDER.iterdir() if page.name.endswith(".yaml")]
    pages = [load(name) for name in names if name != "shared.yaml"]
    found = [
        Family(f"{article}/{name}", article, side == "test", wording["subject"], tuple(wording["says"]))
        for page in pages
        for article, sides in page.items()
        for side, group in sides.items()
        for name, wording in group.items()
    ]
    return tuple(sorted(found, key=lambda family: family.id))


@cache
def shared() -> dict[str, Any]:
    """Return the pieces that all e-mails share: slots, greetings, distractions, quotes and the like."""
    return load("shared.yaml")


@cache
def choices(article: str, unseen: bool) -> tuple[Family, ...]:
    """Return one article's families of the kind asked for."""
    return tuple(family for family in families() if family.article == article and family.unseen == unseen)


@cache
def known_articles() -> tuple[str, ...]:
    """Return the ids of the articles that training rows may hold: those with a family seen in training."""
    return tuple(sorted({family.article for family in families() if not family.unseen}))


@cache
def new_articles() -> tuple[str, ...]:
    """Return the ids of the articles that stand in test rows only."""
    return tuple(sorted({family.article for family in families()} - set(known_articles())))


def load(name: str) -> dict[str, Any]:
    """Read one wording file."""
    page: dict[str, Any] = yaml.safe_load((FOLDER / name).read_text(encoding="utf-8"))
    return page
