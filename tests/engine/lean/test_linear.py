"""Linear layers with low-rank pairs equal the plain formula, whether the pair stands beside the weight or in it."""

import pytest
import torch
from torch import Tensor

from overtone.engine.lean.fronts import Nothing
from overtone.engine.lean.linear import linear
from overtone.engine.lean.parts import Part

INPUTS, RANK, SCALE = 24, 4, 1.7


def _parts(dtype: torch.dtype = torch.float64) -> list[Part]:
    """Two layers of unlike width, of which the second has no bias."""
    generator = torch.Generator().manual_seed(5)

    def drawn(*shape: int) -> Tensor:
        return torch.randn(*shape, generator=generator, dtype=dtype)

    return [
        Part(
            drawn(outputs, INPUTS),
            drawn(outputs) if outputs == 40 else None,
            drawn(RANK, INPUTS).requires_grad_(),
            drawn(outputs, RANK).requires_grad_(),
            SCALE,
        )
        for outputs in (40, 16)
    ]


def _plain(rows: Tensor, part: Part) -> Tensor:
    assert part.down is not None and part.up is not None
    output = rows @ part.weight.t() + part.scale * (rows @ part.down.t()) @ part.up.t()
    return output if part.bias is None else output + part.bias


@pytest.mark.parametrize("count", [3, 400])  # beside the weights, and added to them
def test_low_rank_pairs_are_exact_for_few_rows_and_for_many(count: int) -> None:
    """Outputs and all gradients, in double precision."""
    rows = torch.randn(count, INPUTS, generator=torch.Generator().manual_seed(1), dtype=torch.float64)
    results = []
    for own in (True, False):
        given, parts = rows.clone().requires_grad_(), _parts()
        outputs = linear(Nothing(), (given,), parts) if own else [_plain(given, part) for part in parts]
        sum((output.sin().sum() for output in outputs), torch.zeros(())).backward()
        learned = [tensor.grad for part in parts for tensor in (part.down, part.up) if tensor is not None]
        results.append([*outputs, given.grad, *learned])
    for ours, plain in zip(*results, strict=True):
        torch.testing.assert_close(ours, plain, rtol=1e-10, atol=1e-10)


def test_half_precision_keeps_the_pair_beside_the_weight() -> None:
    """A small update added to a bfloat16 weight would be rounded away."""
    heavy = torch.full((16, INPUTS), 256.0, dtype=torch.bfloat16)
    down = torch.full((RANK, INPUTS), 2.0**-6, dtype=torch.bfloat16)
    up = torch.full((16, RANK), 2.0**-4, dtype=torch.bfloat16)
    rows = torch.zeros(400, INPUTS, dtype=torch.bfloat16)
    rows[:, 0], rows[:, 1] = 1, -1  # the heavy weight cancels out
    down = down.clone()
    down[:, 1] = 0  # the update does not
    (output,) = linear(Nothing(), (rows,), [Part(heavy, None, down, up)])
    torch.testing.assert_close(output, torch.full_like(output, RANK * 2.0**-10))
