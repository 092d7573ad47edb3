"""Sort a text into one class, or into several where `multi_label` is set."""

from typing import ClassVar

from pydantic import Field

from overtone.core.example import Example
from overtone.core.task import Named, Task


class ClassifyTask(Task):
    """Sort a text into one class, or into several where `multi_label` is set."""

    name: ClassVar[str] = "classify"
    also_called: ClassVar[tuple[str, ...]] = (
        "classification",
        "sequence_classification",
        "text_classification",
    )
    asks: ClassVar[str] = "classify"
    reports: ClassVar[tuple[str, ...]] = ("accuracy", "macro_f1")
    objectives: ClassVar[tuple[str, ...]] = ("classify",)

    metric: Named = "accuracy"
    multi_label: bool = Field(False, description="a text may carry several labels at once")
    threshold: float = Field(
        0.5, gt=0, lt=1, description="probability from which a label counts (multi-label)"
    )
    review_cost: float | None = Field(
        None, ge=0, description="cost of a row that a person answers instead, in money"
    )
    out_of_scope: str | None = Field(
        None, description="the class of texts that belong to no other; oos, none or other where absent"
    )

    def in_words(self, classes: int) -> str:
        """How many classes, and whether a text may have several."""
        return f"Sort each text into {'any' if self.multi_label else 'one'} of {classes} classes"

    def accepts(self, example: Example) -> str | None:
        """A usable row has a text and one label (any number of labels where multi-label)."""
        if not example.text.strip():
            return "empty text"
        if not example.labels:
            return "no label"
        return "more than one label" if len(example.labels) > 1 and not self.multi_label else None
