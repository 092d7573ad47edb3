"""What the training loop yields: rows it left out, a step it took, a validation it made."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Step:
    """One update: mean loss over `units`, the schedule's factor, the norm of the gradient before clipping."""

    step: int  # counted from 1
    steps: int
    loss: float
    factor: float
    gradient_norm: float
    units: int
    tokens: int


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


Report = Step | Validation | LeftOut
