"""What speaks against tuning and what would change the verdict: from measurements alone, each with its figures."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import ceil, log10

from overtone.core.score import Comparison, Score
from overtone.decide.economy import Economy, price_to_break_even
from overtone.decide.learning_curve import Learned
from overtone.decide.verdict import WORTHWHILE, Evidence, bar_state, clear, clear_loss
from overtone.evaluate.report.numbers import chance

TWICE = 2.0
MANY = 0.1  # validation rows to each training row, from which on learning from them too is proposed


@dataclass(frozen=True)
class Documents:
    """A system that reads documents against a tuned one that reads none; `gain` is the first minus the second.

    `found` and `missed` are the first one's scores on the rows whose right document stood in the prompt or not.
    """

    reader: str
    tuned: str
    gain: Comparison
    found: Score | None = None
    missed: Score | None = None


@dataclass(frozen=True)
class Findings:
    """All that was measured and can speak for or against tuning; `judged` is the number of test rows."""

    evidence: Evidence
    economy: Economy
    curves: Sequence[Learned] = ()
    documents: Documents | None = None
    watched: int = 0  # validation rows from which the best tuned system did not learn
    learned: int = 0  # training rows from which it did

    @property
    def judged(self) -> int:
        """Test rows behind the verdict."""
        return self.evidence.scores[self.evidence.best].n


def against(findings: Findings) -> Iterator[str]:
    """Each reason not to tune that the measurements give, in a sentence."""
    for reason in (_bar_met, _worse, _not_shown, _rows_missing, _documents, _never_pays):
        yield from reason(findings)


def changes(findings: Findings) -> Iterator[str]:
    """What would have to be different for another verdict, in a sentence each."""
    for change in (_bar_raised, _refit, _test_rows, _training_rows, _prices):
        yield from change(findings)


def _bar_met(findings: Findings) -> Iterator[str]:
    evidence = findings.evidence
    untuned = evidence.best_untuned
    if untuned is not None and bar_state(evidence.scores[untuned], evidence.bar) == "reached":
        title, score = evidence.titles[untuned], evidence.scores[untuned]
        yield f"The bar of {evidence.bar:.1%} is met without tuning: '{title}' has {_scored(score)}."


def _worse(findings: Findings) -> Iterator[str]:
    evidence, gain = findings.evidence, findings.evidence.gain
    if gain is not None and clear_loss(gain):
        yield f"Tuning lost: {_difference(gain)} against '{_title(evidence, evidence.best_untuned)}'."


def _not_shown(findings: Findings) -> Iterator[str]:
    evidence, gain = findings.evidence, findings.evidence.gain
    if gain is None or clear(gain) or clear_loss(gain):
        return
    words = f"The gain is not shown: {_difference(gain)} against '{_title(evidence, evidence.best_untuned)}'"
    if evidence.smallest is not None:
        words += f"; {findings.judged:,} test rows can show {100 * evidence.smallest:.1f} points"
    yield f"{words}."


def _rows_missing(findings: Findings) -> Iterator[str]:
    """More rows would help a learner by more than a point: collecting comes before tuning."""
    bar = findings.evidence.bar
    for curve in findings.curves:
        short = bar is None or curve.scores[-1].low < bar
        if curve.law is not None and short and curve.law.helps(TWICE, WORTHWHILE) == "helps":
            gain = curve.law.gain(TWICE)
            yield (
                f"Rows are few: with twice its {curve.sizes[-1]:,} training rows '{curve.title}' would gain "
                f"{_points(gain.value)} (95 % interval {_points(gain.low)} to {_points(gain.high)}); rows come first."
            )


def _documents(findings: Findings) -> Iterator[str]:
    found = findings.documents
    if found is None or not clear(found.gain):
        return
    words = f"Answers depend on documents: '{found.reader}' beats '{found.tuned}', which reads none, by "
    words += _difference(found.gain)
    if found.found is not None and found.missed is not None:
        words += (
            f"; with the right document in the prompt it has {_scored(found.found)}, "
            f"without it {_scored(found.missed)}"
        )
    yield f"{words}."


def _never_pays(findings: Findings) -> Iterator[str]:
    even, prices = findings.economy.even, findings.economy.prices
    if even is None:
        return
    pair = f"'{_title(findings.evidence, even.tuned)}' against '{_title(findings.evidence, even.untuned)}'"
    if even.answers is None:
        yield f"The cost never comes back: {pair} saves {_money(even.saving)} an answer."
    elif prices.answers is not None and even.answers > prices.answers:
        yield (
            f"The cost does not come back in {prices.horizon_months} months: {pair} needs {even.answers:,.0f} "
            f"answers, the plan has {prices.answers:,}."
        )


def _bar_raised(findings: Findings) -> Iterator[str]:
    evidence = findings.evidence
    untuned = evidence.best_untuned
    if untuned is not None and bar_state(evidence.scores[untuned], evidence.bar) == "reached":
        low = evidence.scores[untuned].low
        yield f"A bar above {low:.1%}: '{evidence.titles[untuned]}' would then not be shown to reach it."


def _refit(findings: Findings) -> Iterator[str]:
    """Validation rows are worth learning from where they are many beside the training rows."""
    gain, watched = findings.evidence.gain, findings.watched
    if gain is not None and not clear(gain) and watched >= MANY * findings.learned > 0:
        yield (
            f"The {watched:,} validation rows to learn from, beside the {findings.learned:,} training rows: tuning "
            "only watched them. With `refit: true` in its stage it trains once more, on all rows."
        )


def _test_rows(findings: Findings) -> Iterator[str]:
    """The smallest difference falls with the square root of the rows."""
    gain, smallest = findings.evidence.gain, findings.evidence.smallest
    if gain is None or smallest is None or clear(gain) or clear_loss(gain) or abs(gain.difference) < 0.001:
        return
    rows = rounded_up(findings.judged * (smallest / abs(gain.difference)) ** 2)
    yield (
        f"About {rows:,} test rows instead of {findings.judged:,}: they could show a difference of "
        f"{_points(gain.difference)} (80 % power)."
    )


def _training_rows(findings: Findings) -> Iterator[str]:
    bar = findings.evidence.bar
    if bar is None:
        return
    for curve in findings.curves:
        if curve.law is None or curve.scores[-1].value >= bar:
            continue
        rows = curve.law.rows_to_reach(bar)
        if rows.value is not None:
            most = f"{rounded_up(rows.high):,}" if rows.high is not None else "never"
            yield (
                f"About {rounded_up(rows.value):,} training rows instead of {curve.sizes[-1]:,} (95 % interval "
                f"{rounded_up(rows.low or 0):,} to {most}): '{curve.title}' would reach the bar of {bar:.1%}."
            )


def _prices(findings: Findings) -> Iterator[str]:
    economy = findings.economy
    even, prices = economy.even, economy.prices
    if even is None or economy.pair is None or economy.gain is None:
        return
    price = price_to_break_even(economy.pair, economy.costs, economy.gain, prices)
    if price is None:
        return
    pays = prices.answers is not None and even.answers is not None and even.answers <= prices.answers
    today = "" if prices.wrong is None else f" (the plan says {_money(prices.wrong)})"
    yield (
        f"A wrong answer that costs {'less' if pays else 'more'} than {_money(price)}{today}: there tuning breaks even "
        f"within {prices.horizon_months} months."
    )


def rounded_up(rows: float) -> int:
    """Two digits that count, rounded up: 1,234 is about 1,300."""
    if rows <= 0:
        return 0
    unit = int(10.0 ** max(0, int(log10(rows)) - 1))
    return ceil(rows / unit) * unit


def _title(evidence: Evidence, key: str | None) -> str:
    return evidence.titles[key] if key is not None else ""


def _difference(gain: Comparison) -> str:
    return (
        f"{_points(gain.difference)} (95 % interval {_points(gain.low)} to {_points(gain.high)}, "
        f"corrected p {chance(gain.p_corrected)})"
    )


def _scored(score: Score) -> str:
    return f"{score.value:.1%} (95 % interval {100 * score.low:.1f} to {100 * score.high:.1f}, n = {score.n})"


def _points(difference: float | None) -> str:
    return f"{100 * (difference or 0.0):+.1f} points"


def _money(amount: float) -> str:
    return f"{amount:,.2f}" if abs(amount) >= 1 else f"{amount:.3g}"
