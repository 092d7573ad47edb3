"""Decide: measure the rivals, prove, measure what repetitions and fewer rows show, and say what it all means."""

import gc
from collections.abc import Sequence
from dataclasses import dataclass

from overtone.core.event import Event
from overtone.decide.consistency import Steadiness
from overtone.decide.economy import Economy
from overtone.decide.learning_curve import Learned
from overtone.decide.measure import measure_all
from overtone.decide.measured import Measured
from overtone.decide.reasons import Findings, against, changes
from overtone.evaluate.before import detectable_before
from overtone.evaluate.metric import Metric
from overtone.evaluate.report.section import Section
from overtone.job.deciding.bench import Bench, bench
from overtone.job.deciding.consistency import consistency_section, measure_consistency
from overtone.job.deciding.costs import costs_section, economy
from overtone.job.deciding.documents import documents
from overtone.job.deciding.estimate import estimate_section, read_or_make
from overtone.job.deciding.learning_curve import curve_section, measure_curves
from overtone.job.deciding.work import Work
from overtone.job.prove import Proof, prove
from overtone.job.store import FolderStore


@dataclass(frozen=True)
class Decision:
    """What was measured and proven, and the sections that tell it."""

    measured: Sequence[Measured]
    proof: Proof
    sections: tuple[Section, ...]


def decide(work: Work) -> Decision:
    """Carry out all that a decision needs; what an interrupted start has finished is loaded."""
    plan, data = work.plan, work.data
    judged = bench(plan.task, data, plan.seed)
    tell_detectable(work, judged)
    foretold = read_or_make(work)
    measured = measure_rivals(work, judged)
    gc.collect()
    proof = prove(plan.task, data.test, data.leaked, measured, plan.seed)
    curves = measure_curves(work, measured, judged)
    steadiness = measure_consistency(work, measured, judged)
    money = economy(plan, measured, proof, judged)
    sections = _sections(work, measured, proof, judged, curves, steadiness, money)
    actual = estimate_section(work, foretold, measured)
    return Decision(measured, proof, (*sections, *((actual,) if actual else ())))


def tell_detectable(work: Work, judged: Bench) -> None:
    """Say before anything is trained how small a gap the test rows can show."""
    message = detectable_before(work.plan.task, judged.rows)
    if message:
        work.watch(Event("test rows", message=message))


def measure_rivals(work: Work, judged: Bench) -> list[Measured]:
    """Every rival on the frozen test rows, its first score told as soon as it is there."""

    def told(measured: Measured, _: object) -> None:
        value = first_score(work, measured, judged.metric)
        said = f"{work.plan.task.deciding} {value:.1%} on {len(work.data.test)} test rows"
        work.watch(Event(measured.key, message=said))

    store = FolderStore(work.run.folder)
    return measure_all(work.rivals, work.materials, work.data.test, store, told)


def first_score(work: Work, measured: Measured, metric: Metric) -> float:
    """The deciding metric at once, without its interval, so that a person sees results while the run goes on."""
    judged = [pair for pair in zip(work.data.test, measured.answers, strict=True) if metric.judges(pair[0])]
    return metric.value([row for row, _ in judged], [answer for _, answer in judged], work.plan.task)


def _sections(
    work: Work,
    measured: Sequence[Measured],
    proof: Proof,
    judged: Bench,
    curves: Sequence[Learned],
    steadiness: Sequence[Steadiness],
    money: Economy,
) -> tuple[Section, ...]:
    """In the order in which a person asks: what it costs, what speaks against it, would more rows help."""
    evidence, data = proof.verdict.evidence, work.data
    rows = (0, 0) if _refits(work, evidence.best_tuned) else (len(data.validation), len(data.train))
    found = Findings(evidence, money, curves, documents(measured, judged), *rows)
    title = judged.metric.heading
    sections = (
        costs_section(measured, proof, money, steadiness),
        _against_section(found),
        curve_section(curves, judged, work.plan.task.bar),
        consistency_section(steadiness, measured, title),
    )
    return tuple(section for section in sections if section is not None)


def _refits(work: Work, key: str | None) -> bool:
    """Whether a tuned system learns from the validation rows too."""
    rival = next((one for one in work.rivals if one.key == key), None)
    stages = getattr(rival, "stages", None) or work.plan.stages
    return bool(stages) and stages[-1].refit


def _against_section(found: Findings) -> Section | None:
    """Reasons against tuning, and what would change the verdict; None where nothing was tuned."""
    if found.evidence.best_tuned is None or found.evidence.best_untuned is None:
        return None
    reasons = tuple(against(found)) or ("Nothing that was measured speaks against tuning.",)
    turns = tuple(f"What would change it: {change}" for change in changes(found))
    return Section("against", "Reasons not to tune, and what would change the verdict", (*reasons, *turns))
