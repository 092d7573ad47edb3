"""An answer: what any system (a prompt, retrieval, a tuned model, an endpoint) returns to a question."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from overtone.core.example import Question


@dataclass(frozen=True, slots=True)
class Answer:
    """Text, or a probability for each label, with what it cost.

    For a single-label task the probabilities sum to one; for a multi-label task each stands alone.
    """

    text: str | None = None
    probabilities: Mapping[str, float] | None = None
    prompt_tokens: int = 0
    completion_tokens: int = 0
    seconds: float = 0.0
    finish: str = "stop"  # stop, or length where the answer was cut
    documents: tuple[str, ...] = field(default=())  # ids of retrieved documents, best first
    cited: tuple[str, ...] = field(default=())  # ids of the documents that the answer names as its source
    error: str | None = None
    wanted_log_probability: float | None = None  # natural, of writing the row's wanted answer; where known

    @property
    def label(self) -> str | None:
        """The most probable label; ties go to the first."""
        return max(self.probabilities, key=self.probabilities.__getitem__) if self.probabilities else None

    def labels(self, threshold: float = 0.5) -> tuple[str, ...]:
        """Every label at or above the threshold, most probable first (multi-label tasks)."""
        found = [item for item in (self.probabilities or {}).items() if item[1] >= threshold]
        return tuple(label for label, _ in sorted(found, key=lambda item: -item[1]))


class System(Protocol):
    """Anything that answers questions; rivals, tuned models and live endpoints all are systems."""

    can: frozenset[str]  # of: classify, generate, prefer, score, embed

    def answer(self, questions: Sequence[Question]) -> list[Answer]:
        """Answer each question, in order."""
        ...
