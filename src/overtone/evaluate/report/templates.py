"""The templates of the report and how they write numbers."""

from functools import cache
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from overtone.evaluate.report import numbers
from overtone.evaluate.report.cells import numeric, wordy, written
from overtone.evaluate.report.forest import forest_picture
from overtone.evaluate.report.plot import plot_picture, style

FILTERS = (
    numbers.percent,
    numbers.interval,
    numbers.scored,
    numbers.differed,
    numbers.chance,
    numbers.seconds,
    numbers.count,
    numbers.small,
    written,
    plot_picture,
    forest_picture,
    style,
)


def style_sheet() -> Markup:
    """The style of every page, to stand inside it."""
    return Markup(files("overtone.evaluate.report").joinpath("report.css").read_text("utf-8"))


@cache
def templates(escape: bool) -> Environment:
    """The template environment; `escape` turns what is not markup into text, for HTML."""
    loader = PackageLoader("overtone.evaluate.report", "")
    found = Environment(
        loader=loader, autoescape=escape, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    found.filters.update({one.__name__: one for one in FILTERS})
    found.tests.update({one.__name__: one for one in (numeric, wordy)})
    return found
