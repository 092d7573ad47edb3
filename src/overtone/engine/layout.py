"""Which layout a model takes for its rows, and why: `lean`, `flat` or `padded`."""

from dataclasses import dataclass
from typing import Any

from overtone.engine.column import columns_of
from overtone.engine.hidden import plain
from overtone.models.families import FAMILIES


@dataclass(frozen=True)
class Layout:
    """A layout by name, with the reason in words, for a run's report."""

    name: str
    reason: str


def layout_of(body: Any) -> Layout:
    """The layout of a body, adapted or not."""
    family = FAMILIES.get(plain(body).config.model_type)
    if family is None:
        return Layout("padded", "the family is not known to take rows without padding")
    if family.kind == "encoder-decoder":
        return Layout("padded", f"{family.model_type} reads sources and writes targets, each padded")
    if not family.flat:
        return Layout("padded", f"{family.model_type} computes attention in code of its own")
    if family.lean and not columns_of(plain(body)):
        return Layout(
            "lean", f"{family.model_type} is shaped as Llama: its own formulas need less work a token"
        )
    return Layout("flat", f"the attention of {family.model_type} can be replaced: rows run without padding")


def shares_beginnings(body: Any) -> bool:
    """Whether rows that begin alike may compute their beginning once."""
    if layout_of(body).name == "padded":
        return False
    if FAMILIES[plain(body).config.model_type].kind != "decoder":
        return False  # in an encoder what follows changes what comes before
    # Each row draws its own dropout: a shared beginning would be disturbed in the same way in all of its rows.
    return not drops(body)


def drops(body: Any) -> bool:
    """Whether dropout is active; attention, and all else in some families, has its rate in the configuration alone."""
    from torch import nn

    if any(module.training and module.p > 0 for module in body.modules() if isinstance(module, nn.Dropout)):
        return True
    settings = plain(body).config.to_dict()
    return bool(
        body.training
        and any(settings[name] for name in settings if "dropout" in name and not _of_a_head(name))
    )


def _of_a_head(setting: str) -> bool:
    """Whether a setting is of the library's own heads over states, which are never used."""
    return setting.startswith(("classifier", "summary"))
