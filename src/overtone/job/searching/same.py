"""The rule of work that goes on: only the same plan over the same rows goes on in a folder that is there."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from overtone.core.errors import UserError
from overtone.runs.difference import differences
from overtone.runs.read import read_json, read_yaml
from overtone.runs.write import write_json, write_text

PLAN, INPUTS = "plan.yaml", "inputs.json"


def refuse_other(
    folder: Path, plain: Mapping[str, Any], inputs: Mapping[str, str], free: Sequence[str] = ()
) -> None:
    """UserError where the folder holds work on another plan or other rows; `free` settings may differ."""
    if not ((folder / PLAN).exists() and (folder / INPUTS).exists()):
        return
    found = list(differences(read_yaml(folder / PLAN), yaml.safe_load(yaml.safe_dump(dict(plain)))))
    found = [line for line in found if not line.startswith(tuple(free))] if free else found
    found += [f"contents of {line}" for line in differences(read_json(folder / INPUTS), dict(inputs))]
    if found:
        changes = "\n".join(f"  {line}" for line in found)
        raise UserError(
            f"The work in {folder} was begun with a different plan:\n{changes}\n"
            "Give this one another --name, or take the changes back."
        )


def write_identity(folder: Path, plain: Mapping[str, Any], inputs: Mapping[str, str]) -> None:
    """Keep what the work is on."""
    write_text(folder / PLAN, yaml.safe_dump(dict(plain), sort_keys=False, allow_unicode=True))
    write_json(folder / INPUTS, dict(inputs))
