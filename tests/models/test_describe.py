"""Bases are described, and refused, from their files alone."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from overtone.core.errors import UserError
from overtone.models.describe import describe
from overtone.models.families import FAMILIES
from tests.small import CONTEXT, edit_json, write_base

SmallBase = Callable[[str], Path]


@pytest.mark.parametrize("model_type", FAMILIES)
def test_every_family_is_described(small_base: SmallBase, model_type: str) -> None:
    found = describe(str(small_base(model_type)))
    assert (found.model_type, found.kind) == (model_type, FAMILIES[model_type].kind)
    assert (found.context, found.hidden, found.has_chat_template) == (CONTEXT, 32, True)


def test_the_guide_names_every_family() -> None:
    guide = (Path(__file__).parents[2] / "docs" / "how-to" / "hub_model.md").read_text()
    assert FAMILIES.keys() <= set(re.findall(r"[\w-]+", guide))


def test_the_embedded_encoder_is_described() -> None:
    found = describe("builtin:minilm")
    assert (found.kind, found.hidden, found.has_chat_template) == ("encoder", 384, False)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("builtin:minilmm", "no base is called 'builtin:minilmm'. Did you mean 'builtin:minilm'?"),
        ("nowhere", "Allowed: builtin:minilm, builtin:tiny, a local folder with a config.json, or a hub id"),
    ],
)
def test_an_unknown_base_is_refused(name: str, said: str) -> None:
    with pytest.raises(UserError) as refused:
        describe(name)
    assert said in str(refused.value)


def test_a_hub_id_that_cannot_be_fetched_is_refused_in_words() -> None:
    with pytest.raises(UserError, match="could not be fetched from the hub"):
        describe("nobody/no-such-model")


@pytest.fixture
def spoilt(tmp_path: Path) -> Path:
    return write_base(tmp_path / "base", "bert")


def test_remote_code_is_refused(spoilt: Path) -> None:
    edit_json(spoilt / "config.json", text_config={"auto_map": {"AutoModel": "evil.Model"}})
    with pytest.raises(
        UserError, match=r"config.json asks for remote code \('auto_map'\), which is never run"
    ):
        describe(str(spoilt))


def test_a_python_file_is_refused(spoilt: Path) -> None:
    (spoilt / "modeling_evil.py").write_text("raise SystemExit")
    with pytest.raises(UserError, match=r"brings its own code \(modeling_evil.py\)"):
        describe(str(spoilt))


def test_pickled_weights_are_refused(spoilt: Path) -> None:
    (spoilt / "model.safetensors").rename(spoilt / "pytorch_model.bin")
    with pytest.raises(
        UserError, match=r"only pickled weights \(pytorch_model.bin\): Overtone loads safetensors only"
    ):
        describe(str(spoilt))


def test_a_family_without_support_is_refused(spoilt: Path) -> None:
    edit_json(spoilt / "config.json", model_type="berd")
    with pytest.raises(UserError, match=r"of the family 'berd', which is not supported. Did you mean 'bert'"):
        describe(str(spoilt))


def test_a_broken_config_is_refused(spoilt: Path) -> None:
    (spoilt / "tokenizer_config.json").write_text("{")
    with pytest.raises(UserError, match=r"tokenizer_config.json is not valid JSON"):
        describe(str(spoilt))
