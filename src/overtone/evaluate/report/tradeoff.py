"""The picture of what quality costs: the deciding score of each system against seconds an answer."""

from collections.abc import Iterator, Sequence

from markupsafe import Markup

from overtone.evaluate.report.axis import Axis
from overtone.evaluate.report.contents import Contents, SystemResult
from overtone.evaluate.report.numbers import percent, seconds
from overtone.evaluate.report.svg import element, label, line, picture, shorten
from overtone.evaluate.report.whiskers import in_view, limits

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 780, 360, 52, 24, 30, 40
FASTEST = 1e-6  # seconds; what took no measurable time is drawn here at the least
LINE = 15  # height of a name


def tradeoff(contents: Contents) -> Markup | None:
    """Faster is left, better is up, low baselines left out; None where fewer than two systems were timed."""
    metric = contents.deciding
    systems = [one for one in in_view(contents.ranked, metric.name) if one.seconds_per_answer is not None]
    if len(systems) < 2:
        return None
    times = [_time(one) for one in systems]
    across = Axis(min(times) / 1.8, max(times) * 1.8, LEFT, WIDTH - RIGHT, logarithmic=True)
    scores = [one.scores[metric.name] for one in systems]
    up = Axis(*limits(scores, contents.bar), HEIGHT - BOTTOM, TOP)
    shapes = [*_frame(contents, across, up), *_points(systems, metric.name, across, up)]
    return picture(WIDTH, HEIGHT, f"{metric.title} against seconds an answer", shapes)


def _time(system: SystemResult) -> float:
    return max(FASTEST, system.seconds_per_answer or 0.0)


def _frame(contents: Contents, across: Axis, up: Axis) -> Iterator[Markup]:
    for tick in up.ticks():
        yield line(LEFT, up.place(tick), WIDTH - RIGHT, up.place(tick), "grid")
        yield label(LEFT - 8, up.place(tick) + 4, f"{100 * tick:g}", "quiet", "end")
    for tick in across.ticks():
        yield line(across.place(tick), TOP, across.place(tick), HEIGHT - BOTTOM, "grid")
        yield label(across.place(tick), HEIGHT - BOTTOM + 18, seconds(tick), "quiet", "middle")
    if contents.bar is not None:
        yield line(LEFT, up.place(contents.bar), WIDTH - RIGHT, up.place(contents.bar), "bar")
        name = f"bar {percent(contents.bar)}"
        yield label(LEFT + 6, up.place(contents.bar) - 6, name, "bar-name")
    yield label(LEFT - 8, 16, contents.deciding.title, "quiet")
    yield label(WIDTH - RIGHT, HEIGHT - 4, "time an answer", "quiet", "end")


def _points(systems: Sequence[SystemResult], metric: str, across: Axis, up: Axis) -> Iterator[Markup]:
    """Dots with their whiskers first, then names where they cover no other name."""
    taken: list[tuple[float, float, float]] = []
    for system in systems:
        score, x = system.scores[metric], across.place(_time(system))
        yield line(x, up.place(score.low), x, up.place(score.high), f"whisker {system.kind}")
        words = f"{system.title}: {percent(score.value)}, {seconds(system.seconds_per_answer)} an answer"
        dot = element("title", words)
        yield element("circle", dot, cx=x, cy=up.place(score.value), r=5, class_=f"dot {system.kind}")
        yield _name(shorten(system.title, 44), x, up.place(score.value), taken)


def _name(title: str, x: float, y: float, taken: list[tuple[float, float, float]]) -> Markup:
    """The name beside its dot, on the side with room, moved down until it covers none of those taken."""
    wide = 6.6 * len(title)
    left = x + wide + 10 > WIDTH - RIGHT
    start = x - 10 - wide if left else x + 10
    while any(abs(y - other) < LINE and start < end and begin < start + wide for begin, end, other in taken):
        y += LINE / 2
    taken.append((start, start + wide, y))
    return label(x - 10 if left else x + 10, y + 4, title, "small", "end" if left else "start")
