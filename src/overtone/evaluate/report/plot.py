"""The picture of a plot: lines with their intervals, or dots, over two axes."""

from collections.abc import Iterator, Sequence
from math import isfinite, log10

from markupsafe import Markup

from overtone.evaluate.report.axis import Axis
from overtone.evaluate.report.numbers import percent, seconds
from overtone.evaluate.report.section import Line, Plot
from overtone.evaluate.report.svg import curve, element, label, line, picture

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 480, 340, 50, 16, 30, 46
STYLES = 6  # line styles that the page knows; more lines begin again


def plot_picture(plot: Plot) -> Markup:
    """The plot without its title and legend, which the page writes as text."""
    across, up = axes(plot)
    shapes = [*_grid(plot, across, up), *_rulers(plot, across, up)]
    for index, one in enumerate(plot.lines):
        shapes += _line(one, across, up, style(index), plot)
    return picture(WIDTH, HEIGHT, f"{plot.title}: {plot.up} over {plot.across}", shapes)


def style(index: int) -> str:
    """The class that colours a line and its entry in the legend."""
    return f"line-{index % STYLES + 1}"


def axes(plot: Plot) -> tuple[Axis, Axis]:
    """Axes that hold every finite point and interval; shares begin and end at round values within 0 and 1."""
    points = [point for one in plot.lines for point in _finite(one.points)]
    heights = [y for _, y in points] + [
        end for one in plot.lines for end in (*one.low, *one.high) if isfinite(end)
    ]
    heights += [plot.level] if plot.level is not None else []
    widths = [x for x, _ in points if x > 0 or not plot.logarithmic]
    if plot.diagonal:
        widths = heights = [*widths, *heights]
    across = _ends(widths, plot.across_written, plot.logarithmic)
    up = _ends(heights, plot.up_written, False)
    return Axis(*across, LEFT, WIDTH - RIGHT, plot.logarithmic), Axis(*up, HEIGHT - BOTTOM, TOP)


def _ends(values: Sequence[float], written: str, logarithmic: bool) -> tuple[float, float]:
    low, high = min(values, default=0.0), max(values, default=1.0)
    if logarithmic:
        return (low, high) if high > low > 0 else (max(high, 1e-9) / 10, max(high, 1e-9) * 10)
    room = 0.06 * (high - low) or 0.05 * abs(high) or 0.5
    if written == "percent" and 0 <= low <= high <= 1:
        return max(0.0, low - room), min(1.0, high + room)
    return (0.0 if 0 <= low < high / 2 else low - room), high + room


def _grid(plot: Plot, across: Axis, up: Axis) -> Iterator[Markup]:
    for tick in up.ticks():
        yield line(LEFT, up.place(tick), WIDTH - RIGHT, up.place(tick), "grid")
        yield label(LEFT - 7, up.place(tick) + 4, _tick(tick, plot.up_written), "quiet", "end")
    for tick in across_ticks(across):
        yield line(across.place(tick), HEIGHT - BOTTOM, across.place(tick), HEIGHT - BOTTOM + 4, "grid")
        yield label(
            across.place(tick), HEIGHT - BOTTOM + 19, _tick(tick, plot.across_written), "quiet", "middle"
        )
    yield label(WIDTH - RIGHT, HEIGHT - 6, _named(plot.across, plot.across_written), "quiet", "end")
    yield label(6, 14, _named(plot.up, plot.up_written), "quiet")


def across_ticks(axis: Axis) -> list[float]:
    """The axis's own ticks; where a logarithmic one holds fewer than three powers, 2 and 5 times them too."""
    ticks = axis.ticks()
    if not axis.logarithmic or len(ticks) >= 3:
        return ticks
    first, last = int(log10(axis.low)) - 2, int(log10(axis.high)) + 2
    steps = [factor * 10.0**power for power in range(first, last) for factor in (1, 2, 5)]
    return [step for step in steps if axis.low <= step <= axis.high]


def _rulers(plot: Plot, across: Axis, up: Axis) -> Iterator[Markup]:
    """The diagonal and the level, where the plot asks for them."""
    if plot.diagonal:
        low, high = max(across.low, up.low), min(across.high, up.high)
        yield line(across.place(low), up.place(low), across.place(high), up.place(high), "ruler")
    if plot.level is not None:
        yield line(LEFT, up.place(plot.level), WIDTH - RIGHT, up.place(plot.level), "bar")


def _line(one: Line, across: Axis, up: Axis, kind: str, plot: Plot) -> Iterator[Markup]:
    points = _finite(one.points)
    places = [(across.place(x), up.place(y)) for x, y in points]
    for (x, y), low, high in zip(one.points, one.low, one.high):
        if all(map(isfinite, (x, y, low, high))):
            yield line(across.place(x), up.place(low), across.place(x), up.place(high), f"span {kind}")
    if not one.dots:
        yield curve(places, f"plotted {kind}")
    if one.dots or one.low or len(points) <= 15:
        for (x, y), (left, top) in zip(points, places):
            words = f"{one.name}: {_tick(y, plot.up_written)} at {_tick(x, plot.across_written)}"
            yield element("circle", element("title", words), cx=left, cy=top, r=3.2, class_=f"point {kind}")


def _finite(points: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    return [point for point in points if all(map(isfinite, point))]


def _tick(value: float, written: str) -> str:
    if written == "percent":
        return percent(value).removesuffix(".0")
    return seconds(value) if written == "seconds" else f"{value:.6g}".replace("-", "−")


def _named(name: str, written: str) -> str:
    return f"{name}, %" if written == "percent" else name
