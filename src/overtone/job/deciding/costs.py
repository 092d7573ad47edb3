"""The table of what every system is worth and what it costs, and where tuning pays for itself."""

from collections.abc import Iterator, Mapping, Sequence

from overtone.decide.consistency import Steadiness
from overtone.decide.economy import BreakEven, Economy, Prices, break_even, cost_of, rivals_of_money
from overtone.decide.measured import Measured
from overtone.evaluate.report.numbers import count, scored
from overtone.evaluate.report.section import Cell, Column, Line, Plot, Section, Table
from overtone.job.deciding.bench import Bench
from overtone.job.prove import Proof
from overtone.plan import Plan

PER = 1000  # answers whose cost is told, for that of one is too small to read


def prices_of(plan: Plan, shares: bool) -> Prices:
    """What a plan says of money."""
    return Prices(
        machine_cost_per_hour=plan.decide.machine_cost_per_hour,
        tuning_cost=plan.decide.tuning_cost,
        wrong_answer_cost=plan.task.wrong_answer_cost,
        answers_per_month=plan.task.answers_per_month,
        horizon_months=plan.decide.horizon_months,
        shares=shares,
    )


def economy(plan: Plan, measured: Sequence[Measured], proof: Proof, bench: Bench) -> Economy:
    """The costs of all systems, and the tuned one against the untuned one that it would replace."""
    name = proof.metrics[0].key
    scores = {one.key: proof.scores[one.key][name] for one in measured}
    prices = prices_of(plan, bench.metric.interval == "wilson")
    costs = {one.key: cost_of(one, scores[one.key], prices) for one in measured}
    pair = rivals_of_money(measured, costs, scores, prices)
    if pair is None:
        return Economy(prices, costs, None, None, None)
    tuned, untuned = (next(one for one in measured if one.key == key) for key in pair)
    gain = bench.compare(tuned, untuned)
    return Economy(prices, costs, pair, gain, break_even(pair, costs, gain, prices))


def costs_section(
    measured: Sequence[Measured], proof: Proof, found: Economy, steadiness: Sequence[Steadiness]
) -> Section:
    """The decision in one table, the break-even in a sentence, and quality against cost in a picture."""
    titles = {one.key: one.title for one in measured}
    return Section(
        name="costs",
        title="What each system is worth and costs",
        sentences=tuple(_sentences(found, titles)),
        tables=(_table(measured, proof, found, steadiness),),
        plots=tuple(_plots(measured, proof, found)),
    )


def _sentences(found: Economy, titles: Mapping[str, str]) -> Iterator[str]:
    if found.even is not None:
        yield even_sentence(found.even, found.prices, titles)
    missing = [name for name, value in _wanted(found.prices).items() if value is None]
    if missing:
        yield f"Money is told only where the plan names prices; not set: {', '.join(missing)}."


def _wanted(prices: Prices) -> dict[str, float | None]:
    wanted = {
        "decide.machine_cost_per_hour": prices.machine_cost_per_hour,
        "task.answers_per_month": prices.answers_per_month,
    }
    return {**wanted, "task.wrong_answer_cost": prices.wrong_answer_cost} if prices.shares else wanted


def even_sentence(even: BreakEven, prices: Prices, titles: Mapping[str, str]) -> str:
    """When a tuned system has paid for itself, with the range that the gain's interval leaves."""
    pair = f"'{titles[even.tuned]}' against '{titles[even.untuned]}'"
    each = f"it saves {even.saving:.3g} an answer (95 % interval {even.low:.3g} to {even.high:.3g})"
    once = f"costs {even.once:,.2f} more at the start" if even.once > 0 else "costs no more at the start"
    if even.answers is None:
        return f"{pair} never breaks even: {each} and {once}."
    most = _volume(even.most, prices) if even.most is not None else "never"
    return (
        f"{pair} breaks even after {_volume(even.answers, prices)} ({_volume(even.fewest or 0.0, prices)} to "
        f"{most}): {each} and {once}."
    )


def _volume(answers: float, prices: Prices) -> str:
    if not prices.answers_per_month:
        return f"{answers:,.0f} answers"
    return f"{answers:,.0f} answers, {answers / prices.answers_per_month:.2g} months"


HEADS = (
    Column("Tied"),
    Column("Same answer", "percent"),
    Column("Tokens", "count"),
    Column("p50", "seconds"),
    Column("p95", "seconds"),
    Column("Training", "seconds"),
    Column("MB", "count"),
    Column(f"Cost of {PER:,}", "money"),
    Column("Cost once", "money"),
    Column("Wrong a month", "money"),
    Column("Total", "money"),
)


def _table(
    measured: Sequence[Measured], proof: Proof, found: Economy, steadiness: Sequence[Steadiness]
) -> Table:
    name = proof.metrics[0].key
    ranked = sorted(measured, key=lambda one: -proof.scores[one.key][name].value)
    same = {one.key: [s.same for s in steadiness if s.system == one.key] for one in measured}
    rows = [
        (one.title, scored(proof.scores[one.key][name]), *_cells(one, proof, found, same[one.key]))
        for one in ranked
    ]
    heads = (Column("System"), Column(proof.metrics[0].heading), *HEADS)
    kept = [place for place in range(len(heads)) if any(row[place] is not None for row in rows)]
    return Table(
        tuple(heads[place] for place in kept),
        tuple(tuple(row[place] for place in kept) for row in rows),
        note=_note(measured, found.prices),
        marked=(0,),
    )


def _cells(one: Measured, proof: Proof, found: Economy, same: Sequence[float]) -> tuple[Cell, ...]:
    cost, prices, facts = found.costs[one.key], found.prices, one.facts
    tied = "best" if one.key == proof.best else "yes" if one.key in proof.tied else "no"
    wrong, month = cost.wrong_per_answer, prices.answers_per_month
    return (
        tied,
        min(same, default=None),
        sum(one.tokens) / max(1, len(one.answers)) or None,
        facts.get("latency_p50"),
        facts.get("latency_p95"),
        float(facts.get("training_seconds", one.prepare_seconds)),
        one.peak_mb or None,
        None if cost.per_answer is None else PER * cost.per_answer,
        cost.once,
        None if wrong is None or month is None else wrong * month,
        cost.total(prices.answers),
    )


def _note(measured: Sequence[Measured], prices: Prices) -> str:
    asked = [int(one.facts["latency_questions"]) for one in measured if "latency_questions" in one.facts]
    alone = f"p50 and p95: {min(asked)} to {max(asked)} test questions asked one by one. " if asked else ""
    total = ""
    if prices.answers is not None:
        months = f"{prices.horizon_months} months of {count(prices.answers_per_month)} answers"
        total = f" Total: {months}{', wrong answers included' if prices.wrong is not None else ''}."
    return f"{alone}Tokens are those of an answer, read and written; MB is the peak of memory.{total}"


def _plots(measured: Sequence[Measured], proof: Proof, found: Economy) -> Iterator[Plot]:
    """Quality against the total cost, where there is money; the report draws quality against time."""
    name = proof.metrics[0].key
    lines = []
    for one in measured:
        total, score = found.costs[one.key].total(found.prices.answers), proof.scores[one.key][name]
        if total:
            lines.append(Line(one.title, ((total, score.value),), (score.low,), (score.high,), dots=True))
    if len(lines) > 1:
        yield Plot(
            title=f"{proof.metrics[0].heading} against total cost",
            across="total cost",
            up=proof.metrics[0].heading,
            lines=tuple(lines),
            up_written="percent",
            logarithmic=True,
        )
