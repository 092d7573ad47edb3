"""Progress on standard error: bars with rate and time left on a terminal, else plain lines; never both."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from overtone.core.event import Event, Watch

if TYPE_CHECKING:
    from rich.progress import Progress, ProgressColumn, TaskID

LINE_SECONDS = 10.0  # the least time between two plain lines of one phase


@contextmanager
def progress() -> Iterator[Watch]:
    """A watcher that shows events for as long as the block lasts."""
    if not sys.stderr.isatty():
        yield Lines(time.monotonic)
        return
    with _display() as display:
        yield Bars(display)


class Lines:
    """One plain line when a phase begins, every few seconds, and when it ends."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._begun: dict[str, tuple[float, int]] = {}
        self._shown: dict[str, float] = {}

    def __call__(self, event: Event) -> None:
        """Show the event where its phase has been silent long enough, or where it says something."""
        now = self._clock()
        first = event.phase not in self._begun
        self._begun.setdefault(event.phase, (now, event.done))
        ended = 0 < event.total <= event.done
        due = now - self._shown.get(event.phase, now) >= LINE_SECONDS
        if first or ended or due or event.message:
            self._shown[event.phase] = now
            click.echo(self._line(event, now), err=True)

    def _line(self, event: Event, now: float) -> str:
        begun, start = self._begun[event.phase]
        pieces = [event.phase, f"{event.done}/{event.total}" if event.total else ""]
        rate = (event.done - start) / (now - begun) if now > begun else 0.0
        if rate and event.total:
            left = _clock_time((event.total - event.done) / rate)
            pieces.append(f"{rate:.1f}/s, {left} left" if event.done < event.total else f"{rate:.1f}/s")
        return "  ".join(piece for piece in [*pieces, _numbers(event), event.message] if piece)


class Bars:
    """A bar for each phase, on a terminal."""

    def __init__(self, display: "Progress") -> None:
        self._display = display
        self._tasks: dict[str, TaskID] = {}

    def __call__(self, event: Event) -> None:
        """Move the phase's bar; a message is printed above the bars and stays."""
        if event.message:
            self._display.console.print(f"{event.phase}  {event.message}", markup=False, highlight=False)
        if event.phase not in self._tasks:
            self._tasks[event.phase] = self._display.add_task(event.phase, total=None, numbers="")
        self._display.update(
            self._tasks[event.phase],
            completed=event.done,
            total=event.total or None,
            numbers=_numbers(event),
        )


def _display() -> "Progress":
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    return Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(bar_width=24),
        MofNCompleteColumn(),
        _rate_column(),
        TimeRemainingColumn(),
        TextColumn("{task.fields[numbers]}", markup=False),
        console=Console(stderr=True),
    )


def _rate_column() -> "ProgressColumn":
    from rich.progress import ProgressColumn, Task
    from rich.text import Text

    class Rate(ProgressColumn):
        def render(self, task: Task) -> Text:
            return Text(f"{task.speed:.1f}/s" if task.speed else "")

    return Rate()


def _numbers(event: Event) -> str:
    return " ".join(f"{name} {number:.4g}" for name, number in event.numbers.items())


def _clock_time(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes}:{rest:02d}"
