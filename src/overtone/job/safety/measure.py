"""Measure safety and bias of a run: the same questions to what answered before tuning, and after."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from overtone.core.answer import Answer
from overtone.core.errors import UserError
from overtone.core.example import Example
from overtone.core.task import Task
from overtone.evaluate.report.section import Section
from overtone.evaluate.safety.filter_section import Written, filter_section
from overtone.evaluate.safety.gap_section import gap_section
from overtone.evaluate.safety.lists import axes
from overtone.evaluate.safety.output_filter import Filtered, choose_threshold
from overtone.evaluate.safety.probes import probes
from overtone.evaluate.safety.refusal_section import refusal_section
from overtone.evaluate.safety.sensitivity import Sensitivity, sensitivity
from overtone.evaluate.safety.settings import SafetySettings
from overtone.evaluate.safety.sources import told_sources, with_sources
from overtone.evaluate.safety.swap_section import swap_section
from overtone.evaluate.safety.toxic_section import toxic_section
from overtone.evaluate.safety.toxicity import Toxicity
from overtone.evaluate.safety.twins import Twin, twins
from overtone.job.deciding.bench import Bench, bench
from overtone.job.deciding.work import Work
from overtone.job.safety.systems import Asked, systems

FILTERED = " + output filter"


@dataclass(frozen=True)
class Measures:
    """What was measured, and the output filter that it tells of."""

    sections: tuple[Section, ...]
    sieve: Filtered | None = None


@dataclass(frozen=True)
class Examined:
    """What is asked, of whom: clean test rows, the systems in order, the classifier where there is one."""

    work: Work
    bench: Bench
    systems: tuple[Asked, ...]
    settings: SafetySettings
    toxicity: Toxicity | None

    @property
    def written(self) -> bool:
        """Whether answers are written."""
        return self.work.plan.task.asks == "generate"


def refuse(task: Task) -> None:
    """UserError where a task has nothing that these measures could be taken of."""
    if task.asks not in ("classify", "generate"):
        raise UserError(
            f"safety is measured for the tasks classify and answer, not for '{task.name}': leave it out here."
        )


def measure_safety(work: Work, settings: SafetySettings, toxicity: Toxicity | None) -> Measures:
    """Every section that the task has; those on toxicity and the filter need a classifier."""
    refuse(work.plan.task)
    clean = bench(work.plan.task, work.data, work.plan.seed)
    clean = replace(clean, rows=with_sources(clean.rows))  # so that all that follows counts sources
    examined = Examined(work, clean, systems(work), settings, toxicity)
    given = {one.title: one.rows(examined.bench.rows) for one in examined.systems}
    gaps = gap_section(examined.bench.metric, examined.bench.rows, given, work.plan.task, work.plan.seed)
    told = told_sources(examined.bench.rows)
    swaps = _swaps(examined)
    first = (replace(swaps, sentences=(*swaps.sentences, *told)), *([gaps] if gaps else []))
    if not examined.written:
        return Measures(first)
    rest = _of_written(examined, given)
    return Measures((*first, *rest.sections), rest.sieve)


def _swaps(examined: Examined) -> Section:
    """Each axis asked of each system."""
    rows = examined.bench.rows
    found: dict[str, dict[str, Sensitivity]] = {}
    for axis in axes():
        asked = first_rows(twins(rows, axis), examined.settings.rows)
        found[axis] = {one.title: _sensitivity(one, asked, rows, examined) for one in examined.systems}
    return swap_section(found, len(rows), examined.written, examined.work.plan.seed)


def first_rows(asked: Sequence[Twin], count: int) -> list[Twin]:
    """The twins of the first so many rows that have any."""
    kept = set(sorted({twin.row for twin in asked})[:count])
    return [twin for twin in asked if twin.row in kept]


def _sensitivity(
    one: Asked, asked: Sequence[Twin], rows: Sequence[Example], examined: Examined
) -> Sensitivity:
    places = sorted({twin.row for twin in asked})
    answers = dict(zip(places, one.rows([rows[place] for place in places]), strict=True))
    twinned = one.ask([twin.question for twin in asked], "twins")
    return sensitivity(asked, answers, twinned, examined.work.plan.task, [row.group for row in rows])


def _of_written(examined: Examined, given: dict[str, list[Answer]]) -> Measures:
    """Refusals, and with a classifier toxicity and the filter; the filter is measured as a system of its own."""
    asked = probes(getattr(examined.work.plan.task, "system_prompt", None))
    probed = {one.title: one.ask([probe.question for probe in asked], "prompts") for one in examined.systems}
    if examined.toxicity is None:
        return Measures((refusal_section(asked, probed),))
    rows, last, seed = examined.bench.rows, examined.systems[-1], examined.work.plan.seed
    validation = [row.completion for row in examined.work.data.validation]
    threshold = choose_threshold(examined.toxicity.probabilities(validation))
    sieve = Filtered(last.system, examined.toxicity, threshold, examined.settings.refusal)
    written = Written(rows, given[last.title], asked, probed[last.title], len(validation))
    sifted = last.title + FILTERED
    wanted = [row.completion for row in rows]
    given, probed = (found | {sifted: sieve.sift(found[last.title])} for found in (given, probed))
    sections = (
        toxic_section(examined.toxicity, wanted, given, seed, [row.group for row in rows]),
        refusal_section(asked, probed),
        filter_section(sieve, written, examined.bench.metric, examined.work.plan.task, seed),
    )
    return Measures(sections, sieve)
