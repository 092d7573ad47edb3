"""Distillation across tokenizers: the student's probabilities follow the teacher's by rank, whatever the tokens are.

Boizard et al. 2024, "Towards Cross-Tokenizer Distillation: the Universal Logit Distillation Loss for LLMs", arXiv
2402.12030, equations 3 and 5: the Wasserstein distance with uniform costs, which is the sum over ranks of how far the
sorted probabilities of the t-th learned tokens of both are from each other, for as long as both answers last. The `k`
highest ranks count.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from pydantic import Field

from overtone.core.example import Example
from overtone.core.task import Task
from overtone.engine.taught import TaughtRow, Teacher, stacked
from overtone.objectives.distillation import Distillation
from overtone.objectives.objective import Objective

if TYPE_CHECKING:
    from torch import Tensor

    from overtone.engine.learner import Learner
    from overtone.engine.loss import Loss
    from overtone.engine.row import Row
    from overtone.models.base import Base


class DistillUniversal(Distillation):
    """Next-token cross-entropy, and how far the sorted probabilities are from those of a teacher with other tokens."""

    name: ClassVar[str] = "distill_universal"
    also_called: ClassVar[tuple[str, ...]] = ("uld",)
    kinds: ClassVar[frozenset[str]] = frozenset({"decoder", "encoder-decoder"})
    tasks: ClassVar[frozenset[str]] = frozenset({"generate"})

    weight: float = Field(1.5, gt=0, description="of the distance, beside the plain loss")
    k: int = Field(64, ge=1, description="highest ranks that count")

    def teachers_of(self, base: "Base") -> frozenset[str]:
        """All that write: only the learned tokens are compared, in their order."""
        return self.kinds

    def row(self, example: Example, base: "Base", task: Task, labels: tuple[str, ...]) -> "Row":
        """The conversation in the student's tokens; the teacher reads it in its own."""
        return TaughtRow.of(_plain(base, task).row(example, base, task, labels), example)

    def taught(
        self, rows: "Sequence[Row]", base: "Base", teacher: Teacher, task: Task, labels: tuple[str, ...]
    ) -> "list[Row]":
        """Each row with the teacher's highest probabilities at its learned places: (places, k), nan behind its end."""
        from overtone.engine.teacher import teacher_top_k

        known, learner = teacher.load()
        plain = _plain(known, task)
        read = [plain.row(row.example, known, task, labels) for row in rows]  # type: ignore[attr-defined]
        longest = max((row.longest for row in read), default=0)
        if longest > known.description.context:
            raise self.unfit(
                f"reads {known.description.context} tokens and a row has {longest}",
                "shorten the rows or name a teacher with a longer context",
            )
        sizes = (one.model.get_input_embeddings().num_embeddings for one in (base, known))
        found = teacher_top_k(teacher.name, learner.body, read, min(self.k, *sizes))
        return [
            replace(row, said=_fitted(said.exp(), row.units))  # type: ignore[call-arg]
            for row, (said, _) in zip(rows, found, strict=True)
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
        said = stacked(rows, "said").to(hidden.device)
        distances: list[float] = []

        def of_chunk(logits: "Tensor", at: slice) -> "Tensor":
            ranked = logits.softmax(-1).topk(said.shape[-1]).values
            told = ~said[at].isnan()
            soft = (ranked[told] - said[at][told]).abs().sum()
            distances.append(soft.item())
            return self.weight * soft + cross_entropy(logits, targets[at], reduction="sum")

        body = learner.body
        total = separable_loss(hidden, projection_of(plain(body)), of_chunk, softcap_of(body))
        units = sum(row.units for row in rows)
        return Loss(total=total, units=units, sums={"distance": sum(distances)})


def _plain(base: "Base", task: Task) -> Objective:
    """How plain training reads a row for this base."""
    return Objective.usual(task, base.description.kind)


def _fitted(said: "Tensor", places: int) -> "Tensor":
    """Cut to so many places, or filled up to them with nan."""
    from torch.nn.functional import pad

    return pad(said[:places], (0, 0, 0, max(0, places - len(said))), value=float("nan"))
