"""The templates of the report and how they write numbers."""

from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined

from overtone.evaluate.report import numbers

FILTERS = (
    numbers.percent,
    numbers.interval,
    numbers.scored,
    numbers.differed,
    numbers.chance,
    numbers.seconds,
    numbers.count,
    numbers.small,
)


@cache
def templates(escape: bool) -> Environment:
    """The template environment; `escape` turns what is not markup into text, for HTML."""
    loader = PackageLoader("overtone.evaluate.report", "")
    found = Environment(
        loader=loader, autoescape=escape, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    found.filters.update({one.__name__: one for one in FILTERS})
    return found
