"""The picture of a training: loss on training and validation rows over the steps."""

from collections.abc import Iterator, Mapping, Sequence
from math import isfinite

from markupsafe import Markup

from overtone.evaluate.report.axis import Axis
from overtone.evaluate.report.contents import Contents, Curve
from overtone.evaluate.report.svg import curve, element, label, line, picture, shorten

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 780, 300, 52, 16, 34, 40


def losses(contents: Contents) -> dict[str, Markup]:
    """A picture for each trained system, by its title."""
    titles = {system.name: system.title for system in contents.systems}
    return {
        _titled(name, titles): _training([one for one in contents.curves if one.system == name], name)
        for name in dict.fromkeys(one.system for one in contents.curves)
    }


def _titled(name: str, titles: Mapping[str, str]) -> str:
    """The title of a system, with what its name says further: an earlier stage, or the refit."""
    system, comma, part = name.partition(", ")
    return titles.get(name) or f"{titles.get(system, system)}{comma}{part}"


def _training(curves: Sequence[Curve], name: str) -> Markup:
    finite = [point for one in curves for point in one.points if isfinite(point[1])]
    steps, heights = [step for step, _ in finite] or [0.0], [loss for _, loss in finite] or [0.0]
    across = Axis(min(steps), max(max(steps), min(steps) + 1), LEFT, WIDTH - RIGHT)
    up = Axis(min(0.0, *heights), 1.05 * max(max(heights), 1e-9), HEIGHT - BOTTOM, TOP)
    shapes = [*_frame(across, up), *_legend(curves)]
    shapes += [shape for one in curves for shape in _line(one, across, up)]
    return picture(WIDTH, HEIGHT, f"Loss over the training steps of {name}", shapes)


def _frame(across: Axis, up: Axis) -> Iterator[Markup]:
    for tick in up.ticks():
        yield line(LEFT, up.place(tick), WIDTH - RIGHT, up.place(tick), "grid")
        yield label(LEFT - 8, up.place(tick) + 4, f"{tick:g}", "quiet", "end")
    for tick in (one for one in across.ticks() if one == int(one)):
        yield label(across.place(tick), HEIGHT - BOTTOM + 18, f"{tick:g}", "quiet", "middle")
    yield label(WIDTH - RIGHT, HEIGHT - 6, "step", "quiet", "end")
    yield label(LEFT, 16, "loss", "quiet", "end")


def _line(one: Curve, across: Axis, up: Axis) -> Iterator[Markup]:
    places = [(across.place(step), up.place(loss)) for step, loss in one.points if isfinite(loss)]
    yield curve(places, f"curve {one.part}")
    if one.part == "validation":
        for (x, y), (step, loss) in zip(places, one.points):
            mark = element("title", f"step {step:g}: {loss:.4g}")
            yield element("circle", mark, cx=x, cy=y, r=3.5, class_="dot tuned")


def _legend(curves: Sequence[Curve]) -> Iterator[Markup]:
    for index, one in enumerate(curves):
        x = LEFT + 20 + 130 * index
        yield line(x, 12, x + 22, 12, f"curve {one.part}")
        yield label(x + 28, 16, shorten(one.part, 12))
