"""A prefix of an encoder-decoder: keys and values before what its decoder writes, as PEFT computes and keeps them."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import peft
import pytest
import torch
from torch import Tensor
from transformers import AutoConfig, AutoModelForSeq2SeqLM

from overtone.core.errors import UserError
from overtone.engine.activations import check_activations
from overtone.engine.learner import Learner
from overtone.engine.parent import LearnedKeys, parent_of
from overtone.engine.score import learned_log_probabilities, total_log_probability
from overtone.generate.decode import Decoding
from overtone.generate.prompt import read_prompt
from overtone.generate.request import Request
from overtone.methods.prefix import Prefix
from overtone.models.base import load_base
from overtone.train.tune import objective_of, start
from tests.engine.rows import near
from tests.engine.test_encoder_decoder import LEARNED, PAIRS, ROWS, plain
from tests.generate.test_source_rows import SOURCES, build, library_answer
from tests.generate.tiny import collect, ids
from tests.methods.agreement import known_warnings, learned
from tests.small import CONTEXT
from tests.train.rows import tuning

SmallBase = Callable[[str], Path]
both = pytest.mark.parametrize("model_type", ["t5", "bart"])
projections = pytest.mark.parametrize("projection", [None, 16])


def untuned(base: Path) -> Any:
    return AutoModelForSeq2SeqLM.from_pretrained(base, dtype=torch.float32).eval()


def theirs(base: Path, **settings: Any) -> Any:
    """PEFT's own prefix with its own defaults."""
    torch.manual_seed(5)
    config = peft.PrefixTuningConfig(task_type="SEQ_2_SEQ_LM", num_virtual_tokens=7, **settings)
    with known_warnings():
        return peft.get_peft_model(untuned(base), config).eval()


def values(body: Any) -> Tensor:
    with torch.no_grad():
        return learned_log_probabilities(body.eval(), ROWS, LEARNED)[0]


def library_values(body: Any) -> Tensor:
    """The same from the library's own forward pass, a pair at a time."""
    with torch.no_grad():
        return torch.cat([plain(body, *pair) for pair in PAIRS])


@both
@projections
@pytest.mark.parametrize("ours", [True, False])
def test_the_loss_and_its_gradients_are_those_of_the_library(
    small_base: SmallBase, model_type: str, projection: int | None, ours: bool
) -> None:
    base = small_base(model_type)
    own = {"prefix_projection": projection is not None, "encoder_hidden_size": projection}
    body: Any = learned(Prefix(tokens=7, projection=projection), base) if ours else theirs(base, **own)
    wanted = [plain(body.eval(), *pair) for pair in PAIRS]
    found, rows = learned_log_probabilities(body, ROWS, LEARNED)
    assert all(near(found[rows == row], one) for row, one in enumerate(wanted))
    weights = [weight for weight in body.parameters() if weight.requires_grad]
    total = total_log_probability(body, ROWS, LEARNED)
    assert total.item() == pytest.approx(torch.cat(wanted).sum().item(), rel=1e-5)
    pairs = (torch.autograd.grad(one, weights) for one in (total, torch.cat(wanted).sum()))
    for one, other in zip(*pairs, strict=True):
        assert other.norm() > 0
        assert near(one, other, 2e-5)


@both
@projections
def test_plain_peft_loads_what_is_saved(
    small_base: SmallBase, model_type: str, projection: int | None, tmp_path: Path
) -> None:
    base, part = small_base(model_type), Prefix(tokens=5, projection=projection)
    body = learned(part, base)
    part.save(body, tmp_path)
    with known_warnings():
        found = library_values(peft.PeftModel.from_pretrained(untuned(base), str(tmp_path)).eval())
    assert torch.allclose(found, values(body), atol=1e-5)
    assert torch.equal(values(part.load(str(base), tmp_path).model), values(body))
    assert not torch.allclose(found, library_values(untuned(base)), atol=1e-3)


@both
@projections
@pytest.mark.parametrize("goes_on", [True, False])
def test_what_plain_peft_has_written_is_answered_with_and_learned_on(
    small_base: SmallBase, model_type: str, projection: int | None, goes_on: bool, tmp_path: Path
) -> None:
    base = small_base(model_type)
    body = theirs(base, prefix_projection=projection is not None, encoder_hidden_size=projection)
    body.save_pretrained(str(tmp_path))
    if goes_on:
        ours: Any = Prefix(start=str(tmp_path)).started().attach(load_base(str(base)).model, 0)
        assert [name for name, one in ours.named_parameters() if one.requires_grad] == [
            "prompt_encoder.default.embedding.weight"
        ]
    else:
        ours = Prefix().load(str(base), tmp_path).model
    assert torch.allclose(values(ours), library_values(body), atol=1e-5)


