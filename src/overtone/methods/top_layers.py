"""The top layers of the base and its final norm learn fully, the layers below stay as they are.

With `unfreeze_every` they begin to learn one after the other, from the top down: gradual unfreezing (Howard and Ruder
2018, "Universal Language Model Fine-tuning for Text Classification", arXiv 1801.06146, section 3.3).
"""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, ClassVar

from pydantic import Field

from overtone.core.errors import UserError
from overtone.methods.own_weights import OwnWeights

if TYPE_CHECKING:
    from torch import nn

LAYER = re.compile(r"(?P<stack>[^\d]*\.)(?P<layer>\d+)\.")  # the first number in a path is that of its layer
FINAL_NORM = re.compile(r"(?!embeddings\.)[^\d]*\b(?:norm|ln_f|final_norm|final_layer_norm)\.\w+")


class TopLayers(OwnWeights):
    """The top layers of the base and its final norm learn fully; they may begin one after the other."""

    name: ClassVar[str] = "top_layers"
    also_called: ClassVar[tuple[str, ...]] = ("freeze", "freezing")
    forms: ClassVar[Mapping[str, str]] = {"gradual_unfreezing": "{name: top_layers, unfreeze_every: 1}"}
    learning_rate: ClassVar[float] = 2e-4
    dense: ClassVar[bool] = True

    count: int = Field(2, ge=1, description="how many layers learn, from the top down")
    unfreeze_every: float | None = Field(
        None,
        gt=0,
        le=1,
        description="share of the training after which one more layer begins to learn; all from the start if absent",
    )

    @contextmanager
    def thawed(self, body: "nn.Module", done: float) -> Iterator[None]:
        """Only the layers whose time has come ask for gradients; what has none is not updated."""
        now = self.count if self.unfreeze_every is None else 1 + int(done / self.unfreeze_every + 1e-9)
        wait = [weight for place, weight in self._from_top(body).values() if now <= place < self.count]
        for weight in wait:
            weight.requires_grad_(False)
        try:
            yield
        finally:
            for weight in wait:
                weight.requires_grad_(True)

    def _chosen(self, body: "nn.Module") -> "dict[str, nn.Parameter]":
        found = self._from_top(body)
        layers = 1 + max((place for place, _ in found.values()), default=-1)
        if self.count > layers:
            raise UserError(
                f"stages[0].method.count: {self.count} layers are to learn and the base has {layers}: choose 1 to "
                f"{layers}"
            )
        return {name: weight for name, (place, weight) in found.items() if place < self.count}

    def _from_top(self, body: "nn.Module") -> "dict[str, tuple[int, nn.Parameter]]":
        """The weights of every layer and of the final norm, with how many layers of their stack stand above."""
        weights = dict(body.named_parameters())
        numbers = {name: found for name in weights if (found := LAYER.match(name))}
        tops: dict[str, int] = {}
        for found in numbers.values():
            tops[found["stack"]] = max(tops.get(found["stack"], 0), int(found["layer"]))
        norms = {name: (0, weight) for name, weight in weights.items() if FINAL_NORM.fullmatch(name)}
        return norms | {
            name: (tops[found["stack"]] - int(found["layer"]), weights[name])
            for name, found in numbers.items()
        }

    def _none(self, body: Any) -> UserError:
        return UserError(
            f"stages[0].method: the layers of the family '{body.config.model_type}' have no numbers to tell which is "
            "the top one: choose full or lora"
        )
