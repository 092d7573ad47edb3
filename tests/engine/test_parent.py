"""Rows behind a learned parent: logits and gradients are those of PEFT's own model, whatever stands beside a row."""

import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor

from overtone.core.errors import UserError
from overtone.engine.activations import keeping
from overtone.engine.flat import first_position, flat_states
from overtone.engine.pack import pack
from overtone.engine.parent import LearnedRows, parent_of
from overtone.engine.score import total_log_probability
from overtone.engine.states import states
from overtone.methods.beginning import embedding_width, shape_of
from overtone.methods.prefix import keys_of
from overtone.models.attention import make_replaceable, replaced
from overtone.models.base import load_base
from overtone.models.families import FAMILIES
from tests.engine.lean.models import VARIANTS, adapt, make_model, rows
from tests.engine.rows import ROWS, near, tokens

SmallBase = Callable[[str], Path]
LENGTH = 6  # longer than the windows of the small models
ABLE = [name for name, family in FAMILIES.items() if family.kind == "decoder"]
ENCODERS = [name for name, family in FAMILIES.items() if family.kind == "encoder"]
kinds = pytest.mark.parametrize("kind", ["prompt", "prefix", "projected"])
families = pytest.mark.parametrize("model_type", ABLE)


@pytest.fixture(autouse=True)
def _known_warnings() -> Iterator[None]:
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "`is_gradient_checkpointing` is deprecated", FutureWarning)
        yield


def begun(model: Any, kind: str, length: int = LENGTH) -> Any:
    """The model with a learned parent of PEFT's making, its numbers as large as those of tokens."""
    import peft

    shape = shape_of(model, embedding_width(model)) if kind == "prompt" else keys_of(model)
    settings = {**shape, "num_virtual_tokens": length}
    config: Any = peft.PromptTuningConfig(**settings) if kind == "prompt" else None
    if kind != "prompt":
        projected = {"prefix_projection": True, "encoder_hidden_size": 16} if kind == "projected" else {}
        config = peft.PrefixTuningConfig(**settings, **projected)
    torch.manual_seed(4)
    return peft.get_peft_model(model, config).eval()


def library_logits(body: Any, row: list[int]) -> Tensor:
    """What PEFT's own forward pass gives behind each token of a row: (tokens, vocabulary)."""
    logits: Tensor = body(input_ids=torch.tensor([row])).logits[0, -len(row) :]
    return logits


def states_by_hand(body: Any, kind: str, row: list[int]) -> Tensor:
    """What an encoder gives for each token of a row behind its learned parent, alone: (tokens, hidden).

    PEFT's own forward passes set a prompt before the rows of any encoder, a prefix only before those of some.
    """
    if kind == "prompt":
        states: Tensor = body(input_ids=torch.tensor([row])).last_hidden_state[0, -len(row) :]
        return states
    model, layers = body.get_base_model(), [(layer.keys, layer.values) for layer in body.get_prompt(1).layers]
    rest = iter(layers)

    def attention(layer: Any, query: Tensor, key: Tensor, value: Tensor, settings: dict[str, Any]) -> Tensor:
        keys, values = (torch.cat(pair, 2) for pair in zip(next(rest), (key, value), strict=True))
        products = query @ keys.mT * (settings.get("scaling") or query.shape[-1] ** -0.5)
        if settings.get("sliding_window"):
            places = torch.arange(keys.shape[2])
            far = (places[LENGTH:, None] - places).abs() >= settings["sliding_window"]
            products = products.masked_fill(far, -torch.inf)
        return (products.softmax(-1) @ values).transpose(1, 2)

    make_replaceable(model)
    with replaced(attention):
        places = torch.arange(LENGTH, LENGTH + len(row)) + first_position(model)
        found: Tensor = model(input_ids=torch.tensor([row]), position_ids=places[None]).last_hidden_state[0]
    assert next(rest, None) is None
    return found


def gradients(body: Any, total: Tensor) -> list[Tensor]:
    learned = [weight for weight in body.parameters() if weight.requires_grad]
    assert learned
    return list(torch.autograd.grad(total, learned))


