"""Whether the systems are as sure as they are right, and what temperature scaling would bring."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from overtone.evaluate.chapter import Chapter, Results
from overtone.evaluate.diagnosis.calibration import (
    best_temperature,
    brier_rows,
    calibration_error,
    cross_tempered,
    log_loss_rows,
    reliability,
)
from overtone.evaluate.diagnosis.interval import mean_interval
from overtone.evaluate.diagnosis.predicted import Predicted
from overtone.evaluate.report.numbers import percent
from overtone.evaluate.report.section import Column, Line, Plot, Section, Table

FEWEST = 40  # rows below which bins and halves hold too little
NOTABLE = 0.02  # a gap of confidence and share below two points is not told
NOTE = (
    "Error: mean distance of confidence from accuracy in bins of equally many decisions. Scaled rows are judged at "
    "the temperature fitted on the other half of the rows."
)


@dataclass(frozen=True, slots=True)
class Judged:
    """A system's rows as they are and scaled by a temperature that was fitted on other rows."""

    title: str
    plain: Predicted
    scaled: Predicted
    temperature: float  # the best for all rows: the one to use
    gain: float  # log loss saved a row by scaling
    low: float
    high: float

    @property
    def helps(self) -> bool:
        """Whether scaling saves log loss beyond doubt and brings confidence no further from the truth."""
        before, after = self.errors
        return self.low > 0 and after <= before

    @property
    def errors(self) -> tuple[float, float]:
        """Calibration error as it is and scaled."""
        plain, scaled = (calibration_error(rows.confidence, rows.right) for rows in (self.plain, self.scaled))
        return plain, scaled


class Calibration(Chapter):
    """Reliability curve, calibration error, Brier score and log loss, as they are and after temperature scaling."""

    name: ClassVar[str] = "calibration"
    order: ClassVar[int] = 60

    def write(self, results: Results) -> Section | None:
        """Curves and losses; nothing where no system gives probabilities or the rows are too few."""
        judged = [
            judge(results.titles[key], rows, results.seed)
            for key, rows in results.predicted()
            if len(rows.wanted) >= FEWEST
        ]
        if not judged:
            return None
        sentences = tuple(text for one in judged for text in _sentences(one))
        return Section(
            self.name, "Whether confidence can be trusted", sentences, (_table(judged),), (_plot(judged),)
        )


def judge(title: str, rows: Predicted, seed: int) -> Judged:
    """A system as it is and, cross-fitted over two halves, at its best temperature."""
    scaled = cross_tempered(rows, seed)
    saved = log_loss_rows(rows) - log_loss_rows(scaled)
    low, high = mean_interval(saved, rows.place, seed, lowest=-1.0)
    return Judged(title, rows, scaled, best_temperature(rows), float(saved.mean()), low, high)


def _sentences(one: Judged) -> list[str]:
    sure, right = float(one.plain.confidence.mean()), float(one.plain.right.mean())
    what = "labels hold" if one.plain.several else "it is right"
    state = "about as sure as it is right"
    if abs(sure - right) >= NOTABLE:
        state = "surer than it should be" if sure > right else "less sure than it could be"
    first = (
        f"'{one.title}' is {state}: {percent(sure)} % sure on average, {what} in {percent(right)} % "
        f"(n = {len(one.plain.wanted)})."
    )
    return [first, _scaling(one)]


def _scaling(one: Judged) -> str:
    before, after = one.errors
    gain = f"log loss {-one.gain:+.3f} a row (95 % interval {-one.high:+.3f} to {-one.low:+.3f})".replace(
        "-", "−"
    )
    words = f"calibration error from {percent(before)} to {percent(after)}, {gain}"
    if one.helps:
        return f"Dividing its logits by {one.temperature:.2f} would help: {words}."
    return f"Temperature scaling would not clearly help: {words}."


def _table(judged: Sequence[Judged]) -> Table:
    rows = [
        (
            f"{one.title}{words}",
            calibration_error(found.confidence, found.right),
            float(brier_rows(found).mean()),
            float(log_loss_rows(found).mean()),
            float(found.confidence.mean()),
            float(found.right.mean()),
        )
        for one in judged
        for found, words in ((one.plain, ""), (one.scaled, f", temperature {one.temperature:.2f}"))
    ]
    heads = (
        Column("System"),
        Column("Calibration error", "percent"),
        Column("Brier score", "number"),
        Column("Log loss", "number"),
        Column("Mean confidence", "percent"),
        Column("Right", "percent"),
    )
    return Table(heads, tuple(rows), note=NOTE)


def _plot(judged: Sequence[Judged]) -> Plot:
    return Plot(
        "Reliability",
        "confidence",
        "right",
        tuple(_line(one.title, one.plain) for one in judged),
        across_written="percent",
        up_written="percent",
        diagonal=True,
        note="On the diagonal a system is as right as it is sure; below it, too sure. Bars are 95 % intervals.",
    )


def _line(name: str, rows: Predicted) -> Line:
    bins = reliability(rows.confidence, rows.right, rows.decision_place)
    points = tuple((one.confidence, one.share) for one in bins)
    return Line(name, points, tuple(one.low for one in bins), tuple(one.high for one in bins))
