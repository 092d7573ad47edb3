"""Floating-point operations of a training step: matrix products and attention, what is the least to be done.

A multiplication and an addition are two operations. Norms, gates, the optimizer and the low-rank products (two to
four in a hundred) are not counted, nor is padding, nor the vocabulary where nothing is predicted: a tool that
computes more than these is slower for it, not busier.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from benchmarks.engine.rows import Row, Tokens
from benchmarks.engine.shapes import Shape


@dataclass(frozen=True)
class Span:
    """`tokens` new ones that see each other causally and `context` tokens before them."""

    tokens: int
    context: int = 0

    @property
    def pairs(self) -> float:
        """How many query-key pairs attention has."""
        return self.tokens * self.context + self.tokens * (self.tokens + 1) / 2


def unshared(rows: Sequence[Row]) -> list[Span]:
    """Every sequence for itself."""
    return [Span(len(sequence)) for row in rows for sequence in row.sequences]


def shared(rows: Sequence[Row]) -> list[Span]:
    """Every common beginning once: what each sequence adds to the one before it in dictionary order."""
    spans: list[Span] = []
    before: Tokens = ()
    for sequence in sorted(sequence for row in rows for sequence in row.sequences):
        common = common_beginning(before, sequence)
        spans.append(Span(len(sequence) - common, common))
        before = sequence
    return spans


def common_beginning(one: Tokens, other: Tokens) -> int:
    """How many first tokens two sequences have in common."""
    return next(
        (place for place, pair in enumerate(zip(one, other)) if pair[0] != pair[1]), min(len(one), len(other))
    )


def forward(
    shape: Shape, spans: Iterable[Span], supervised: int, layers: int | None = None
) -> tuple[float, float]:
    """Operations of matrix products and of attention in one forward pass, through the top `layers` layers."""
    spans, depth = list(spans), shape.layers if layers is None else layers
    products = 2.0 * depth * shape.layer_weights * sum(span.tokens for span in spans)
    head = 2.0 * shape.hidden * shape.vocabulary * supervised
    return products + head, 4.0 * depth * shape.hidden * sum(span.pairs for span in spans)


def training(
    shape: Shape,
    spans: Sequence[Span],
    supervised: int,
    full: bool = False,
    learning_layers: int | None = None,
    remembered: bool = False,
    reference: bool = False,
) -> float:
    """Operations of one step.

    The backward pass costs the products once more for the gradient of activations, and once again for that of
    weights where they all learn (`full`); attention's costs twice its forward. Only the top `learning_layers` have
    a backward pass; with `remembered` the layers below have no forward pass either. `reference` adds a forward
    pass of a frozen model.
    """
    top = shape.layers if learning_layers is None else learning_layers
    products, attention = forward(shape, spans, supervised, top)
    total = (3 if full else 2) * products + 3 * attention
    if top < shape.layers and not remembered:
        total += sum(forward(shape, spans, 0, shape.layers - top))
    return total + (sum(forward(shape, spans, supervised)) if reference else 0.0)
