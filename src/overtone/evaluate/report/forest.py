"""The picture of differences: a dot and its interval in each row, about the line where there is none."""

from collections.abc import Iterator

from markupsafe import Markup

from overtone.evaluate.report.axis import Axis
from overtone.evaluate.report.numbers import percent
from overtone.evaluate.report.section import Difference, Forest
from overtone.evaluate.report.svg import curve, element, label, line, picture, shorten

WIDTH, LEFT, RIGHT, ROW, TOP = 780, 220, 170, 28, 8
MOST = 0.15  # beyond this a difference is an arrow: one large one would press all others together


def forest_picture(forest: Forest) -> Markup:
    """The forest without its title; what is clearly more or less than nothing has a colour of its own."""
    ends = [abs(end) for one in forest.differences for end in (one.low, one.high)]
    reach = min(MOST, 1.06 * max(ends, default=MOST)) or MOST
    axis, bottom = Axis(-reach, reach, LEFT, WIDTH - RIGHT), TOP + ROW * len(forest.differences)
    shapes = [*_grid(axis, bottom)]
    for index, one in enumerate(forest.differences):
        shapes.append(_row(one, axis, TOP + ROW * (index + 0.5)))
    return picture(WIDTH, bottom + 28, forest.title, shapes)


def _grid(axis: Axis, bottom: float) -> Iterator[Markup]:
    for tick in axis.ticks(6):
        yield line(axis.place(tick), TOP, axis.place(tick), bottom, "bar" if tick == 0 else "grid")
        yield label(axis.place(tick), bottom + 18, percent(tick, signed=bool(tick)), "quiet", "middle")


def _row(one: Difference, axis: Axis, y: float) -> Markup:
    kind = "tuned" if one.low > 0 else "rival" if one.high < 0 else ""
    told = f"{percent(one.value, True)} [{percent(one.low, True)}, {percent(one.high, True)}]"
    return element(
        "g",
        element("title", f"{one.name}: {told}"),
        label(LEFT - 14, y + 4, shorten(one.name, 30), "", "end"),
        *(_mark(one, axis, y, kind) if abs(one.value) <= axis.high else _beyond(one, axis, y, kind)),
        label(WIDTH - RIGHT + 10, y + 4, told, "small"),
    )


def _mark(one: Difference, axis: Axis, y: float, kind: str) -> Iterator[Markup]:
    yield line(axis.place(one.low), y, axis.place(one.high), y, f"whisker {kind}")
    yield element("circle", cx=axis.place(one.value), cy=y, r=5, class_=f"dot {kind}")


def _beyond(one: Difference, axis: Axis, y: float, kind: str) -> Iterator[Markup]:
    end, side = axis.place(one.value), 1 if one.value > 0 else -1
    yield line(end - 18 * side, y, end, y, f"whisker {kind}")
    yield curve([(end - 7 * side, y - 5), (end, y), (end - 7 * side, y + 5)], f"whisker {kind}")
