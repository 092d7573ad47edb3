"""Bottleneck adapters as a tuner of PEFT: y + s U f(D x) behind or beside a module that gives y.

Behind it, x is y itself; beside it, x is what the module's sub-layer has read. U is zero at the start. Several active
adapters stand behind one another, in the order in which they are active. A fusion weighs what several others would add.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch
from peft import PeftConfig
from peft.tuners.tuners_utils import BaseTuner, BaseTunerLayer
from torch import Tensor, nn
from torch.nn import functional

from overtone.methods.tuners.register import add_type, register

TYPE = add_type("BOTTLENECK")


@dataclass
class BottleneckConfig(PeftConfig):  # type: ignore[misc]
    """The settings of an adapter. Patterns are of whole paths."""

    width: int = 1
    activation: str = "gelu"  # a name in torch.nn.functional
    dropout: float = 0.0  # of the inner activations
    scale: float = 1.0
    target_modules: str | None = None  # what it stands behind or beside, and the modules that it listens to
    listens: str | None = None  # beside a sub-layer: the modules that read the sub-layer's input
    exclude_modules: str | None = None
    fuses: list[str] | None = (
        None  # a fusion: the names of the adapters that it weighs; it has no width of its own
    )

    def __post_init__(self) -> None:
        super().__post_init__()
        self.peft_type = TYPE


class Heard:
    """What a sub-layer has read, on its way to the adapter beside it."""

    rows: Tensor | None = None


class Ear(nn.Module, BaseTunerLayer):  # type: ignore[misc]
    """A module whose input the adapter beside its sub-layer reads too."""

    def __init__(self, base_layer: nn.Module) -> None:
        super().__init__()
        self.base_layer, self.heard = base_layer, Heard()

    def forward(self, rows: Tensor, *others: Any, **named: Any) -> Any:
        """What the module gives."""
        self.heard.rows = rows
        base: Any = self.base_layer
        return base(rows, *others, **named)


class Bottleneck(nn.Module, BaseTunerLayer):  # type: ignore[misc]
    """A module with adapters behind or beside it; `heard` is what its sub-layer reads, if another module hears it."""

    adapter_layer_names = ("bottleneck_down", "bottleneck_up", "bottleneck_fusion")
    other_param_names = ("settings",)
    active_adapters: list[str]  # these three are PEFT's
    disable_adapters: bool
    _move_adapter_to_device_of_base_layer: Callable[[str], None]

    def __init__(self, base_layer: nn.Module) -> None:
        super().__init__()
        self.base_layer = base_layer
        self.bottleneck_down, self.bottleneck_up = nn.ModuleDict(), nn.ModuleDict()
        self.bottleneck_fusion = nn.ModuleDict()
        self.settings: dict[str, BottleneckConfig] = {}
        self.heard: Heard | None = None

    def add(self, name: str, config: BottleneckConfig, hidden: int) -> None:
        """A further adapter; D is drawn, its bias, U and U's bias are zero."""
        self.settings[name] = config
        if config.fuses is not None:
            self.bottleneck_fusion[name] = Fusion(hidden)
        else:
            down, up = nn.Linear(hidden, config.width), nn.Linear(config.width, hidden)
            for weight in (down.bias, up.weight, up.bias):
                nn.init.zeros_(weight)
            self.bottleneck_down[name], self.bottleneck_up[name] = down, up
        self._move_adapter_to_device_of_base_layer(name)

    def forward(self, rows: Tensor, *others: Any, **named: Any) -> Tensor:
        """What the module gives, changed by every active adapter in turn."""
        base: Any = self.base_layer
        states: Tensor = base(rows, *others, **named)
        read = rows if self.heard is None else self.heard.rows
        if self.heard is not None:
            self.heard.rows = None
        for name in () if self.disable_adapters else filter(self.settings.__contains__, self.active_adapters):
            states = states + self._change(
                name, states, states if self.settings[name].listens is None else read
            )
        return states

    def _change(self, name: str, states: Tensor, rows: Any) -> Tensor:
        """s U f(D x), or the weighed sum of what others would add."""
        settings = self.settings[name]
        if settings.fuses is not None:
            changes = torch.stack([self._change(other, states, rows) for other in settings.fuses])
            fused: Tensor = self.bottleneck_fusion[name](states, changes)
            return fused
        inner = getattr(functional, settings.activation)(self.bottleneck_down[name](rows))
        inner = functional.dropout(inner, settings.dropout, self.training)
        change: Tensor = self.bottleneck_up[name](inner)
        return change * settings.scale


class Fusion(nn.Module):
    """Attention over adapters: sum over i of w_i V a_i, with w = softmax over i of (Q y) . (K a_i).

    y (..., hidden) is what stands before the adapters, a (adapters, ..., hidden) what each would add. V is the identity
    at the start.
    """

    def __init__(self, hidden: int) -> None:
        super().__init__()
        self.query, self.key = nn.Linear(hidden, hidden), nn.Linear(hidden, hidden)
        self.value = nn.Linear(hidden, hidden, bias=False)
        nn.init.eye_(self.value.weight)

    def forward(self, states: Tensor, changes: Tensor) -> Tensor:
        """What is added: (..., hidden)."""
        products = (self.query(states) * self.key(changes)).sum(-1, keepdim=True)
        total: Tensor = (products.softmax(0) * self.value(changes)).sum(0)
        return total


class BottleneckModel(BaseTuner):  # type: ignore[misc]
    """Puts the adapters into a model; the modules of a sub-layer are met in the order in which they compute."""

    prefix = "bottleneck_"
    tuner_layer_cls = Bottleneck
    target_module_mapping: dict[str, list[str]] = {}  # noqa: RUF012
    _replace_module: Callable[..., None]

    def _create_and_replace(
        self,
        config: BottleneckConfig,
        adapter_name: str,
        target: Any,
        target_name: str,
        parent: nn.Module,
        current_key: str,
        **others: Any,
    ) -> None:
        behind = config.listens is None or not re.fullmatch(config.listens, current_key)
        whole = config.listens is not None and config.target_modules == config.listens
        kind = Bottleneck if behind or whole else Ear
        module: Any = target if isinstance(target, kind) else kind(target)
        if module is not target:
            self._replace_module(parent, target_name, module, target)
        if isinstance(module, Ear):
            self._heard: Heard = module.heard
            return
        if config.listens is not None and not whole:
            module.heard = self._heard
        module.add(adapter_name, config, self.model.config.hidden_size)
        module.set_adapter(self.active_adapters, inference_mode=config.inference_mode)


register("bottleneck", BottleneckConfig, BottleneckModel)
