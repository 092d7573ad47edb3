"""Learn the right choice's text: next-token cross-entropy on it, encoded as it is when choices are scored.

Supervised fine-tuning (Ouyang et al. 2022, arXiv 2203.02155, section 3.5) without an end token: what is compared
later is how likely each choice's own tokens are.
"""

from typing import TYPE_CHECKING, ClassVar, cast

from overtone.core.example import Example
from overtone.core.task import Task
from overtone.core.tasks.choose import ChooseTask
from overtone.objectives.answering import learned_behind
from overtone.objectives.likelihood import Likelihood

if TYPE_CHECKING:
    from overtone.engine.row import Row
    from overtone.models.base import Base


class Choose(Likelihood):
    """Next-token cross-entropy on the right choice's text; questions are only read, wrong choices not even that."""

    name: ClassVar[str] = "choose"
    also_called: ClassVar[tuple[str, ...]] = ("multiple_choice",)
    kinds: ClassVar[frozenset[str]] = frozenset({"decoder", "encoder-decoder"})
    tasks: ClassVar[frozenset[str]] = frozenset({"choose"})

    def row(self, example: Example, base: "Base", task: Task, labels: tuple[str, ...]) -> "Row":
        """The prompt as the task writes it, then the right choice, which is learned."""
        from overtone.models.choices import encode_choices

        prompt = cast(ChooseTask, task).prompt
        context, (right,) = encode_choices(base, example.question.messages, [example.completion], prompt)
        return learned_behind(base, context, right)
