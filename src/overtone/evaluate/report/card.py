"""The model card: what the model is for, what it was made from, how well it does and where that ends."""

import re

from overtone.evaluate.report.contents import Contents
from overtone.evaluate.report.templates import templates

_MARKS = re.compile(r"([\\`*_{}\[\]<>#|!])")


def card(contents: Contents) -> str:
    """The card in Markdown; texts of the contents are plain text in it, whatever marks they hold."""
    environment = templates(escape=False)
    environment.filters["plain"] = plain
    return environment.get_template("card.md.jinja").render(report=contents).rstrip() + "\n"


def plain(text: str) -> str:
    """The text on one line, with the marks of Markdown and HTML made harmless."""
    return _MARKS.sub(r"\\\1", " ".join(text.split())).replace("\\<", "&lt;").replace("\\>", "&gt;")
