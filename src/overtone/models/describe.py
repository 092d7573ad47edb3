"""What a base is, read from its files without loading it: kind, context, size, chat template."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from overtone.core.errors import UserError, nearest
from overtone.models.families import FAMILIES, Family, Kind
from overtone.models.locate import locate
from overtone.models.trust import check_folder


@dataclass(frozen=True)
class Description:
    """A base before it is loaded. `context` is its longest input in tokens, for an encoder-decoder on each side."""

    name: str
    folder: Path
    model_type: str
    kind: Kind
    context: int
    hidden: int
    has_chat_template: bool


def describe(name: str) -> Description:
    """Describe a base by name; UserError where it is unknown, unsafe, or of a family that is not supported."""
    folder = locate(name)
    check_folder(folder, name)
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    family = _family(name, str(config.get("model_type", "")))
    return Description(
        name=name,
        folder=folder,
        model_type=family.model_type,
        kind=family.kind,
        context=_context(folder, config, family),
        hidden=int(config[family.hidden]),
        has_chat_template=_has_chat_template(folder),
    )


def _family(name: str, model_type: str) -> Family:
    if model_type not in FAMILIES:
        raise UserError(
            f"base '{name}' is of the family '{model_type}', which is not supported.{nearest(model_type, FAMILIES)} "
            f"Supported: {', '.join(FAMILIES)}."
        )
    return FAMILIES[model_type]


def _context(folder: Path, config: dict[str, Any], family: Family) -> int:
    """The smaller of the model's positions and the tokenizer's own limit (which may be absurdly large)."""
    usual = {family.context: family.usual_context} if family.usual_context else {}
    positions = int({**usual, **config}[family.context]) - family.reserved_positions
    path = folder / "tokenizer_config.json"
    limit = json.loads(path.read_text(encoding="utf-8")).get("model_max_length") if path.is_file() else None
    return min(positions, int(limit)) if limit else positions


def _has_chat_template(folder: Path) -> bool:
    path = folder / "tokenizer_config.json"
    inside = path.is_file() and json.loads(path.read_text(encoding="utf-8")).get("chat_template")
    return bool(inside) or (folder / "chat_template.jinja").is_file()
