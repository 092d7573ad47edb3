"""Distillation of a language model: at every learned token the student's probabilities follow the teacher's.

Hinton et al. 2015, "Distilling the Knowledge in a Neural Network", arXiv 1503.02531, section 2: logits are divided by a
temperature T, and the distance is multiplied by T squared, which keeps its gradients beside those of the plain loss.
The teacher is kept as its `k` likeliest tokens; all others together are one further outcome, so the distance is never
more than the one over the whole vocabulary, and equal to it where `k` is the vocabulary.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from pydantic import Field

from overtone.core.errors import UserError
from overtone.core.example import Example
from overtone.core.task import Task
from overtone.engine.taught import TaughtRow, Teacher, stacked
from overtone.objectives.distillation import Softened, refuse_other_tokens
from overtone.objectives.divergence import with_rest
from overtone.objectives.likelihood import Likelihood
from overtone.objectives.objective import Objective

if TYPE_CHECKING:
    from torch import Tensor

    from overtone.engine.learner import Learner
    from overtone.engine.loss import Loss
    from overtone.engine.row import Row
    from overtone.models.base import Base


class Distill(Softened):
    """The distance from a teacher's probabilities of each learned token, mixed with next-token cross-entropy."""

    name: ClassVar[str] = "distill"
    also_called: ClassVar[tuple[str, ...]] = ("kd", "knowledge_distillation", "minillm")
    kinds: ClassVar[frozenset[str]] = frozenset({"decoder", "encoder-decoder"})
    tasks: ClassVar[frozenset[str]] = frozenset({"generate", "score"})

    k: int = Field(64, ge=1, description="likeliest tokens of the teacher that are told apart at each place")

    def check_teacher(self, teacher: Teacher, base: "Base", labels: tuple[str, ...]) -> None:
        """The teacher is of the student's kind and has its tokens."""
        super().check_teacher(teacher, base, labels)
        refuse_other_tokens(self, teacher, base)

    def row(self, example: Example, base: "Base", task: Task, labels: tuple[str, ...]) -> "Row":
        """As plain training on the task reads the example."""
        plain = Objective.usual(task, base.description.kind)
        if not isinstance(plain, Likelihood):
            raise UserError(
                f"stages[0].objective: '{self.name}' asks its teacher once, and '{plain.name}', by which "
                f"'{base.description.name}' learns the task '{task.name}', draws its gaps anew in each step: leave the "
                "objective out, or distil answers"
            )
        return TaughtRow.of(plain.row(example, base, task, labels), example)

    def taught(
        self, rows: "Sequence[Row]", base: "Base", teacher: Teacher, task: Task, labels: tuple[str, ...]
    ) -> "list[Row]":
        """Each row with the teacher's likeliest tokens at its learned places and their log-probabilities."""
        from overtone.engine.teacher import teacher_top_k

        known, learner = teacher.load()
        size = base.model.get_input_embeddings().num_embeddings
        k = min(self.k, size, known.model.get_input_embeddings().num_embeddings)
        found = teacher_top_k(teacher.name, learner.body, rows, k, self.temperature)
        if any(len(tokens) and int(tokens.max()) >= size for _, tokens in found):
            raise self.unfit(
                "gives tokens that the student does not have", "name a teacher of the same tokens"
            )
        return [
            replace(row, said=said, chosen=tokens.int())  # type: ignore[call-arg]
            for row, (said, tokens) in zip(rows, found, strict=True)
        ]

    def loss(self, learner: "Learner", rows: "Sequence[Row]", task: Task) -> "Loss":
        """Summed over learned tokens; `distance` adds up those from the teacher."""
        from torch.nn.functional import cross_entropy

        from overtone.engine.encoder_decoder import projection_of
        from overtone.engine.hidden import plain
        from overtone.engine.loss import Loss
        from overtone.engine.score import asked_states, softcap_of
        from overtone.engine.separable import separable_loss

        hidden, _, targets = asked_states(
            learner.body, [row.tokens for row in rows], [row.learned for row in rows]
        )
        said, chosen = (stacked(rows, name).to(hidden.device) for name in ("said", "chosen"))
        distances: list[float] = []

        def of_chunk(logits: "Tensor", at: slice) -> "Tensor":
            soft = self.of_places(said[at], chosen[at].long(), logits).sum()
            distances.append(soft.item())
            return self.mixed(soft, cross_entropy(logits, targets[at], reduction="sum"))

        model = learner.body
        total = separable_loss(hidden, projection_of(plain(model)), of_chunk, softcap_of(model))
        units = sum(row.units for row in rows)
        return Loss(total=total, units=units, sums={"distance": sum(distances)})

    def of_places(self, said: "Tensor", chosen: "Tensor", logits: "Tensor") -> "Tensor":
        """The distance at each place, of what the teacher says of the chosen tokens and the student's logits."""
        student = (logits / self.temperature).log_softmax(-1).gather(-1, chosen)
        if chosen.shape[-1] < logits.shape[-1]:
            said, student = with_rest(said), with_rest(student)
        return self.distance(said, student)
