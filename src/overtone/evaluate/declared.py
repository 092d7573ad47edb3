"""Python that a plan names: a user's own file, loaded once a process, its errors told in a sentence."""

import importlib.util
import sys
import traceback
from functools import lru_cache
from hashlib import blake2b
from pathlib import Path
from types import ModuleType
from typing import Any

from overtone.core.errors import UserError
from overtone.core.part import Part
from overtone.core.task import Named
from overtone.models.locate import lasting_name


def declared(family: type[Part], named: object) -> object:
    """What a plan names, after a `file` that declares the part is loaded.

    A part that has a setting `file` of its own reads the file itself.
    """
    if not is_declared(family, named):
        return named
    assert isinstance(named, dict)
    load_python(str(named["file"]))
    return {key: value for key, value in named.items() if key != "file"}


def is_declared(family: type[Part], named: object) -> bool:
    """Whether a part is declared in a user's file rather than in the family's package."""
    if not isinstance(named, dict) or "file" not in named:
        return False
    known = family.all().get(str(named.get("name")))
    return known is None or "file" not in known.model_fields


def with_lasting_paths(named: Named, folder: Path) -> Named:
    """What a plan names with its `file` and `base` by names that mean the same from anywhere."""
    if isinstance(named, str):
        return named
    lasting = dict(named)
    if isinstance(named.get("file"), str):
        lasting["file"] = str((folder / named["file"]).absolute())
    if isinstance(named.get("base"), str):
        lasting["base"] = lasting_name(named["base"], folder)
    return lasting


@lru_cache(maxsize=64)
def load_python(file: str) -> ModuleType:
    """The module in a file. UserError with the line where the file does not hold or its code fails."""
    path = Path(file)
    if not path.is_file():
        raise UserError(f"there is no file {path}, which the plan names for a metric or an extractor.")
    name = f"overtone_declared_{blake2b(file.encode(), digest_size=8).hexdigest()}"
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise UserError(f"{path} is no Python file; its name ends with .py.")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module  # classes look their module up there
    try:
        spec.loader.exec_module(module)
    except Exception as error:
        sys.modules.pop(name, None)
        raise told(error, path) from None
    return module


def told(error: Exception, path: Path) -> UserError:
    """An error of the user's own code in one sentence: file, line, kind, message."""
    lines = [
        frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == str(path)
    ]
    line: Any = error.lineno if isinstance(error, SyntaxError) else lines[-1] if lines else None
    place = f"{path}, line {line}" if line else str(path)
    return UserError(f"{place}: {type(error).__name__}: {getattr(error, 'msg', None) or error}.")
