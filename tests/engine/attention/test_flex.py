"""FlexAttention's blocks and formulas, traced as its compiler does, give the formula's outputs; kernels need CUDA."""

from collections.abc import Iterator
from typing import Any

import pytest
import torch

from overtone.engine.attention import flex
from overtone.engine.attention.ask import Ask
from overtone.engine.attention.calls import calls_of
from tests.engine.attention.test_attend import HEADS, by_rows, drawn
from tests.engine.attention.test_seen import LONG


@pytest.fixture(autouse=True)
def traced(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The kernel as its trace computes it, all pairs at once."""
    from torch.nn.attention.flex_attention import flex_attention

    kernel = torch.compile(flex_attention, fullgraph=True, backend="eager")
    monkeypatch.setattr(flex, "_kernel", lambda: kernel)
    yield
    torch.compiler.reset()


def ask_of(window: int | None = None, softcap: float | None = None, dropout: float = 0.0) -> Ask:
    return Ask(LONG.segments, calls_of(LONG.segments), True, 0.3, window, softcap, dropout)


@pytest.mark.parametrize("key_heads", [2, 4])
@pytest.mark.parametrize(("window", "softcap"), [(None, None), (3, None), (None, 1.5), (150, 1.5)])
def test_outputs_are_those_of_the_formula(window: int | None, softcap: float | None, key_heads: int) -> None:
    parts = [part.detach() for part in drawn(LONG, key_heads, torch.float32)]
    found = flex.by_flex(*parts, ask_of(window, softcap))
    wanted = by_rows(*parts, LONG, causal=True, scale=0.3, window=window, softcap=softcap)
    assert found.shape == (LONG.segments[-1].end, HEADS, parts[0].shape[2])
    assert torch.allclose(found, wanted, atol=1e-5)


@pytest.mark.parametrize("window", [None, 150])
def test_the_listed_blocks_are_those_of_the_formula(window: int | None) -> None:
    from torch.nn.attention.flex_attention import create_block_mask

    found = flex.block_mask_of(LONG.segments, True, window, torch.device("cpu"))
    length = found.shape[-1]
    wanted = create_block_mask(found.mask_mod, None, None, length, length, "cpu", flex.BLOCK)
    (in_part, whole), (wanted_in_part, wanted_whole) = listed(found), listed(wanted)
    assert whole == wanted_whole and not whole & in_part  # what stands in both lists would count twice
    assert in_part == wanted_in_part if window is None else in_part >= wanted_in_part
    assert len(in_part | whole) < (length // flex.BLOCK) ** 2


def listed(mask: Any) -> list[set[tuple[int, int]]]:
    """The blocks of queries and keys that a mask lists in part, and wholly."""
    return [
        {
            (row, key)
            for row, count in enumerate(counts[0, 0].tolist())
            for key in keys[0, 0, row, :count].tolist()
        }
        for counts, keys in (
            (mask.kv_num_blocks, mask.kv_indices),
            (mask.full_kv_num_blocks, mask.full_kv_indices),
        )
    ]


def test_it_is_never_asked_on_a_cpu() -> None:
    assert not flex.takes(torch.zeros(9, 2, 16), ask_of())
