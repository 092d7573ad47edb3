"""The help articles: one Markdown file a problem, with its category and the steps that solve it."""

import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import yaml


@dataclass(frozen=True)
class Article:
    """One help article; `steps` come without their numbers."""

    id: str
    category: str
    title: str
    explanation: str
    steps: tuple[str, ...]

    @property
    def text(self) -> str:
        """Return the explanation and the numbered steps, as a customer reads them."""
        return f"{self.explanation}\n\n{numbered(self.steps)}"


def numbered(steps: tuple[str, ...]) -> str:
    """Return the steps as a numbered list, one a line."""
    return "\n".join(f"{number}. {step}" for number, step in enumerate(steps, start=1))


def parse(markdown: str) -> Article:
    """Read one article: front matter between `---` lines, an explanation, a numbered list."""
    _, front_matter, body = markdown.split("---\n", 2)
    explanation = body.strip().split("\n\n", 1)[0]
    steps = re.findall(r"^\d+\. (.+)$", body, flags=re.MULTILINE)
    return Article(**yaml.safe_load(front_matter), explanation=explanation, steps=tuple(steps))


@cache
def articles() -> dict[str, Article]:
    """Return every article by its id, in the order of the ids."""
    folder = files("overtone.demo") / "articles"
    pages = [page for page in folder.iterdir() if page.name.endswith(".md")]
    parsed = [parse(page.read_text(encoding="utf-8")) for page in pages]
    return {article.id: article for article in sorted(parsed, key=lambda article: article.id)}


def categories() -> list[str]:
    """Return the names of the categories, sorted."""
    return sorted({article.category for article in articles().values()})
