"""Greedy decoding of every decoder family equals the library's own, in batches of rows of different length."""

import pytest
import torch
from transformers import AutoConfig, AutoModelForCausalLM

from overtone.generate.decode import Decoding
from overtone.generate.lean_rows import LeanRows
from overtone.generate.library_rows import LibraryRows
from overtone.generate.prompt import read_prompt
from overtone.generate.request import Request
from overtone.generate.rows import rows_of
from overtone.models.base import load_base
from overtone.models.families import FAMILIES
from tests.generate.tiny import collect, ids, reference
from tests.small import DECODER, SHAPE, SHAPES, write_base

DECODERS = sorted(name for name, family in FAMILIES.items() if family.kind == "decoder")
CONTEXT = 256
WINDOWED = {"sliding_window": 24, "use_sliding_window": True}
PROMPTS = [
    tuple((3 * place + row) % 250 + 5 for place in range(size))
    for row, size in enumerate((3, 90, 1, 140, 64))
]


def build(model_type, **changes):
    shape = SHAPES.get(model_type, {**SHAPE, **DECODER, "max_position_embeddings": CONTEXT})
    positions = "n_positions" if model_type == "gpt2" else "max_position_embeddings"
    shape = {**shape, positions: CONTEXT, **changes}
    config = AutoConfig.for_model(
        model_type,
        **shape,
        vocab_size=262,
        pad_token_id=0,
        bos_token_id=None,
        eos_token_id=None,
        initializer_range=0.3,
    )
    torch.manual_seed(1)
    return AutoModelForCausalLM.from_config(config).eval()


def check(model):
    made, _ = collect(Decoding(model, [Request(prompt, 40) for prompt in PROMPTS], CONTEXT), len(PROMPTS))
    assert [ids(row) for row in made] == [reference(model, prompt, 40) for prompt in PROMPTS]
    assert len({token for row in made for token in ids(row)}) > 5


@pytest.mark.parametrize("model_type", DECODERS)
def test_greedy_tokens_equal_the_librarys(model_type):
    model = build(model_type)
    assert isinstance(rows_of(model), LeanRows if FAMILIES[model_type].lean else LibraryRows)
    check(model)


def test_caps_and_windows_of_gemma2_are_honoured_in_what_is_told_of_tokens(tmp_path):
    base = load_base(str(write_base(tmp_path, "gemma2")))  # its window is 5 tokens
    eager = AutoModelForCausalLM.from_pretrained(tmp_path, attn_implementation="eager", dtype=torch.float32)
    prompts = [prompt[:100] for prompt in PROMPTS]
    made, _ = collect(Decoding(base.model, [Request(prompt, 20) for prompt in prompts], 128), len(prompts))
    for prompt, row in zip(prompts, made, strict=True):
        whole = [*prompt, *ids(row)]
        with torch.no_grad():
            logits = eager(input_ids=torch.tensor([whole])).logits[0].log_softmax(-1)
        wanted = logits[torch.arange(len(whole) - 1), torch.tensor(whole[1:])].tolist()
        told = [token.log_probability for token in row]
        assert told == pytest.approx(wanted[len(prompt) - 1 :], abs=1e-5)
        assert [token.log_probability for token in read_prompt(base.model, whole)] == pytest.approx(
            wanted, abs=1e-5
        )


@pytest.mark.parametrize("model_type", ["mistral", "qwen2", "qwen3", "smollm3"])
def test_windows_shorter_than_the_rows_are_honoured(model_type):
    model = build(model_type, **(WINDOWED if model_type != "mistral" else {"sliding_window": 24}), **LAYERED)
    assert isinstance(rows_of(model), LeanRows)
    check(model)


LAYERED = {"num_hidden_layers": 3, "max_window_layers": 1}


def test_a_rotation_that_changes_with_length_is_left_to_the_library():
    growing = {"rope_type": "dynamic", "factor": 2.0, "rope_theta": 10000.0}
    model = build("llama", rope_parameters=growing)
    assert isinstance(rows_of(model), LibraryRows)
