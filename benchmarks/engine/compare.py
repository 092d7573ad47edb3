"""Contestants side by side: each in its own process, their steps taken in turns."""

from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from functools import cached_property
from importlib import import_module
from typing import Any

from benchmarks.engine.job import Job, Settings, Step
from benchmarks.engine.launch import Contest, NotMeasured
from benchmarks.engine.options import Options


@dataclass(frozen=True)
class Entry:
    """A contestant with settings; `note` says why they were chosen."""

    job: Job
    note: str

    @property
    def title(self) -> str:
        """The tool's name."""
        title: str = module(self.job.contestant).TITLE
        return title

    @property
    def settings(self) -> str:
        """The settings in words."""
        told = ", ".join(f"{name} {value}".replace("_", " ") for name, value in self.job.settings.items())
        return f"{self.note}: {told}" if told else self.note


@dataclass(frozen=True)
class Measured:
    """An entry with all of its steps, of which the first is the warm-up; or why there are none."""

    entry: Entry
    steps: tuple[Step, ...] = ()
    failure: str = ""
    clock: str = "cpu"

    @cached_property
    def seconds(self) -> list[float]:
        """Of each step behind the warm-up: CPU seconds of one thread, else wall seconds."""
        return [getattr(step, self.clock) for step in self.steps[1:]]

    @property
    def peak(self) -> int:
        """The most bytes above the loaded model."""
        return max(step.peak for step in self.steps)

    @property
    def ours(self) -> bool:
        """Whether this is Overtone."""
        return self.entry.job.contestant.startswith("overtone")


def module(contestant: str) -> Any:
    """The contestant's module."""
    return import_module(f"benchmarks.engine.contestants.{contestant}")


def clock(options: Options) -> str:
    """One thread is timed by its CPU seconds, because the machine may be shared; more by the wall."""
    return "cpu" if options.device == "cpu" and options.threads == 1 else "wall"


def compare(entries: Sequence[Entry], options: Options) -> list[Measured]:
    """One warm-up and then `repeats` rounds, in each of which every entry takes one step."""
    steps: dict[int, list[Step]] = {index: [] for index in range(len(entries))}
    failures: dict[int, str] = {}
    with ExitStack() as stack:
        log = stack.enter_context((options.folder / "warnings.log").open("a", encoding="utf-8"))
        contests = {}
        for index, entry in enumerate(entries):
            job = replace(entry.job, steps=options.repeats + 1)
            contests[index] = stack.enter_context(Contest(job, options.threads, log))
        for index, contest in contests.items():
            _try(index, contest.ready, failures)
        for _ in range(options.repeats + 1):
            for index, contest in contests.items():
                if index not in failures and (step := _try(index, contest.step, failures)):
                    steps[index].append(step)
    return [
        Measured(entry, tuple(steps[index]), failures.get(index, ""), clock(options))
        for index, entry in enumerate(entries)
    ]


def _try(index: int, act: Any, failures: dict[int, str]) -> Any:
    try:
        return act()
    except NotMeasured as reason:
        failures[index] = str(reason)
        return None


def best(job: Job, grid: Iterable[Settings], options: Options) -> tuple[Settings | None, str]:
    """The fastest settings, each tried for one step in a fresh process; or None and why."""
    tried: dict[str, tuple[float, Settings]] = {}
    reason = "no settings"
    for settings in grid:
        candidate = replace(job, settings=settings)
        seconds, reason = _trial(candidate, options)
        if seconds is not None:
            tried[candidate.as_json()] = (seconds, settings)
    if not tried:
        return None, reason
    return min(tried.values(), key=lambda one: one[0])[1], ""


def _trial(job: Job, options: Options) -> tuple[float | None, str]:
    """Seconds of a first step, or why there are none; kept over runs."""
    key = f"{options.threads} {options.device} {job.as_json()}"
    known = options.remembered()
    if key in known:
        return known[key], ""
    found = compare([Entry(job, "tried")], replace(options, repeats=0))[0]
    if found.failure:
        return None, found.failure
    seconds: float = getattr(found.steps[0], found.clock)
    options.remember(key, seconds)
    return seconds, ""
