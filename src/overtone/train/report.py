"""What a training yields: rows it left out, the layout it takes, a step it took, a validation it made."""

from dataclasses import dataclass, field

from overtone.engine.layout import Layout
from overtone.engine.machine import Machine


@dataclass(frozen=True, slots=True)
class Step:
    """One update: mean loss over `units`, the schedule's factor, the norm of the gradient before clipping.

    `means` are the objective's other numbers over the same units, such as the accuracy.
    """

    step: int  # counted from 1
    steps: int
    loss: float
    factor: float
    gradient_norm: float
    units: int
    tokens: int
    means: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Validation:
    """The state of the model on the validation rows after `step` updates; `best` where none was better."""

    step: int
    steps: int
    means: dict[str, float] = field(default_factory=dict)
    best: bool = False
    stops: bool = False  # patience has run out: no further step follows


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Rows that the stage told to drop: longer than the context, or with nothing to learn."""

    what: str  # training or validation
    rows: int
    of: int


@dataclass(frozen=True, slots=True)
class Remark:
    """What a person should know before the training starts."""

    text: str


@dataclass(frozen=True, slots=True)
class Again:
    """What the training that follows, on training and validation rows together, yields."""

    report: Step | Validation


Report = Remark | Step | Validation | LeftOut | Layout | Machine | Again
