"""A chunk of logits from hidden states, and its gradients: for projections with bias, adapter or soft-capping too."""

from collections.abc import Iterator, Sequence

import torch
from torch import Tensor

from overtone.engine.lean.parts import Part
from overtone.engine.lean.product import multiply

CHUNK_BYTES = 1 << 24  # of float32 logits that are held at a time
FEWEST = 256  # positions of a chunk, whatever its bytes: products over fewer are slow


def chunks(positions: int, vocabulary: int) -> Iterator[slice]:
    """Positions in chunks of nearly equal size, each with as many logits as are held at a time, or few positions."""
    most = max(FEWEST, CHUNK_BYTES // (4 * vocabulary))
    size = -(-positions // max(1, -(-positions // most)))
    return (slice(start, start + size) for start in range(0, positions, max(1, size)))


def logits_of(rows: Tensor, part: Part, softcap: float | None) -> tuple[Tensor, Tensor | None]:
    """Logits (rows, vocabulary) in float32 of hidden states (rows, hidden), and the states' low-rank products.

    `softcap` bounds logits z to softcap * tanh(z / softcap).
    """
    logits, low = multiply(rows, part.weight, part.bias), None
    if part.down is not None and part.up is not None:
        low = multiply(rows, part.down)
        logits.addmm_(low, part.up.t(), alpha=part.scale)
    logits = logits.float() if logits.dtype.itemsize < 4 else logits
    return (logits if softcap is None else logits.div_(softcap).tanh_().mul_(softcap)), low


def probabilities_of(logits: Tensor, targets: Tensor) -> Tensor:
    """Turns logits into probabilities in place and gives the log-probability of each target: (rows,)."""
    chosen, top = logits.gather(1, targets[:, None]), logits.amax(1, keepdim=True)
    torch.softmax(logits, 1, out=logits)
    # The highest probability is 1 / sum(exp(logits - top)).
    return (chosen - top + logits.amax(1, keepdim=True).log_())[:, 0]


class Gradients:
    """Sums of gradients over chunks: of the states and of each tensor of the projection, where needed."""

    def __init__(self, hidden: Tensor, part: Part, needs: Sequence[bool]) -> None:
        self.part = part
        self.hidden = torch.empty_like(hidden) if needs[0] else None
        self.weight, self.bias, self.down, self.up = (
            torch.zeros_like(tensor) if tensor is not None and needed else None
            for tensor, needed in zip(part.tensors, needs[1:], strict=True)
        )

    @property
    def tensors(self) -> tuple[Tensor | None, ...]:
        """The sums, in the order of hidden states and the projection's tensors."""
        return self.hidden, self.weight, self.bias, self.down, self.up

    def add(self, at: slice, rows: Tensor, low: Tensor | None, grad: Tensor, weights: Tensor) -> None:
        """Add those of positions `at`: `grad` (rows, vocabulary) by the logits, times each position's weight."""
        part, weighted = self.part, rows * weights[:, None]
        if self.weight is not None:
            self.weight.addmm_(grad.t(), weighted)
        if self.bias is not None:
            self.bias.addmv_(grad.t(), weights)
        of_low = None
        if low is not None and part.up is not None:
            of_low = (grad @ part.up).mul_(part.scale * weights[:, None])
            if self.up is not None:
                self.up.addmm_(grad.t(), low * weights[:, None], alpha=part.scale)
            if self.down is not None:
                self.down.addmm_(of_low.t(), rows)
        if self.hidden is not None:
            of_rows = multiply(grad, part.weight.t()).mul_(weights[:, None])
            if of_low is not None and part.down is not None:
                of_rows.addmm_(of_low, part.down)
            self.hidden[at] = of_rows[: len(self.hidden[at])]