def check(body: Any, sequences: list[list[int]], share: bool = True) -> None:
    """Logits of every place and gradients of a weighted sum over all of them equal PEFT's, row by row."""
    stream = pack(sequences, share)
    projection, softcap = body.get_output_embeddings(), getattr(body.config, "final_logit_softcapping", None)
    found = projection(states(body, stream))
    found = found if softcap is None else softcap * torch.tanh(found / softcap)
    wanted = [library_logits(body, row) for row in sequences]
    mine = [found[places] for places in stream.places]
    for one, other in zip(mine, wanted, strict=True):
        assert near(one, other)
    check_gradients(body, mine, wanted)


def check_gradients(body: Any, mine: list[Tensor], wanted: list[Tensor]) -> None:
    """Those of a weighted sum over all places."""
    weights = torch.randn(mine[0].shape[1], generator=torch.Generator().manual_seed(1))
    pairs = [gradients(body, sum((part * weights).sum() for part in parts)) for parts in (mine, wanted)]  # type: ignore[arg-type]
    for one, other in zip(*pairs, strict=True):
        assert other.norm() > 0
        assert near(one, other, 2e-5)


@kinds
@families
@pytest.mark.parametrize("share", [True, False])
def test_logits_and_gradients_are_those_of_the_library(
    small_base: SmallBase, model_type: str, kind: str, share: bool
) -> None:
    check(begun(load_base(str(small_base(model_type))).model, kind), ROWS, share)


@pytest.mark.parametrize(
    ("model_type", "kind"),
    [
        (name, kind)
        for name in ENCODERS
        for kind in ("prompt", "prefix", "projected")
        if FAMILIES[name].flat or kind == "prompt"
    ],
)
def test_in_an_encoder_every_row_has_the_beginning_for_itself(
    small_base: SmallBase, model_type: str, kind: str
) -> None:
    body = begun(load_base(str(small_base(model_type))).model, kind)
    stream = pack(ROWS, share=False)
    found = states(body, stream)
    mine = [found[places] for places in stream.places]
    wanted = [states_by_hand(body, kind, row) for row in ROWS]
    for one, other in zip(mine, wanted, strict=True):
        assert near(one, other)
    check_gradients(body, mine, wanted)


@pytest.mark.parametrize("kind", ["prompt", "prefix"])
def test_rows_that_were_answered_first_can_be_learned_from(small_base: SmallBase, kind: str) -> None:
    body, sequences = begun(load_base(str(small_base("bert"))).model, kind), [tokens(5), tokens(9)]
    with torch.inference_mode():
        answered = states(body, pack(sequences, share=False))
    learned = states(body, pack(sequences, share=False))
    assert torch.equal(learned, answered)
    assert all(part.norm() > 0 for part in gradients(body, learned.square().sum()))


@kinds
@pytest.mark.parametrize("variant", VARIANTS)
def test_what_sets_the_lean_families_apart_is_honoured(variant: str, kind: str) -> None:
    check(begun(make_model(variant), kind), rows())


@kinds
def test_rows_with_a_common_beginning_hang_from_the_parent_itself(kind: str) -> None:
    start = tokens(20)
    check(
        begun(make_model("llama", vocab_size=262, max_position_embeddings=99), kind),
        [start + tokens(4), start + tokens(9)],
    )


@kinds
@pytest.mark.parametrize("model_type", ["llama", "gpt2", "bert"])
def test_a_changed_row_changes_no_bit_of_the_others(
    small_base: SmallBase, model_type: str, kind: str
) -> None:
    body = begun(load_base(str(small_base(model_type))).model, kind)
    changed = [list(row) for row in ROWS]
    changed[3] = [(token + 7) % 200 + 3 for token in changed[3]]
    share = model_type != "bert"
    with torch.no_grad():
        before, after = (states(body, pack(sequences, share)) for sequences in (ROWS, changed))
    places = [pack(sequences, share).places for sequences in (ROWS, changed)]
    for row, (first, second) in enumerate(zip(*places, strict=True)):
        assert torch.equal(before[first], after[second]) == (row != 3)


