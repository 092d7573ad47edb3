"""Products: as many rows as are compiled for, and no more kinds of them than a few."""

import pytest
import torch

from overtone.engine.lean import product
from overtone.engine.lean.decoder import lean_states
from overtone.engine.pack import pack
from tests.engine.lean.models import make_model

compiles = pytest.mark.skipif(not torch.backends.mkldnn.is_available(), reason="oneDNN is not in this torch")


@compiles
@pytest.mark.parametrize(
    ("count", "further"),
    [(1, 31), (32, 0), (33, 31), (1000, 24), (1023, 1), (1024, 0), (1025, 63), (4000, 32)],
)
def test_rows_are_filled_up_to_a_multiple(count, further):
    assert product.lacking(count, torch.zeros(1)) == further


def test_other_numbers_and_devices_compile_nothing():
    assert product.lacking(33, torch.zeros(1, dtype=torch.bfloat16)) == 0
    assert product.lacking(33, torch.zeros(1, device="meta")) == 0


@compiles
@pytest.mark.parametrize("fewest", [1, 31, 40, 1000, 1024, 2000])
@pytest.mark.parametrize("most", [0, 33, 1024, 1025, 2100])
def test_the_sizes_between_two_numbers_of_rows(fewest, most):
    like = torch.zeros(1)
    met = {count + product.lacking(count, like) for count in range(fewest, most + 1)}
    assert abs(product.sizes(fewest, most, like) - len(met)) <= 1
    assert product.sizes(fewest, most, like.double()) == 0


def test_filled_rows_are_zeros_behind_the_given_ones():
    rows = torch.ones(2, 3)
    assert product.filled(rows, 0) is rows
    assert product.filled(rows, 2).tolist() == [[1.0] * 3] * 2 + [[0.0] * 3] * 2


@compiles
def test_batches_of_all_lengths_ask_for_few_shapes(monkeypatch):
    """Each batch with a shape of its own would be compiled for alone, and all that is compiled is kept."""
    model, seen = make_model("llama", max_position_embeddings=128), set()
    own = torch.mm

    def watched(rows, weight, *more):
        seen.add(len(rows))
        return own(rows, weight, *more)

    monkeypatch.setattr(torch, "mm", watched)
    for length in range(1, 129):
        asked = torch.arange(1 + length // 2)
        states = lean_states(model, pack([[3 + place % 50 for place in range(length)]]), asked)
        assert len(states) == len(asked)
    assert seen == {32, 64, 96, 128}
