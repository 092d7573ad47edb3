"""A base with fewer layers: the kept ones as they were, in a folder that loads like any base."""

import pytest
import torch

from overtone.core.errors import UserError
from overtone.models.base import load_base
from overtone.models.families import FAMILIES
from overtone.models.shrink import kept_layers, shrink
from tests.small import CONTEXT


def test_the_kept_layers_are_spread_evenly_from_the_first():
    assert kept_layers(6, 2) == (0, 3)
    assert kept_layers(6, 3) == (0, 2, 4)
    assert kept_layers(12, 5) == (0, 2, 4, 7, 9)


@pytest.mark.parametrize("family", [name for name, one in FAMILIES.items() if one.kind != "encoder-decoder"])
def test_one_layer_of_two_is_kept_and_the_folder_loads(small_base, tmp_path, family):
    whole = load_base(str(small_base(family)))
    assert shrink(str(small_base(family)), 1, tmp_path / "small") == (0,)
    small = load_base(str(tmp_path / "small"))
    assert small.model.config.num_hidden_layers == 1
    assert small.description.context == CONTEXT
    own = dict(whole.model.state_dict())
    kept = small.model.state_dict()
    assert len(kept) < len(own)
    for name, weight in kept.items():
        assert torch.equal(weight, own[name]), name
    with torch.no_grad():
        small.model(input_ids=torch.tensor([[1, 9, 8]]))
    assert small.tokenizer.get_vocab() == whole.tokenizer.get_vocab()
    assert small.description.has_chat_template == whole.description.has_chat_template


def test_what_cannot_be_shrunk_is_refused(small_base, tmp_path):
    base = str(small_base("bert"))
    with pytest.raises(UserError, match="choose 1 to 1"):
        shrink(base, 2, tmp_path / "new")
    with pytest.raises(UserError, match="encoder-decoder"):
        shrink(str(small_base("t5")), 1, tmp_path / "new")
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "file").touch()
    with pytest.raises(UserError, match="not empty"):
        shrink(base, 1, tmp_path / "full")
    assert not (tmp_path / "new").exists()
