"""AdapterFusion: one adapter passes unchanged, several are weighed, and they stay as they are."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from torch.nn.functional import gelu

from overtone.core.errors import UserError
from overtone.methods.adapter import Adapter
from overtone.methods.fusion import Fusion
from overtone.methods.lora import Lora
from overtone.models.base import load_base
from tests.methods.agreement import after_training, learned, scores

SmallBase = Callable[[str], Path]
kinds = pytest.mark.parametrize("kind", ["pfeiffer", "houlsby", "parallel"])


def finished(base: Path, folder: Path, count: int, kind: str = "pfeiffer") -> list[str]:
    """Adapters of different width that have learned different things."""
    folders = []
    for place in range(count):
        method = Adapter(kind=kind, width=3 + place)
        method.save(learned(method, base, seed=place), folder / f"{place}")
        folders.append(str(folder / f"{place}"))
    return folders


@kinds
@pytest.mark.parametrize("model_type", ["llama", "gpt2"])
def test_one_adapter_passes_unchanged(
    small_base: SmallBase, kind: str, model_type: str, tmp_path: Path
) -> None:
    base = small_base(model_type)
    (folder,) = finished(base, tmp_path, 1, kind)
    alone = scores(Adapter(kind=kind).load(str(base), Path(folder)).model)
    body = Fusion(adapters=[folder]).attach(load_base(str(base)).model, 0).eval()
    assert torch.allclose(scores(body), alone, atol=1e-5)


def test_the_formula_over_two_adapters(small_base: SmallBase, tmp_path: Path) -> None:
    folders = finished(small_base("llama"), tmp_path, 2)
    body: Any = learned(Fusion(adapters=folders), small_base("llama")).eval()
    layer = body.get_base_model().model.layers[1].mlp.down_proj
    torch.manual_seed(2)
    rows = torch.randn(3, 64)
    fusion = layer.bottleneck_fusion["default"]
    with torch.no_grad():
        states = layer.base_layer(rows)
        changes = [
            layer.bottleneck_up[name](gelu(layer.bottleneck_down[name](states)))
            for name in ("fused_0", "fused_1")
        ]
        products = [(fusion.query(states) * fusion.key(change)).sum(-1) for change in changes]
        weights = torch.stack(products).softmax(0)
        wanted = states + sum(w[:, None] * fusion.value(a) for w, a in zip(weights, changes, strict=True))
        assert torch.allclose(layer(rows), wanted, atol=1e-5)


@kinds
def test_the_weighing_alone_learns_and_all_is_kept_together(
    small_base: SmallBase, kind: str, tmp_path: Path
) -> None:
    base, folders = small_base("llama"), finished(small_base("llama"), tmp_path / "first", 2, kind)
    method = Fusion(adapters=folders)
    first = scores(method.attach(load_base(str(base)).model, 0).eval()).sum()
    body = after_training(method, base).eval()
    assert scores(body).sum() > first + 0.1
    learns = {name for name, weight in body.named_parameters() if weight.requires_grad}
    assert learns == {name for name, _ in body.named_parameters() if ".bottleneck_fusion." in name}
    method.save(body, tmp_path / "fused")
    (tmp_path / "first").rename(tmp_path / "gone")
    loaded = method.load(str(base), tmp_path / "fused").model
    assert torch.equal(scores(loaded), scores(body))


def test_what_cannot_be_fused_is_refused(small_base: SmallBase, tmp_path: Path) -> None:
    base = small_base("llama")
    pfeiffer, other = finished(base, tmp_path / "a", 1), finished(base, tmp_path / "b", 1, "houlsby")
    high, lora = Adapter(base_adapter=pfeiffer[0]), Lora(rank=2)
    high.save(learned(high, base), tmp_path / "high")
    lora.save(lora.attach(load_base(str(base)).model, 0), tmp_path / "lora")

    def attach(*folders: str) -> None:
        Fusion(adapters=list(folders)).attach(load_base(str(base)).model, 0)

    with pytest.raises(
        UserError, match="adapters: the adapters stand in different places: give adapters of one"
    ):
        attach(*pfeiffer, *other)
    with pytest.raises(UserError, match="that builds upon others cannot be fused"):
        attach(*pfeiffer, str(tmp_path / "high"))
    with pytest.raises(UserError, match="of the type LORA; only what the method 'adapter' made"):
        attach(str(tmp_path / "lora"))
    with pytest.raises(UserError, match=r"adapters: .* holds no finished adapter"):
        attach(str(tmp_path / "nowhere"))
    with pytest.raises(UserError, match="'fusion' learns is not linear and cannot be merged"):
        Fusion(adapters=pfeiffer).merge(load_base(str(base)).model)
