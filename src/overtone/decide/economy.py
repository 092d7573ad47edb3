"""What systems cost in money, and how many answers it takes until a tuned one has paid for itself.

Nothing is assumed: where a price is not given, the figures that need it are None.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from overtone.core.score import Comparison, Score
from overtone.decide.measured import Measured
from overtone.decide.verdict import best_of

HOUR = 3600.0


@dataclass(frozen=True)
class Prices:
    """What a plan says of money; `shares` tells whether the deciding metric is a share of right rows."""

    machine_cost_per_hour: float | None = None
    tuning_cost: float | None = None
    wrong_answer_cost: float | None = None
    answers_per_month: int | None = None
    horizon_months: int = 12
    shares: bool = True

    @property
    def wrong(self) -> float | None:
        """The price of a wrong answer, where wrong answers can be counted."""
        return self.wrong_answer_cost if self.shares else None

    @property
    def answers(self) -> int | None:
        """Answers over the whole horizon."""
        return self.answers_per_month * self.horizon_months if self.answers_per_month else None


@dataclass(frozen=True)
class Cost:
    """One system's costs in money: of an answer, of its wrong answers for each answer, and once."""

    per_answer: float | None
    wrong_per_answer: float | None
    once: float | None

    def total(self, answers: int | None) -> float | None:
        """All costs of so many answers; wrong ones are left out where they have no price."""
        if answers is None or self.per_answer is None or self.once is None:
            return None
        return self.once + answers * (self.per_answer + (self.wrong_per_answer or 0.0))


@dataclass(frozen=True)
class BreakEven:
    """How a tuned system pays back, against an untuned one.

    `once` is what it costs more at the start; `saving` what each answer then saves, wrong answers included,
    with the ends of its interval. All in money.
    """

    tuned: str
    untuned: str
    once: float
    saving: float
    low: float
    high: float

    @property
    def answers(self) -> float | None:
        """Answers after which it has paid for itself; None where it never does."""
        return payback(self.once, self.saving)

    @property
    def fewest(self) -> float | None:
        """The same at the upper end of the saving."""
        return payback(self.once, self.high)

    @property
    def most(self) -> float | None:
        """The same at the lower end of the saving; None where that never pays."""
        return payback(self.once, self.low)


@dataclass(frozen=True)
class Economy:
    """Every system's costs; the pair that is set against each other, its gain, and how it pays back."""

    prices: Prices
    costs: Mapping[str, Cost]
    pair: tuple[str, str] | None
    gain: Comparison | None
    even: BreakEven | None


def payback(once: float, saving: float) -> float | None:
    """Answers until a saving on each has paid `once`; None where it never does."""
    if saving <= 0:
        return 0.0 if once <= 0 and saving == 0 else None
    return max(0.0, once / saving)


def cost_of(measured: Measured, score: Score, prices: Prices) -> Cost:
    """The costs of one system. Its own `cost_per_answer` comes first (an endpoint's), then the machine's hours."""
    seconds = float(measured.facts.get("training_seconds", measured.prepare_seconds))
    own = measured.facts.get("cost_per_answer")
    hourly = prices.machine_cost_per_hour
    extra = (prices.tuning_cost or 0.0) if measured.tuned else 0.0
    if own is not None:
        return Cost(float(own), _wrong(score, prices), extra + float(measured.facts.get("cost_once", 0.0)))
    if hourly is None:
        return Cost(None, _wrong(score, prices), None)
    running = hourly * measured.seconds_per_answer / HOUR
    return Cost(running, _wrong(score, prices), extra + hourly * seconds / HOUR)


def _wrong(score: Score, prices: Prices) -> float | None:
    return None if prices.wrong is None else (1 - score.value) * prices.wrong


def rivals_of_money(
    measured: Sequence[Measured],
    costs: Mapping[str, Cost],
    scores: Mapping[str, Score],
    prices: Prices,
) -> tuple[str, str] | None:
    """The tuned and the untuned system whose costs are set against each other; None where one is missing.

    The best tuned one; of the untuned ones the cheapest over the horizon where wrong answers have a price
    (without it the poorest would win), else the best.
    """
    tuned = best_of(scores, [one.key for one in measured if one.tuned])
    others = [one.key for one in measured if not one.tuned]
    if not tuned or not others:
        return None
    totals = {key: costs[key].total(prices.answers) for key in others}
    known = {key: total for key, total in totals.items() if total is not None}
    if prices.wrong is not None and known:
        return tuned, min(known, key=known.__getitem__)
    return tuned, best_of(scores, others)


def break_even(
    pair: tuple[str, str], costs: Mapping[str, Cost], gain: Comparison, prices: Prices
) -> BreakEven | None:
    """How the tuned system of a pair pays back; `gain` is tuned minus untuned. None without running costs."""
    tuned, untuned = (costs[key] for key in pair)
    if None in (tuned.per_answer, tuned.once, untuned.per_answer, untuned.once):
        return None
    assert tuned.per_answer is not None and untuned.per_answer is not None
    assert tuned.once is not None and untuned.once is not None
    running, price = untuned.per_answer - tuned.per_answer, prices.wrong or 0.0
    saving, low, high = (running + price * value for value in (gain.difference, gain.low, gain.high))
    return BreakEven(*pair, tuned.once - untuned.once, saving, low, high)


def price_to_break_even(
    pair: tuple[str, str], costs: Mapping[str, Cost], gain: Comparison, prices: Prices
) -> float | None:
    """What a wrong answer must cost for tuning to pay within the horizon; None where no price does."""
    even = break_even(pair, costs, gain, Prices(wrong_answer_cost=0.0, shares=prices.shares))
    if even is None or prices.answers is None or not prices.shares or gain.difference <= 0:
        return None
    return max(0.0, (even.once / prices.answers - even.saving) / gain.difference)
