"""The verdict: what the measurements say about the bar, about tuning, and about money, in words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from overtone.core.score import Comparison, Score
from overtone.evaluate.report.numbers import chance

Bar = Literal["none", "reached", "not shown", "not ruled out", "missed"]
Advice = Literal["tune", "do not tune", "not enough rows", "nothing to compare"]

LEVEL = 0.05  # chance of a false alarm that is accepted
WORTHWHILE = 0.01  # a gain below one point is taken for none


@dataclass(frozen=True)
class Evidence:
    """What a verdict rests on; `gain` is the best tuned against the best untuned system on the same rows.

    `smallest` is the smallest difference that these rows can show.
    """

    metric: str
    scores: Mapping[str, Score]  # of the deciding metric, by system
    titles: Mapping[str, str]  # how tables call each system
    tuned: frozenset[str]  # the systems that were trained
    gain: Comparison | None = None
    smallest: float | None = None
    bar: float | None = None
    wrong_answer_cost: float | None = None
    answers_per_month: int | None = None

    @property
    def best(self) -> str:
        """The system with the highest score."""
        return best_of(self.scores, self.scores)

    @property
    def best_tuned(self) -> str | None:
        """The trained system with the highest score."""
        return best_of(self.scores, [name for name in self.scores if name in self.tuned]) or None

    @property
    def best_untuned(self) -> str | None:
        """The system with the highest score among those that were not trained."""
        return best_of(self.scores, [name for name in self.scores if name not in self.tuned]) or None


@dataclass(frozen=True)
class Verdict:
    """The decision and the sentences that give its reasons."""

    advice: Advice
    bar: Bar
    best: str
    sentences: tuple[str, ...]
    evidence: Evidence

    @property
    def reached(self) -> bool | None:
        """Whether the bar is reached; None where there is none, or where these rows cannot tell."""
        return {"reached": True, "missed": False}.get(self.bar)

    @property
    def text(self) -> str:
        """All sentences as one paragraph."""
        return " ".join(self.sentences)


def best_of(scores: Mapping[str, Score], names: Iterable[str]) -> str:
    """The name with the highest score, the first of equals; "" where there is no name."""
    return max(names, key=lambda name: scores[name].value, default="")


def decide(evidence: Evidence) -> Verdict:
    """The verdict on at least one score. Pure: the same evidence gives the same words."""
    best = evidence.scores[evidence.best]
    bar = bar_state(best, evidence.bar)
    advice = choose_advice(evidence)
    sentences = [_best_sentence(evidence, best), _bar_sentence(evidence, best, bar)]
    sentences += [_gain_sentence(evidence), _advice_sentence(evidence, advice), _cost_sentence(evidence)]
    return Verdict(
        advice, bar, evidence.best, tuple(sentence for sentence in sentences if sentence), evidence
    )


def bar_state(score: Score, bar: float | None) -> Bar:
    """Where a score with its interval stands against the bar."""
    if bar is None:
        return "none"
    if score.low >= bar:
        return "reached"
    if score.value >= bar:
        return "not shown"
    return "not ruled out" if score.high >= bar else "missed"


def choose_advice(evidence: Evidence) -> Advice:
    """Tune only for a clear gain that is needed; say so where the rows are too few to tell."""
    gain, untuned = evidence.gain, evidence.best_untuned
    if gain is None or untuned is None:
        return "nothing to compare"
    if bar_state(evidence.scores[untuned], evidence.bar) == "reached":
        return "do not tune"
    if clear(gain):
        return "tune"
    return "do not tune" if gain.difference <= 0 or gain.high < WORTHWHILE else "not enough rows"


def clear(gain: Comparison) -> bool:
    """Whether a gain is beyond doubt: interval above zero, and p below 0.05 after correction."""
    return gain.low > 0 and gain.p_corrected < LEVEL


def clear_loss(gain: Comparison) -> bool:
    """Whether tuning has lost beyond doubt."""
    return gain.high < 0 and gain.p_corrected < LEVEL


def _best_sentence(evidence: Evidence, best: Score) -> str:
    return f"Best is '{evidence.titles[evidence.best]}' with {evidence.metric} {_with_interval(best)}, n = {best.n}."


def _bar_sentence(evidence: Evidence, best: Score, state: Bar) -> str:
    if evidence.bar is None:
        return ""
    words = {
        "reached": "is reached: the whole interval lies at or above it",
        "not shown": "is reached by the value but not shown: the interval begins below it",
        "not ruled out": "is not reached, though the interval does not rule it out",
        "missed": "is missed: the whole interval lies below it",
    }
    return f"The bar of {_percent(evidence.bar)} {words[state]} (n = {best.n})."


def _gain_sentence(evidence: Evidence) -> str:
    gain, tuned, untuned = evidence.gain, evidence.best_tuned, evidence.best_untuned
    if gain is None or tuned is None or untuned is None:
        return ""
    n = evidence.scores[tuned].n
    worse = "clearly worse than" if clear_loss(gain) else "not clearly better than"
    verdict = "clearly better than" if clear(gain) else worse
    systems = (
        f"('{evidence.titles[tuned]}') is {verdict} the best system without it ('{evidence.titles[untuned]}')"
    )
    return (
        f"Tuning {systems}: {_points(gain.difference)} (95 % interval {_points(gain.low)} to {_points(gain.high)}, "
        f"corrected p {chance(gain.p_corrected)}, {gain.test}, n = {n})."
    )


def _advice_sentence(evidence: Evidence, advice: Advice) -> str:
    n = evidence.scores[evidence.best].n
    return {
        "tune": lambda: f"Advice: tune; on these rows (n = {n}) the gain is not chance.",
        "do not tune": lambda: _no_tuning(evidence, n),
        "not enough rows": lambda: _too_few(evidence, n),
        "nothing to compare": lambda: (
            f"Advice: none; a tuned and an untuned system must both be measured on these rows (n = {n})."
        ),
    }[advice]()


def _no_tuning(evidence: Evidence, n: int) -> str:
    untuned = evidence.best_untuned
    assert untuned is not None
    title = evidence.titles[untuned]
    if bar_state(evidence.scores[untuned], evidence.bar) == "reached":
        return f"Advice: do not tune; '{title}' reaches the bar without it (n = {n})."
    good = "better" if evidence.gain and clear_loss(evidence.gain) else "as good"
    return f"Advice: do not tune; within these rows (n = {n}) '{title}', which is cheaper, is {good}."


def _too_few(evidence: Evidence, n: int) -> str:
    assert evidence.gain is not None
    words = f"the difference found is {_points(evidence.gain.difference)}"
    if evidence.smallest is not None:
        words += f", the smallest that they can show {_points(evidence.smallest)}"
    return (
        f"Advice: not enough test rows to tell (n = {n}): {words}. "
        "Collect more, or stay with the cheaper system."
    )


def _cost_sentence(evidence: Evidence) -> str:
    """Money lost on wrong answers a month, where the metric is a share of right rows (a Wilson interval)."""
    price, answers = evidence.wrong_answer_cost, evidence.answers_per_month
    names = dict.fromkeys(name for name in (evidence.best_tuned, evidence.best_untuned) if name)
    if price is None or answers is None or any(evidence.scores[name].method != "wilson" for name in names):
        return ""
    costs = [
        f"'{evidence.titles[name]}' {_monthly(evidence.scores[name], price * answers)}" for name in names
    ]
    n = evidence.scores[evidence.best].n
    each = f"Wrong answers at {price:,.2f} each, {answers:,} answers a month"
    return f"{each}: {'; '.join(costs)} (n = {n})."


def _monthly(score: Score, all_wrong: float) -> str:
    value, low, high = ((1 - share) * all_wrong for share in (score.value, score.high, score.low))
    return f"{value:,.0f} a month (95 % interval {low:,.0f} to {high:,.0f})"


def _with_interval(score: Score) -> str:
    return f"{_percent(score.value)} (95 % interval {100 * score.low:.1f} to {100 * score.high:.1f})"


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %"


def _points(difference: float) -> str:
    return f"{100 * difference:+.1f} points"
