"""What the objectives of embeddings share: queries and passages as vectors, compared by cosine within a batch."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from pydantic import Field

from overtone.core.example import Example
from overtone.core.task import Task
from overtone.objectives.objective import Objective

if TYPE_CHECKING:
    from torch import Tensor

    from overtone.engine.learner import Learner
    from overtone.engine.loss import Loss
    from overtone.engine.row import Row
    from overtone.models.base import Base


class Embedding(Objective):
    """A loss of the similarities of each query with the passages of its batch (abstract: it has no name).

    The passages of other queries are wrong ones, unless they are the query's own passage too.
    """

    kinds: ClassVar[frozenset[str]] = frozenset({"encoder", "decoder", "encoder-decoder"})
    tasks: ClassVar[frozenset[str]] = frozenset({"embed"})
    pooling: ClassVar[str | None] = "mean"  # as a base embeds wherever texts are searched

    temperature: float = Field(0.05, gt=0, description="what cosines are divided by: the lower, the sharper")

    def losses(self, right: "Tensor", others: "Tensor") -> "Tensor":
        """The loss of each query, of its right passage (queries,) and all others (queries, passages), or -inf."""
        raise NotImplementedError

    def row(self, example: Example, base: "Base", task: Task, labels: tuple[str, ...]) -> "Row":
        """The query with its passage and, where there is one, a wrong passage; passages are cut to the context."""
        from overtone.engine.row import Row
        from overtone.models.text import encode_text

        texts = (example.completion, *((example.rejected,) if example.rejected else ()))
        read = [tuple(encode_text(base, text)[: base.description.context]) for text in texts]
        query = encode_text(base, example.question.messages[-1].content)
        return Row(tokens=tuple(query), passages=tuple(map(Row, read)))

    def loss(self, learner: "Learner", rows: "Sequence[Row]", task: Task) -> "Loss":
        """Summed over queries; `accuracy` counts those whose own passage is the nearest."""
        import torch
        from torch.nn.functional import normalize

        from overtone.engine.loss import Loss

        read = list(dict.fromkeys(passage.tokens for row in rows for passage in row.passages))
        vectors = normalize(learner.features([*(row.tokens for row in rows), *read]).float(), dim=-1)
        near = vectors[: len(rows)] @ vectors[len(rows) :].T / self.temperature  # (queries, passages)
        places = torch.tensor([read.index(row.passages[0].tokens) for row in rows], device=near.device)
        right = near.gather(1, places[:, None])[:, 0]
        others = near.scatter(1, places[:, None], float("-inf"))
        accuracy = float((right > others.max(1).values).sum())
        return Loss(total=self.losses(right, others).sum(), units=len(rows), sums={"accuracy": accuracy})