@kinds
@pytest.mark.parametrize("model_type", ["llama", "gpt2"])
def test_the_loss_of_a_training_step_and_its_gradients_are_exact(
    small_base: SmallBase, model_type: str, kind: str
) -> None:
    body = begun(load_base(str(small_base(model_type))).model, kind)
    learned = [[place % 3 > 0 for place in range(len(row))] for row in ROWS]
    found = total_log_probability(body, ROWS, learned)
    parts = []
    for row, wanted in zip(ROWS, learned, strict=True):
        values = (
            library_logits(body, row)[:-1].log_softmax(-1).gather(1, torch.tensor(row[1:])[:, None])[:, 0]
        )
        parts.append(values[torch.tensor(wanted[1:], dtype=torch.bool)].sum())
    assert found.item() == pytest.approx(sum(part.item() for part in parts), rel=1e-5)
    for one, other in zip(gradients(body, found), gradients(body, torch.stack(parts).sum()), strict=True):
        assert near(one, other, 2e-5)


@kinds
@pytest.mark.parametrize("model_type", ["llama", "gpt2"])
def test_gradients_are_the_same_where_layers_are_computed_again(
    small_base: SmallBase, model_type: str, kind: str
) -> None:
    body = begun(load_base(str(small_base(model_type))).model, kind)
    learned = [[True] * len(row) for row in ROWS]
    wanted = gradients(body, total_log_probability(body, ROWS, learned))
    for module in body.train().modules():
        if isinstance(module, torch.nn.Dropout):
            module.p = 0.0
    with keeping("recompute", body):
        found = gradients(body, total_log_probability(body, ROWS, learned))
    for one, other in zip(found, wanted, strict=True):
        assert near(one, other)


def test_a_soft_prompt_is_computed_once_a_stream(small_base: SmallBase) -> None:
    body, seen = begun(load_base(str(small_base("gpt2"))).model, "prompt"), []
    body.base_model.transformer.h[0].register_forward_pre_hook(
        lambda _, parts: seen.append(parts[0].shape[1])
    )
    stream = pack(ROWS)
    states(body, stream)
    assert seen == [LENGTH + len(stream.tokens)]


def test_a_prefix_takes_no_place_in_the_stream(small_base: SmallBase) -> None:
    body, seen = begun(load_base(str(small_base("gpt2"))).model, "prefix"), []
    body.base_model.transformer.h[0].register_forward_pre_hook(
        lambda _, parts: seen.append(parts[0].shape[1])
    )
    stream = pack(ROWS)
    states(body, stream)
    assert seen == [len(stream.tokens)]


@pytest.mark.parametrize("asked", [None, torch.tensor([5, 0, 5, 80])])
def test_rows_with_a_copy_each_give_the_same_states(small_base: SmallBase, asked: Tensor | None) -> None:
    model, stream = load_base(str(small_base("gpt2"))).model, pack(ROWS, share=False)
    rows = torch.randn(LENGTH, 32, generator=torch.Generator().manual_seed(2))
    shared, copied = (
        LearnedRows(rows, shared=one).states(flat_states, model, stream, asked) for one in (True, False)
    )
    assert near(copied, shared)


def test_dropout_disturbs_the_prompt_of_each_row_in_its_own_way(small_base: SmallBase) -> None:
    body = begun(load_base(str(small_base("gpt2"))).model, "prompt")
    assert parent_of(body).shared  # type: ignore[union-attr]
    assert not parent_of(body.train()).shared


def test_a_body_without_a_learned_beginning_has_no_parent(small_base: SmallBase) -> None:
    assert parent_of(load_base(str(small_base("llama"))).model) is None
    assert parent_of(adapt(make_model("llama"))) is None


def test_a_family_whose_rows_cannot_begin_with_keys_is_refused_in_words(small_base: SmallBase) -> None:
    import peft

    model: Any = load_base(str(small_base("deberta-v2"))).model
    config = peft.PrefixTuningConfig(task_type="FEATURE_EXTRACTION", num_virtual_tokens=LENGTH)
    with pytest.raises(
        UserError,
        match=r"prefix cannot .* family 'deberta-v2', .*: choose the method prompt or lora, .*, gpt2,",
    ):
        states(peft.get_peft_model(model, config), pack(ROWS, share=False))


def test_other_learned_beginnings_of_the_library_are_refused_in_words() -> None:
    import peft

    config = peft.PromptEncoderConfig(task_type="CAUSAL_LM", num_virtual_tokens=3, encoder_hidden_size=8)
    with pytest.raises(
        UserError, match=r"type P_TUNING cannot stand before .*: PROMPT_TUNING, PREFIX_TUNING"
    ):
        states(peft.get_peft_model(make_model("llama"), config), pack(rows()))
