"""Reading what a run folder holds; a file that is lost or damaged is told in words."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import yaml

from overtone.core.errors import UserError


def read_json(path: Path) -> Any:
    """The value in a JSON file of a run; UserError where the file is lost or damaged."""
    return _read(path, json.loads)


def read_yaml(path: Path) -> Any:
    """The plain values in a YAML file of a run; UserError where the file is lost or damaged."""
    return _read(path, yaml.safe_load)


def _read(path: Path, parse: Callable[[str], Any]) -> Any:
    try:
        return parse(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        problem = "is missing"
    except (ValueError, yaml.YAMLError):
        problem = "is damaged"
    raise UserError(
        f"{path} {problem}: put it back from a copy, or remove the run's folder and run the plan again."
    )
