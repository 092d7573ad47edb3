"""The picture of scores: a dot for each system, its 95 % interval, and the bar to reach."""

from collections.abc import Iterator, Sequence

from markupsafe import Markup

from overtone.core.score import Score
from overtone.evaluate.report.axis import Axis
from overtone.evaluate.report.contents import Contents, MetricName, SystemResult
from overtone.evaluate.report.numbers import percent, scored
from overtone.evaluate.report.svg import curve, element, label, line, picture, title_label

WIDTH, LEFT, RIGHT, ROW, TOP = 780, 290, 76, 30, 26


def whiskers(contents: Contents, metric: MetricName) -> Markup:
    """One metric of every system that has it, best first; the bar stands in the deciding metric's picture."""
    systems = [system for system in contents.ranked if metric.name in system.scores]
    bar = contents.bar if metric == contents.deciding else None
    low, high = limits([system.scores[metric.name] for system in in_view(systems, metric.name)], bar)
    axis = Axis(low, high, LEFT, WIDTH - RIGHT)
    bottom = TOP + ROW * len(systems)
    shapes = [*_grid(axis, bottom), *_bar(axis, bar, bottom)]
    for index, system in enumerate(systems):
        y = TOP + ROW * (index + 0.5)
        shapes.append(_row(system, system.scores[metric.name], axis, y, contents.best))
    return picture(WIDTH, bottom + 28, f"{metric.title} of each system with its 95 % interval", shapes)


def in_view(systems: Sequence[SystemResult], metric: str) -> list[SystemResult]:
    """The systems that decide an axis: without baselines that lie so low that all others would touch."""
    least = min((one.scores[metric].value for one in systems if one.kind != "baseline"), default=0.0)
    return [one for one in systems if one.kind != "baseline" or one.scores[metric].value >= least]


def limits(scores: Sequence[Score], bar: float | None) -> tuple[float, float]:
    """Ends of an axis that shows every interval and the bar with some room, within 0 and 1."""
    values = [bound for score in scores for bound in (score.low, score.high)]
    values += [bar] if bar is not None else []
    low, high = min(values, default=0.0), max(values, default=1.0)
    room = max(0.01, 0.06 * (high - low))
    return max(0.0, low - room), min(1.0, high + room)


def _grid(axis: Axis, bottom: float) -> Iterator[Markup]:
    for tick in axis.ticks():
        yield line(axis.place(tick), TOP, axis.place(tick), bottom, "grid")
        yield label(axis.place(tick), bottom + 18, f"{100 * tick:g}", "quiet", "middle")


def _bar(axis: Axis, bar: float | None, bottom: float) -> Iterator[Markup]:
    if bar is not None:
        yield line(axis.place(bar), TOP - 6, axis.place(bar), bottom, "bar")
        yield label(axis.place(bar), TOP - 10, f"bar {percent(bar)}", "bar-name", "middle")


def _row(system: SystemResult, score: Score, axis: Axis, y: float, best: str) -> Markup:
    strong = "strong" if system.name == best else ""
    return element(
        "g",
        element("title", f"{system.title}: {scored(score)}, {score.n} rows"),
        title_label(LEFT - 14, y, system.title, 30, strong, "end"),
        *(_mark(score, axis, y, system.kind) if score.value >= axis.low else _beyond(y, system.kind)),
        label(WIDTH - RIGHT + 14, y + 4, percent(score.value), strong),
    )


def _mark(score: Score, axis: Axis, y: float, kind: str) -> Iterator[Markup]:
    low, high = axis.place(score.low), axis.place(score.high)
    yield line(low, y, high, y, f"whisker {kind}")
    yield line(low, y - 5, low, y + 5, f"whisker {kind}")
    yield line(high, y - 5, high, y + 5, f"whisker {kind}")
    yield element("circle", cx=axis.place(score.value), cy=y, r=5, class_=f"dot {kind}")


def _beyond(y: float, kind: str) -> Iterator[Markup]:
    """An arrow for a score that lies left of the axis."""
    yield curve([(LEFT + 9, y - 5), (LEFT + 2, y), (LEFT + 9, y + 5)], f"whisker {kind}")
