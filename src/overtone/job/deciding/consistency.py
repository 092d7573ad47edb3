"""Measure in a run how steady systems are: over seeds, wordings of the instruction, and orders of the examples."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from overtone.decide.consistency import Consistency, Steadiness, same_answers
from overtone.decide.measured import Measured
from overtone.decide.rewording import reworded
from overtone.decide.rivals.few_shot import FewShot
from overtone.decide.rivals.zero_shot import ZeroShot
from overtone.decide.shuffled import shuffled
from overtone.decide.verdict import best_of
from overtone.evaluate.report.section import Column, Section, Table
from overtone.job.deciding.bench import Bench
from overtone.job.deciding.work import Work
from overtone.models.describe import describe


def measure_consistency(work: Work, measured: Sequence[Measured], bench: Bench) -> list[Steadiness]:
    """Every variation that the plan asks; each repetition is kept, so that none is made twice."""
    asked, own = work.plan.decide.consistency, {one.key: one for one in measured}
    found = [
        (key, varied, [own[key], *repetitions])
        for vary in (_seeds, _wordings, _orders)
        for key, varied, repetitions in vary(work, asked, own, bench)
    ]
    return [_steadiness(key, varied, all_, work, bench) for key, varied, all_ in found if len(all_) > 1]


Varied = Iterator[tuple[str, str, list[Measured]]]
Own = dict[str, Measured]


def _seeds(work: Work, asked: Consistency, own: Own, bench: Bench) -> Varied:
    """The best tuned candidate trained again with the seeds that follow the plan's."""
    scores = {rival.key: bench.score(own[rival.key]) for rival in work.rivals if rival.tuned}
    best = best_of(scores, scores)
    for rival in work.rivals:
        if asked.seeds > 1 and rival.key == best:
            seeds = range(work.plan.seed + 1, work.plan.seed + asked.seeds)
            again = [replace(work.materials, seed=seed) for seed in seeds]
            yield (
                best,
                "seeds",
                [work.repeat(f"seed-{one.seed}", rival, one, work.data.test) for one in again],
            )


def _wordings(work: Work, asked: Consistency, own: Own, bench: Bench) -> Varied:
    """Zero-shot and few-shot in other words."""
    if asked.rewordings < 2:
        return
    kind = describe(work.plan.base).kind
    for rival in work.rivals:
        if isinstance(rival, ZeroShot | FewShot):
            rows, labels = work.data.test, work.data.labels
            others = [reworded(rival, rows, labels, kind, number) for number in range(1, asked.rewordings)]
            yield (
                rival.key,
                "wordings",
                [
                    work.repeat(f"wording-{number}", other[0], work.materials, other[1])
                    for number, other in enumerate(others, 1)
                    if other is not None
                ],
            )


def _orders(work: Work, asked: Consistency, own: Own, bench: Bench) -> Varied:
    """Few-shot with its examples in other orders; an encoder's rows vote and have none."""
    if asked.shuffles < 2 or describe(work.plan.base).kind == "encoder":
        return
    for rival in work.rivals:
        if isinstance(rival, FewShot):
            shown = own[rival.key].facts.get("examples_wanted")
            count = int(shown) if shown is not None else rival.examples
            orders = [shuffled(rival, seed, count) for seed in range(1, asked.shuffles)]
            repetitions = [
                work.repeat(f"order-{one.order_seed}", one, work.materials, work.data.test) for one in orders
            ]
            yield rival.key, "orders of the examples", repetitions


def _steadiness(key: str, varied: str, all_: list[Measured], work: Work, bench: Bench) -> Steadiness:
    answers = [bench.answers(one) for one in all_]
    scores = tuple(bench.score(one).value for one in all_)
    return Steadiness(key, varied, scores, same_answers(answers, work.materials.threshold))


def consistency_section(
    found: Sequence[Steadiness], measured: Sequence[Measured], metric: str
) -> Section | None:
    """The table of variations; None where none was asked for."""
    if not found:
        return None
    titles = {one.key: one.title for one in measured}
    heads = (
        Column("System"),
        Column("Varied"),
        Column("Times", "count"),
        Column(f"Mean {metric}", "percent"),
        Column("Spread", "percent"),
        Column("Least", "percent"),
        Column("Most", "percent"),
        Column("Same answer", "percent"),
    )
    rows = tuple(
        (
            titles[one.system],
            one.varied,
            len(one.scores),
            one.mean,
            one.spread,
            min(one.scores),
            max(one.scores),
            one.same,
        )
        for one in found
    )
    note = (
        "Spread is the standard deviation; same answer is the share of test rows answered alike every time."
    )
    return Section("consistency", "How steady the systems are", tables=(Table(heads, rows, note=note),))
