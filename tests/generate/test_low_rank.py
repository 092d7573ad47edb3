"""A row's share of its adapter has the same bits whatever adapters stand beside it, at widths that are not round."""

from types import SimpleNamespace

import torch
from torch import nn

from overtone.generate.adapters import Adapter, Pair
from overtone.generate.low_rank import Stack, fit
from overtone.generate.product import Product

INPUTS, WIDTHS = 341, (853, 77)


def network():
    torch.manual_seed(0)
    layers = [(f"layer{index}", nn.Linear(INPUTS, width)) for index, width in enumerate(WIDTHS)]
    return SimpleNamespace(products=[Product("both", layers)], embedding=torch.zeros(1, INPUTS))


def adapter(rank, paths=("layer0", "layer1")):
    widths = dict(zip(("layer0", "layer1"), WIDTHS, strict=True))
    return Adapter({path: Pair(torch.randn(rank, INPUTS), torch.randn(widths[path], rank)) for path in paths})


def test_shares_are_right_and_their_bits_depend_on_no_neighbour():
    inner = network()
    adapters = [adapter(rank) for rank in (1, 3, 16, 20, 40, 7)] + [adapter(5, ["layer1"])]
    fitted = [fit(one, inner) for one in adapters]
    inputs = torch.randn(len(fitted), INPUTS)
    together = torch.zeros(len(fitted), sum(WIDTHS))
    Stack(inner, fitted).add("both", inputs, together)
    for row, (one, held) in enumerate(zip(fitted, adapters, strict=True)):
        for neighbours in ([], [fitted[0]], fitted[:3]):
            alone = torch.zeros(len(neighbours) + 1, sum(WIDTHS))
            Stack(inner, [*neighbours, one]).add("both", inputs[[*range(len(neighbours)), row]], alone)
            assert torch.equal(alone[-1], together[row])
        wanted = torch.zeros(sum(WIDTHS))
        for path, start, end in (("layer0", 0, WIDTHS[0]), ("layer1", WIDTHS[0], sum(WIDTHS))):
            if path in held.pairs:
                wanted[start:end] = held.pairs[path].up @ (held.pairs[path].down @ inputs[row])
        assert torch.allclose(together[row], wanted, rtol=1e-4, atol=1e-3)
