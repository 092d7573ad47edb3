"""Change one thing that the bytes depend on, and nothing old is found: a test for each."""

from dataclasses import fields, replace

import pytest
import torch

from overtone.engine.remember import Recipe, Store, make_recipe, remembered
from overtone.engine.remember import recipe as recipes
from overtone.models.base import load_base
from tests.engine.remember.conftest import ROWS, Worker

CHANGES = {
    "base": "other weights",
    "kind": "features",
    "settings": {"depth": 3},
    "layout": "flat",
    "precision": "torch.bfloat16, products highest",
    "device": "cuda",
    "threads": 2,
    "versions": {"torch": "2"},
}


@pytest.fixture
def base(small_base):
    return load_base(str(small_base("llama")))


def of(base, **changes):
    given = {"kind": "states", "settings": {"depth": 1}, "layout": "lean"}
    return make_recipe("base", base.model, **{**given, **changes})


def test_every_field_has_its_mutation():
    assert {field.name for field in fields(Recipe)} == {*CHANGES, "name"}


@pytest.mark.parametrize("changed", CHANGES)
def test_a_change_is_a_miss(open_again, recipe, worker, changed):
    remembered(open_again(), lambda: recipe, ROWS, worker)
    store = open_again()
    remembered(store, lambda: replace(recipe, **{changed: CHANGES[changed]}), ROWS, worker)
    assert (store.account.hits, store.account.misses) == (0, len(ROWS))


@pytest.mark.parametrize("row", [(1, 2, 4), (1, 2), (2, 1, 3), (1, 2, 3, 0)])
def test_another_row_is_a_miss(open_again, recipe, worker, row):
    remembered(open_again(), lambda: recipe, [(1, 2, 3)], worker)
    store = open_again()
    remembered(store, lambda: recipe, [row], worker)
    assert store.account.misses == 1


def test_what_people_call_a_base_does_not_count(open_again, recipe, worker):
    remembered(open_again(), lambda: recipe, ROWS, worker)
    store = open_again()
    remembered(store, lambda: replace(recipe, name="the same, copied"), ROWS, worker)
    assert store.account.hits == len(ROWS)


def test_the_same_base_loaded_again_has_the_same_recipe(base, small_base):
    assert of(base).digest == of(load_base(str(small_base("llama")))).digest


@pytest.mark.parametrize(
    "change",
    [
        lambda model: model.lm_head.weight.data[0, 0].add_(1e-6),
        lambda model: torch.nn.init.normal_(model.model.layers[1].mlp.up_proj.weight),
        lambda model: model.model.norm.weight.data.copy_(model.model.norm.weight.data.flip(0) + 1),
        lambda model: model.model.rotary_emb.inv_freq.mul_(0.5),
        lambda model: model.to(torch.bfloat16),
        lambda model: setattr(model.config, "rms_norm_eps", 1e-3),
        lambda model: setattr(model.model.layers[0].mlp, "extra", torch.nn.Linear(2, 2)),
    ],
    ids=["one number", "a layer", "past the version", "a buffer", "precision", "settings", "adapter"],
)
def test_a_base_changed_in_memory_has_another_recipe(base, change):
    before = of(base).digest
    assert of(base).digest == before
    change(base.model)
    assert of(base).digest != before


def test_the_attention_of_the_padded_layout_counts(base):
    before = of(base, layout="padded").digest
    base.model.set_attn_implementation("eager")
    assert of(base, layout="padded").digest != before


def test_weights_that_swap_places_are_others(base):
    first, second = (layer.mlp.up_proj.weight.data for layer in base.model.model.layers[:2])
    before = of(base).digest
    kept = first.clone()
    first.copy_(second)
    second.copy_(kept)
    assert of(base).digest != before


def test_only_the_modules_that_the_work_runs_through_count(base):
    lower = {"layer": base.model.model.layers[0]}
    before = of(base, modules=lower).digest
    base.model.model.layers[1].mlp.up_proj.weight.data.add_(1)
    assert of(base, modules=lower).digest == before


@pytest.mark.parametrize("package", ["torch", "transformers", "peft"])
def test_another_version_of_a_library_has_another_recipe(base, monkeypatch, package):
    before = of(base).digest
    known = dict(recipes.versions())
    monkeypatch.setattr(recipes, "versions", lambda: {**known, package: "9.9"})
    assert of(base).digest != before


def test_a_changed_line_of_the_engine_has_another_recipe(tmp_path):
    (tmp_path / "part").mkdir()
    source = tmp_path / "part" / "a.py"
    source.write_text("x = 1\n")
    before = recipes._sources(tmp_path)
    source.write_text("x = 2\n")
    assert recipes._sources(tmp_path) != before
    assert len(recipes.versions()["engine"]) == 64


def test_threads_and_precision_of_products_count(base):
    threads = torch.get_num_threads()
    before = of(base).digest
    try:
        torch.set_num_threads(threads + 1)
        assert of(base).digest != before
    finally:
        torch.set_num_threads(threads)
    try:
        torch.set_float32_matmul_precision("medium")
        assert of(base).digest != before
    finally:
        torch.set_float32_matmul_precision("highest")
    assert of(base).digest == before


def test_another_tokenizer_or_template_acts_through_the_tokens(tmp_path, recipe, base):
    """Rows are token ids: a text that is cut otherwise is another row."""
    from overtone.models.text import encode_text

    worker, store = Worker(), Store(tmp_path / "store", 10**9)
    remembered(store, lambda: recipe, [encode_text(base, "hello")], worker)
    base.tokenizer.add_tokens(["hel"])
    remembered(store, lambda: recipe, [encode_text(base, "hello")], worker)
    assert store.account.misses == 2
