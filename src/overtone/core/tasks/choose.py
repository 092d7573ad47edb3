"""Choose the right one of the answers that each row brings (multiple choice)."""

from typing import ClassVar, Literal

from pydantic import Field, field_validator

from overtone.core.example import Example
from overtone.core.task import Named, Task

Length = Literal["none", "tokens", "characters", "bytes"]
PLACE = "{question}"


class ChooseTask(Task):
    """Choose the right one of the answers that each row brings.

    A choice's score is the log-probability of its text after the question, summed over its tokens and divided by its
    length, so that long choices are not at a disadvantage (Brown et al. 2020, arXiv 2005.14165, section 2.4).
    """

    name: ClassVar[str] = "choose"
    also_called: ClassVar[tuple[str, ...]] = ("multiple_choice",)
    asks: ClassVar[str] = "choose"
    converses: ClassVar[bool] = True
    reports: ClassVar[tuple[str, ...]] = ()
    objectives: ClassVar[tuple[str, ...]] = ("choose",)

    metric: Named = "choice_accuracy"
    length: Length = Field(
        "bytes", description="what a choice's log-probability is divided by; none: the sum alone decides"
    )
    prompt: str | None = Field(
        None,
        description="plain text in which {question} stands for the question, and behind which a space and the choice "
        "follow; the base's chat template where absent",
    )

    @field_validator("prompt")
    @classmethod
    def _places_the_question(cls, prompt: str | None) -> str | None:
        """A prompt says where the question stands, once, and leaves the space before the choice to it."""
        if prompt is None or (prompt.count(PLACE) == 1 and prompt == prompt.rstrip()):
            return prompt
        if prompt != prompt.rstrip():
            raise ValueError(
                "the prompt ends with white space; leave it out, for a space stands before each choice"
            )
        raise ValueError(
            f"the prompt must hold {PLACE} once, as in 'Question: {PLACE}\\nAnswer:', not {prompt!r}"
        )

    def in_words(self, classes: int) -> str:
        """What is chosen, and what counts."""
        each = "" if self.length == "none" else f" per {self.length.removesuffix('s')}"
        return f"Choose the right answer to each question, by its log-probability{each}"

    def accepts(self, example: Example) -> str | None:
        """A usable row has a question, different choices, and the right one among them."""
        if not example.question.messages:
            return "no question"
        if len(example.choices) < 2:
            return "fewer than two choices"
        if len(set(example.choices)) < len(example.choices):
            return "two choices are the same"
        return None if example.completion in example.choices else "no right choice"
