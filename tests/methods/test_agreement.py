"""Bodies with a method attached give the same numbers and gradients as the library's own forward pass over them."""

from collections.abc import Callable
from pathlib import Path

import pytest
import torch

from overtone.engine.hidden import plain
from overtone.engine.score import total_log_probability
from overtone.generate.decode import Decoding
from overtone.generate.request import Request
from overtone.methods.method import Method
from tests.methods.agreement import gradients, known_warnings, learned, library_total

SmallBase = Callable[[str], Path]
SETTINGS = {
    "bitfit": {"name": "bitfit"},
    "norms": {"name": "norms"},
    "ia3": {"name": "ia3"},
    "rank-stabilised": {"name": "lora", "rank_stabilised": True, "rank": 4, "alpha": 1.0},
    "houlsby": {"name": "adapter", "kind": "houlsby", "reduction": 4},
    "parallel": {"name": "adapter", "kind": "parallel", "reduction": 4, "scale": 2.0},
    "column": {"name": "column"},
    "dora": {"name": "lora", "dora": True, "rank": 4, "alpha": 1.0},
}
PAIRS = [
    (method, family)
    for method in SETTINGS
    for family in ("llama", "qwen2", "mistral", "smollm3", "gpt2", "gemma3_text")
    if method != "bitfit" or family in ("qwen2", "gpt2")
]
everywhere = pytest.mark.parametrize(("method", "model_type"), PAIRS)
LONG = [
    1,
    *(place * 7 % 250 + 3 for place in range(100)),
]  # so many rows that the engine adds pairs to weights
LENGTHS = {"short": [[1, 30, 31, 32, 2], [1, 50, 51, 2]], "long": [LONG, [1, 60, 2]]}


@everywhere
@pytest.mark.parametrize("length", LENGTHS)
def test_numbers_and_gradients_are_those_of_the_library(
    small_base: SmallBase, method: str, model_type: str, length: str
) -> None:
    body, sequences = (
        learned(Method.model_validate(SETTINGS[method]), small_base(model_type)),
        LENGTHS[length],
    )
    wanted = library_total(body, sequences)
    found = total_log_probability(body, sequences, [[True] * len(row) for row in sequences])
    torch.testing.assert_close(found, wanted, rtol=1e-5, atol=1e-5)
    expected = gradients(body, wanted)
    assert any(grad.abs().max() > 1e-3 for grad in expected.values())
    torch.testing.assert_close(gradients(body, found), expected, rtol=1e-3, atol=1e-4)


@everywhere
def test_it_writes_what_the_library_writes(small_base: SmallBase, method: str, model_type: str) -> None:
    body = learned(Method.model_validate(SETTINGS[method]), small_base(model_type)).eval()
    prompts = [(1, 30, 31, 32), (1, 50)]
    written: dict[int, list[int]] = {0: [], 1: []}
    for steps in Decoding(body, [Request(prompt, 8) for prompt in prompts], 128):
        for step in steps:
            written[step.row].append(step.token.id)
    for prompt, ids in zip(prompts, written.values(), strict=True):
        assert ids == _greedy(body, list(prompt), 8)


def _greedy(body: torch.nn.Module, tokens: list[int], count: int) -> list[int]:
    """The likeliest next token, again and again, without a cache."""
    for _ in range(count):
        with torch.no_grad(), known_warnings():
            logits = plain(body)(input_ids=torch.tensor([tokens]), use_cache=False).logits
        tokens = [*tokens, int(logits[0, -1].argmax())]
    return tokens[-count:]
