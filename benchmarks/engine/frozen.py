"""Workloads of frozen work: layers below those that learn, and a head over a frozen body. Overtone against itself."""

from dataclasses import dataclass, replace
from typing import Literal

from benchmarks.engine import flops
from benchmarks.engine.compare import Entry, Measured, compare
from benchmarks.engine.figures import Spread, faster, spread
from benchmarks.engine.job import Job
from benchmarks.engine.launch import NotMeasured
from benchmarks.engine.options import Options
from benchmarks.engine.rows import MAKERS, Row
from benchmarks.engine.shapes import SHAPES
from benchmarks.engine.table import Work, table


def one_of_all(found: list[Measured]) -> list[Measured]:
    """The measured ones; NotMeasured where any failed."""
    for one in found:
        if one.failure:
            raise NotMeasured(one.failure)
    return found


@dataclass(frozen=True)
class Top:
    """LoRA in the top quarter of the layers, from the second epoch on: remembered states against computed ones."""

    name: str
    title: str
    shape: str
    count: int = 32

    def measure(self, options: Options) -> list[str]:
        """The table, and the gain as a share of the ceiling; NotMeasured where a side fails."""
        shape = SHAPES[options.shape_name(self.shape)]
        rows = MAKERS["instructions"](options.count(self.count), shape.vocabulary)
        model, file = options.model(shape.name), options.rows(self.name, rows)
        job = Job("overtone", str(model), str(file), 1, method="top", device=options.device)
        entries = [
            Entry(replace(job, settings={"remember": remember}), "from the second epoch on")
            for remember in (True, False)
        ]
        found = one_of_all(compare(entries, options))
        work = Work(len(rows), sum(row.supervised for row in rows), "supervised tokens")
        gain, most = faster(found[0].seconds, found[1].seconds), ceiling(rows, shape.name)
        told = f"Remembering makes a step {gain.told(2)} times as fast, {gain.median / most:.0%} of the ceiling, "
        return [*table(found, work), "", f"{told}{most:.2f}, which operations allow."]


def ceiling(rows: list[Row], shape: str) -> float:
    """How many times fewer operations a step has when the layers below the learning ones are not computed."""
    sizes, spans = SHAPES[shape], flops.unshared(rows)
    supervised, layers = sum(row.supervised for row in rows), sizes.layers // 4
    computed, remembered = (
        flops.training(sizes, spans, supervised, learning_layers=layers, remembered=known)
        for known in (False, True)
    )
    return computed / remembered


@dataclass(frozen=True)
class Head:
    """A search of 20 strengths over 5 folds for a linear head: one extraction, and little beside the fits."""

    name: str
    title: str
    shape: str
    count: int = 1000
    rows: Literal["instructions"] = "instructions"

    def measure(self, options: Options) -> list[str]:
        """Seconds of the search beside those of its parts; NotMeasured where it fails."""
        shape = options.shape_name(self.shape)
        rows = MAKERS[self.rows](options.count(self.count), SHAPES[shape].vocabulary)
        job = Job("overtone_head", str(options.model(shape)), str(options.rows(self.name, rows)), 1)
        found = one_of_all(compare([Entry(job, "default")], replace(options, threads=1)))[0]
        return tell_search(found, len({row.prompt for row in rows}))


def tell_search(found: Measured, rows: int) -> list[str]:
    """How many rows were computed, and how long the search takes against one extraction and 1.1 times the fits."""
    steps = found.steps[1:]
    extraction, fits = (_note(found, name) for name in ("extraction", "fits"))
    shares = [step.cpu / (step.notes["extraction"] + 1.1 * step.notes["fits"]) for step in steps]
    return [
        f"Computed {steps[-1].notes['computed']:.0f} rows for {rows} different ones.",
        f"One extraction {extraction.told(2)} s, the fits {fits.told(2)} s, the whole search "
        f"{spread(found.seconds).told(2)} s: {spread(shares).told(2)} of extraction + 1.1 x fits.",
    ]


def _note(found: Measured, name: str) -> Spread:
    return spread([step.notes[name] for step in found.steps[1:]])
