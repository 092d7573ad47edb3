"""What a report holds, as plain data: `report.json` is exactly this. It says nothing of how it looks."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from overtone.core.score import Comparison, Score
from overtone.evaluate.report.section import Section


@dataclass(frozen=True, slots=True)
class MetricName:
    """A metric and how tables head it."""

    name: str
    title: str


@dataclass(frozen=True, slots=True)
class SystemResult:
    """One system's scores, by metric name, and what it costs; None where a figure does not exist."""

    name: str
    title: str
    kind: Literal["baseline", "rival", "tuned"]
    scores: dict[str, Score]  # on the test rows that do not also stand in train
    all_rows: dict[str, Score] = field(default_factory=dict)  # on all test rows, where they differ
    comparisons: dict[str, Comparison] = field(default_factory=dict)  # with the best; empty for the best
    tokens_per_answer: float | None = None
    seconds_per_answer: float | None = None
    training_seconds: float | None = None
    peak_memory_mb: float | None = None
    trainable_parameters: int | None = None
    failed: int = 0  # answers that failed, each counted as wrong
    note: str = ""


@dataclass(frozen=True, slots=True)
class DataAccount:
    """Where every row went: read = kept + dropped; kept = train + validation + test."""

    read: int
    kept: int
    dropped: dict[str, int]  # cause to rows
    train: int
    validation: int
    test: int
    repeated: int = 0  # test rows that also stand in train


@dataclass(frozen=True, slots=True)
class Curve:
    """A loss over the steps of a training: `part` is train or validation."""

    system: str
    part: Literal["train", "validation"]
    points: tuple[tuple[float, float], ...]  # (step, loss)


@dataclass(frozen=True, slots=True)
class ConfusionTable:
    """Counts of wanted (rows) against answered (columns); the last of each stands for no label."""

    labels: tuple[str, ...]
    counts: tuple[tuple[int, ...], ...]


@dataclass(frozen=True, slots=True)
class ClassRow:
    """How one class fares in the best system."""

    label: str
    precision: float
    recall: float
    f1: float
    wanted: int
    chosen: int


@dataclass(frozen=True, slots=True)
class WorstError:
    """A wrong answer to read."""

    question: str
    wanted: str
    given: str
    note: str = ""  # where the row comes from, or how sure the system was


@dataclass(frozen=True, slots=True)
class ParityRow:
    """A place that must give the same answers: the largest difference found (None: no number) and allowed."""

    place: str
    largest_difference: float | None
    allowed: float
    ok: bool


@dataclass(frozen=True, slots=True)
class Contents:
    """A whole report. Facts are pairs of a name and words, shown in the order given."""

    run: str
    date: str
    task: str  # in words
    base: str
    metrics: tuple[MetricName, ...]  # the deciding one first
    systems: tuple[SystemResult, ...]
    best: str  # name of the best system
    verdict: tuple[str, ...]  # sentences, the most important first
    data: DataAccount
    reached: bool | None = None  # whether the bar is; None where there is none, or the rows cannot tell
    bar: float | None = None  # of the deciding metric
    detectable: float | None = None  # smallest difference of the deciding metric that these rows can show
    warnings: tuple[str, ...] = ()
    plan: dict[str, str] = field(default_factory=dict)
    curves: tuple[Curve, ...] = ()
    sections: tuple[Section, ...] = ()
    confusion: ConfusionTable | None = None
    classes: tuple[ClassRow, ...] = ()
    averages: tuple[ClassRow, ...] = ()  # of the classes: micro, macro, weighted
    errors: tuple[WorstError, ...] = ()
    parity: tuple[ParityRow, ...] = ()
    environment: dict[str, str] = field(default_factory=dict)
    costs: dict[str, str] = field(default_factory=dict)
    method: str = ""  # how the tuned system was trained, in words
    licence: str = ""  # of the base, where known
    version: Literal[1] = 1  # of this shape

    @property
    def deciding(self) -> MetricName:
        """The metric that the verdict is about."""
        return self.metrics[0]

    @property
    def ranked(self) -> tuple[SystemResult, ...]:
        """The systems, best first by the deciding metric."""
        name = self.deciding.name
        return tuple(sorted(self.systems, key=lambda system: -system.scores[name].value))

    @property
    def winner(self) -> SystemResult:
        """The best system."""
        return next(system for system in self.systems if system.name == self.best)


def to_plain(contents: Contents) -> dict[str, Any]:
    """The contents as what JSON can hold."""
    from pydantic import TypeAdapter

    plain: dict[str, Any] = TypeAdapter(Contents).dump_python(contents, mode="json")
    return plain


def from_plain(plain: Mapping[str, Any]) -> Contents:
    """The contents that `to_plain` wrote; ValueError where the shape is another."""
    from pydantic import TypeAdapter

    return TypeAdapter(Contents).validate_python(plain)
