"""Adapters of requests: mixed in one batch, each row answers as it would alone with its adapter merged."""

import json
from functools import cache

import pytest
import torch

from overtone.core.errors import UserError
from overtone.generate.adapters import Adapter, Pair, adapter_of, read_adapter
from overtone.generate.decode import Decoding
from overtone.generate.request import Request
from tests.generate.tiny import collect, gpt2, ids, llama, reference

# peft 0.21 asks a transformers model for this name, which transformers 5.23 deprecates
pytestmark = pytest.mark.filterwarnings("ignore:`is_gradient_checkpointing` is deprecated:FutureWarning")

CONTEXT = 256
LINEAR = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"]
LONG = tuple(place * 7 % 250 for place in range(90))
PROMPTS = [LONG, (5,), (*LONG[:70], 8), (6, 7), LONG, (9,)]


def wrapped(seed, rank, targets=LINEAR, **settings):
    import peft

    model = peft.get_peft_model(
        llama(context=CONTEXT),
        peft.LoraConfig(target_modules=list(targets), r=rank, lora_alpha=2 * rank, **settings),
    )
    generator = torch.Generator().manual_seed(seed)
    for name, weight in model.named_parameters():
        if "lora_" in name:
            weight.data.normal_(std=0.2, generator=generator)
    return model.eval()


@cache
def models():
    """Five adapters of different rank and reach."""
    return (
        wrapped(1, 4),
        wrapped(2, 16),
        wrapped(3, 2, ["q_proj", "v_proj"]),
        wrapped(4, 20, use_rslora=True),
        wrapped(5, 3, ["down_proj", "lm_head"]),
    )


def requests_of(adapters):
    return [Request(prompt, 30, adapter=adapter) for prompt, adapter in zip(PROMPTS, adapters, strict=True)]


def test_each_row_of_a_mixed_batch_answers_as_with_its_own_adapter_alone():
    base = llama(context=CONTEXT)
    adapters = [*map(adapter_of, models()), None]
    together, _ = collect(Decoding(base, requests_of(adapters), CONTEXT), 6)
    assert [ids(row) for row in together] == [
        reference(model, prompt, 30) for model, prompt in zip([*models(), base], PROMPTS, strict=True)
    ]
    alone = [collect(Decoding(base, [request], CONTEXT), 1)[0][0] for request in requests_of(adapters)]
    assert together == alone  # to the bit, log-probabilities too
    assert len({tuple(ids(row)) for row in together}) == 6


def test_rows_with_one_adapter_and_rows_that_leave():
    base, one, two = llama(context=CONTEXT), adapter_of(models()[0]), adapter_of(models()[1])
    for adapters in ([one] * 6, [one, two, two, one, two, one]):
        requests = [
            Request(prompt, 6 + 5 * row, adapter=adapter)
            for row, (prompt, adapter) in enumerate(zip(PROMPTS, adapters, strict=True))
        ]
        made, _ = collect(Decoding(base, requests, CONTEXT), 6)
        for row, (request, tokens) in enumerate(zip(requests, made, strict=True)):
            model = models()[0] if request.adapter is one else models()[1]
            assert ids(tokens) == reference(model, PROMPTS[row], 6 + 5 * row)


def test_a_wrapped_model_answers_with_its_active_adapter_merged():
    made, _ = collect(Decoding(models()[1], [Request(prompt, 30) for prompt in PROMPTS], CONTEXT), 6)
    assert [ids(row) for row in made] == [reference(models()[1], prompt, 30) for prompt in PROMPTS]
    with models()[1].disable_adapter():
        made, _ = collect(Decoding(models()[1], [Request((5,), 30)], CONTEXT), 1)
    assert ids(made[0]) == reference(llama(context=CONTEXT), (5,), 30)


@pytest.mark.parametrize("index", [0, 2, 3])
def test_an_adapter_read_from_its_folder_equals_the_one_in_memory(tmp_path, index):
    models()[index].save_pretrained(str(tmp_path), save_embedding_layers=False)
    read, held = read_adapter(tmp_path), adapter_of(models()[index])
    assert read.pairs.keys() == held.pairs.keys() and read.rank == held.rank
    for path, pair in read.pairs.items():
        assert torch.equal(pair.down, held.pairs[path].down)
        assert torch.allclose(pair.up, held.pairs[path].up)


def test_what_is_no_plain_adapter_is_refused(tmp_path):
    with pytest.raises(UserError, match=r"holds no adapter: adapter_config\.json is missing"):
        read_adapter(tmp_path)
    models()[0].save_pretrained(str(tmp_path), save_embedding_layers=False)
    settings = json.loads((tmp_path / "adapter_config.json").read_text())
    (tmp_path / "adapter_config.json").write_text(json.dumps({**settings, "use_dora": True}))
    with pytest.raises(UserError, match="an adapter with use_dora True cannot answer beside others"):
        read_adapter(tmp_path)
    with pytest.raises(
        UserError, match=r"the model has no low-rank adapter 'defalt'\. Did you mean 'default'\?"
    ):
        adapter_of(models()[0], "defalt")


def test_an_adapter_of_another_base_is_refused_with_the_place():
    pair = Pair(torch.zeros(4, 32), torch.zeros(32, 4))
    wrong = Adapter({"model.layers.0.self_attn.q_prj": pair})
    with pytest.raises(
        UserError, match=r"no linear layer of the base\. Did you mean 'model\.layers\.0\.self_attn\.q_proj'\?"
    ):
        Decoding(llama(), [Request((1,), 1, adapter=wrong)], 96)
    with pytest.raises(UserError, match="gives 64 values from 32: it belongs to another base"):
        Decoding(llama(), [Request((1,), 1, adapter=Adapter({"model.layers.0.mlp.up_proj": pair}))], 96)
    with pytest.raises(UserError, match="'gpt2' cannot answer with an adapter for each request"):
        Decoding(gpt2(), [Request((1,), 1, adapter=wrong)], 96)
