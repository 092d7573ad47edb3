"""Shapes of a picture as SVG text. Colours are class names, for which the page's style has light and dark."""

from collections.abc import Iterable
from textwrap import wrap

from markupsafe import Markup, escape

Attribute = str | float | int


def element(tag: str, *children: str, **attributes: Attribute) -> Markup:
    """One element; whatever is not Markup is escaped. `class_` is class, and `text_anchor` is text-anchor."""
    written = Markup("").join(
        Markup(' {}="{}"').format(key.rstrip("_").replace("_", "-"), _number(value))
        for key, value in attributes.items()
    )
    return Markup("<{0}{1}>{2}</{0}>").format(Markup(tag), written, Markup("").join(map(escape, children)))


def picture(width: float, height: float, title: str, shapes: Iterable[Markup]) -> Markup:
    """A whole picture that scales to its place; `title` is what a screen reader says."""
    box = f"0 0 {_number(width)} {_number(height)}"
    style = f"--width:{_number(width)}px"
    named = element("title", title)
    return element("svg", named, *shapes, viewBox=box, role="img", aria_label=title, style=style)


def line(x1: float, y1: float, x2: float, y2: float, class_: str) -> Markup:
    """A straight line."""
    return element("line", x1=x1, y1=y1, x2=x2, y2=y2, class_=class_)


def label(x: float, y: float, content: str, class_: str = "", anchor: str = "start") -> Markup:
    """Words that begin, centre or end at a place; y is their baseline."""
    return element("text", content, x=x, y=y, class_=class_, text_anchor=anchor)


def title_label(
    x: float, y: float, title: str, length: int, class_: str = "", anchor: str = "start"
) -> Markup:
    """A title about the height y: one line of at most `length` characters, or two, the second cut where it must."""
    first, *rest = wrap(title, length) or [""]
    if not rest:
        return label(x, y + 4, first, class_, anchor)
    lines = (
        label(x, y - 3, first, class_, anchor),
        label(x, y + 11, shorten(" ".join(rest), length), class_, anchor),
    )
    return Markup("").join(lines)


def curve(points: Iterable[tuple[float, float]], class_: str) -> Markup:
    """A line through points."""
    places = " ".join(f"{_number(x)},{_number(y)}" for x, y in points)
    return element("polyline", points=places, class_=class_)


def shorten(content: str, length: int) -> str:
    """At most `length` characters, with an ellipsis where it was cut."""
    return content if len(content) <= length else content[: length - 1].rstrip() + "…"


def _number(value: Attribute) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)
