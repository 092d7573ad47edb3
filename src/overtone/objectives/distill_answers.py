"""Sequence-level distillation: the student learns from answers that the teacher writes to the training prompts.

Kim and Rush 2016, "Sequence-Level Knowledge Distillation", arXiv 1606.07947, section 3.2, with the teacher's greedy
answer for its likeliest. Texts are exchanged, so teacher and student may have other tokens and other forms of chat.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from overtone.core.example import Example, Message
from overtone.core.task import Task
from overtone.engine.taught import TaughtRow, Teacher
from overtone.objectives.distillation import Distillation
from overtone.objectives.likelihood import Likelihood
from overtone.objectives.objective import Objective

if TYPE_CHECKING:
    from overtone.engine.learner import Learner
    from overtone.engine.row import Row
    from overtone.models.base import Base


class DistillAnswers(Likelihood, Distillation):
    """Next-token cross-entropy on answers that the teacher writes; the rows' own answers are not read."""

    name: ClassVar[str] = "distill_answers"
    also_called: ClassVar[tuple[str, ...]] = ("seqkd", "sequence_level")
    kinds: ClassVar[frozenset[str]] = frozenset({"decoder", "encoder-decoder"})
    tasks: ClassVar[frozenset[str]] = frozenset({"generate"})

    def teachers_of(self, base: "Base") -> frozenset[str]:
        """All that write: texts are exchanged."""
        return self.kinds

    def remarks(self, learner: "Learner") -> list[str]:
        """That the answers are synthetic."""
        return [f"the answers that are learned were written by {self.teacher}: they are synthetic"]

    def row(self, example: Example, base: "Base", task: Task, labels: tuple[str, ...]) -> "Row":
        """The row as it is, until its teacher has written."""
        plain = Objective.usual(task, base.description.kind)
        return TaughtRow.of(plain.row(example, base, task, labels), example)

    def taught(
        self, rows: "Sequence[Row]", base: "Base", teacher: Teacher, task: Task, labels: tuple[str, ...]
    ) -> "list[Row]":
        """The rows with the teacher's answers; those whose answer is cut, empty or over the context are left out."""
        examples = [row.example for row in rows]  # type: ignore[attr-defined]
        written = answers_of(teacher, examples, getattr(task, "max_tokens", 256))
        plain = Objective.usual(task, base.description.kind)
        found = [plain.row(example, base, task, labels) for example in written]
        kept = [row for row in found if row.longest <= base.description.context]
        if rows and not kept:
            raise self.unfit(
                "wrote no whole answer to any row", "raise task.max_tokens or name another teacher"
            )
        return kept


def answers_of(teacher: Teacher, examples: Sequence[Example], max_tokens: int) -> list[Example]:
    """The examples with the teacher's greedy answers as their last turns; a cut or empty answer leaves its row out.

    Their source says `written by` and the teacher's name: they are synthetic.
    """
    from overtone.generate.writer import Writer

    writer = Writer(teacher.load()[0], max_tokens)
    answers = writer.answer([example.question for example in examples])
    return [
        _answered(example, answer.text, teacher.name)
        for example, answer in zip(examples, answers, strict=True)
        if answer.text and answer.text.strip() and answer.finish == "stop"
    ]


def _answered(example: Example, text: str, teacher: str) -> Example:
    turns = (*example.question.messages, Message("assistant", text))
    return replace(example, messages=turns, source=f"{example.source}, written by {teacher}")
