"""Encoder-decoders: what is scored and learned equals the library's own model over each pair alone."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor

from overtone.engine.encoder_decoder import parted
from overtone.engine.score import learned_log_probabilities, log_probabilities, total_log_probability
from overtone.models.base import load_base
from overtone.models.families import FAMILIES
from tests.engine.rows import near, tokens
from tests.small import edit_json, write_base

SmallBase = Callable[[str], Path]
KIND = [name for name, family in FAMILIES.items() if family.kind == "encoder-decoder"]
SIZES = ((9, 4), (30, 1), (2, 12), (9, 7), (1, 3))
PAIRS = [([*tokens(source), 2], [*tokens(target), 2]) for source, target in SIZES]
ROWS = [[*source, *target] for source, target in PAIRS]
LEARNED = [[False] * len(source) + [True] * len(target) for source, target in PAIRS]
everywhere = pytest.mark.parametrize("model_type", KIND)


def plain(model: Any, source: list[int], target: list[int]) -> Tensor:
    """The log-probability of each token of a target, from the library's own labels and full logits: (tokens,)."""
    labels = torch.tensor([target])
    logits = model(input_ids=torch.tensor([source]), labels=labels).logits[0].log_softmax(-1)
    return logits[torch.arange(len(target)), labels[0]]


def loaded(folder: Path) -> Any:
    return load_base(str(folder)).model


@everywhere
def test_a_batch_gives_each_pair_alone_with_its_gradients(small_base: SmallBase, model_type: str) -> None:
    model = loaded(small_base(model_type))
    values, rows = learned_log_probabilities(model, ROWS, LEARNED)
    wanted = [plain(model, *pair) for pair in PAIRS]
    for row, one in enumerate(wanted):
        assert near(values[rows == row], one)
    weights = list(model.parameters())
    total = torch.cat(wanted).sum()
    largest = max(grad.norm() for grad in torch.autograd.grad(total, weights, retain_graph=True))
    for own in (values.sum(), total_log_probability(model, ROWS, LEARNED)):
        found = torch.autograd.grad(own, weights)
        for one, other in zip(found, torch.autograd.grad(total, weights, retain_graph=True), strict=True):
            assert (one - other).norm() <= 1e-5 * (other.norm() + largest / 1000)


@everywhere
def test_equal_sources_are_read_once(small_base: SmallBase, model_type: str) -> None:
    model, (source, _) = loaded(small_base(model_type)), PAIRS[0]
    targets = [target for _, target in PAIRS]
    rows = [*(source + target for target in targets), ROWS[1]]
    learned = [*([False] * len(source) + [True] * len(target) for target in targets), LEARNED[1]]
    read: list[int] = []
    model.get_encoder().register_forward_hook(lambda _, inputs, output: read.append(len(output[0])))
    values, of = learned_log_probabilities(model, rows, learned)
    assert read == [2]
    wanted = [plain(model, source, target) for target in targets] + [plain(model, *PAIRS[1])]
    assert all(near(values[of == row], one) for row, one in enumerate(wanted))
    read.clear()
    model.train()  # each row draws dropout of its own
    learned_log_probabilities(model, rows, learned)
    assert read == [len(rows)]


@everywhere
def test_a_row_changes_no_other_by_a_bit(small_base: SmallBase, model_type: str) -> None:
    model = loaded(small_base(model_type))
    changed = [row if index != 3 else [7] * (len(row) - 1) + [2] for index, row in enumerate(ROWS)]
    with torch.no_grad():
        (before, rows), (after, _) = (
            learned_log_probabilities(model, one, LEARNED) for one in (ROWS, changed)
        )
    assert torch.equal(before[rows != 3], after[rows != 3])
    assert not torch.equal(before[rows == 3], after[rows == 3])


@everywhere
def test_given_continuations_are_scored_whatever_the_batch(small_base: SmallBase, model_type: str) -> None:
    model = loaded(small_base(model_type))
    together, single = log_probabilities(model, PAIRS), log_probabilities(model, PAIRS, batch_tokens=1)
    with torch.no_grad():
        for one, other, pair in zip(together, single, PAIRS, strict=True):
            assert one == pytest.approx(other, abs=1e-5)
            assert one == pytest.approx(plain(model, *pair).tolist(), abs=1e-5)


def test_logits_of_separate_embeddings_are_not_scaled(tmp_path: Path) -> None:
    write_base(tmp_path, "t5")
    edit_json(tmp_path / "config.json", scale_decoder_outputs=False)
    model = loaded(tmp_path)
    assert not model.config.scale_decoder_outputs
    with torch.no_grad():
        values, _ = learned_log_probabilities(model, ROWS, LEARNED)
        assert near(values, torch.cat([plain(model, *pair) for pair in PAIRS]))


def test_a_bias_beside_the_projection_is_added(small_base: SmallBase) -> None:
    model = loaded(small_base("bart"))
    torch.manual_seed(0)
    model.final_logits_bias += torch.randn_like(model.final_logits_bias)
    values, _ = learned_log_probabilities(model, ROWS, LEARNED)
    assert near(values, torch.cat([plain(model, *pair) for pair in PAIRS]))


def test_a_prompt_is_parted_behind_its_first_end(small_base: SmallBase) -> None:
    model = loaded(small_base("t5"))
    assert parted(model, [1, 5, 2, 1, 6, 2]) == ([1, 5, 2], [1, 6, 2])
    assert parted(model, [1, 5]) == ([1, 5], [])