@both
@pytest.mark.parametrize("deep", [1, 2, 3, 4])
def test_each_layer_has_keys_of_its_own_that_begin_as_words(
    small_base: SmallBase, model_type: str, deep: int
) -> None:
    """Those that the decoder computes for the words alone, whatever the encoder's depth."""
    name = "num_decoder_layers" if model_type == "t5" else "decoder_layers"
    model: Any = AutoModelForSeq2SeqLM.from_config(
        AutoConfig.from_pretrained(small_base(model_type), **{name: deep})
    )
    model.eval().name_or_path = str(small_base(model_type))
    words = load_base(str(small_base(model_type))).tokenizer("Say it.", add_special_tokens=False)["input_ids"]
    with torch.no_grad():
        cache = model.get_decoder()(input_ids=torch.tensor([words]), use_cache=True).past_key_values
    wanted = [(layer.keys, layer.values) for layer in cache.self_attention_cache.layers]
    body = Prefix(tokens=len(words), text="Say it.").attach(model, 0)
    found = parent_of(body)
    assert isinstance(found, LearnedKeys)
    assert len(wanted) == deep and len(found.layers) == deep + 1 - deep % 2
    for pair, other in zip(found.layers, wanted, strict=False):
        assert all(near(one, two[0].transpose(0, 1)) for one, two in zip(pair, other, strict=True))
    assert near(values(body), library_values(body))


@both
def test_another_row_changes_no_bit(small_base: SmallBase, model_type: str) -> None:
    body = learned(Prefix(tokens=7), small_base(model_type)).eval()
    changed = [row if index != 3 else [7] * (len(row) - 1) + [2] for index, row in enumerate(ROWS)]
    with torch.no_grad():
        (before, rows), (after, _) = (
            learned_log_probabilities(body, one, LEARNED) for one in (ROWS, changed)
        )
    assert torch.equal(before[rows != 3], after[rows != 3])
    assert not torch.equal(before[rows == 3], after[rows == 3])


def begun(model_type: str) -> Any:
    """A model that writes varied answers, behind a prefix that they depend on."""
    body: Any = Prefix(tokens=6).attach(build(model_type), 0)
    torch.manual_seed(3)
    with torch.no_grad():
        for weight in body.prompt_encoder.parameters():
            weight.add_(torch.randn_like(weight))
    return body.eval()


@both
def test_greedy_answers_of_a_ragged_batch_are_the_librarys(model_type: str) -> None:
    body = begun(model_type)
    wanted = [library_answer(body, source, 20) for source in SOURCES]
    decoding = Decoding(body, [Request(source, 20) for source in SOURCES[:3]], CONTEXT)
    written: list[list[int]] = [[], [], [], []]
    with torch.no_grad():
        for step in decoding.step():
            written[step.row].append(step.token.id)
        decoding.join([Request(SOURCES[3], 20)])  # later than the others
        decoding.leave([1])
        for steps in decoding:
            for step in steps:
                written[step.row].append(step.token.id)
    assert [written[row] for row in (0, 2, 3)] == [wanted[row] for row in (0, 2, 3)]
    found, _ = collect(
        Decoding(body.get_base_model(), [Request(source, 20) for source in SOURCES], CONTEXT), 4
    )
    assert all(ids(one) != other for one, other in zip(found, wanted, strict=True))


@both
def test_what_is_written_is_as_likely_read_as_scored(model_type: str) -> None:
    body, (source, target) = begun(model_type), PAIRS[3]
    found = [token.log_probability for token in read_prompt(body, [*source, *target])]
    assert found == pytest.approx(plain(body, source, target).tolist(), abs=2e-4)


@both
def test_an_objective_that_asks_the_encoder_alone_refuses_it(small_base: SmallBase, model_type: str) -> None:
    job = tuning(small_base, model_type, "classify", {"method": "prefix"})
    with pytest.raises(
        UserError,
        match=r"prefix stands before what the decoder writes, and .* the encoder alone: choose prompt or",
    ):
        start(job, objective_of(job))


@both
def test_the_encoder_reads_without_it(small_base: SmallBase, model_type: str) -> None:
    base = small_base(model_type)
    with torch.no_grad():
        found = Learner(learned(Prefix(tokens=7), base)).eval().features(ROWS)
        assert torch.equal(found, Learner(load_base(str(base)).model).eval().features(ROWS))


@pytest.mark.parametrize("model_type", ["t5", "falcon"])
def test_layers_that_are_computed_again_are_refused(small_base: SmallBase, model_type: str) -> None:
    body = Prefix(tokens=3).attach(load_base(str(small_base(model_type))).model, 0)
    with pytest.raises(UserError, match=r"a learned prefix in their cache, .*: choose keep or offload"):
        check_activations("recompute", body)
