"""The name of a run: a plain folder name that no shell, web page or file system can misread."""

import re

from overtone.core.errors import UserError

PATTERN = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,127}")


def check_name(name: str) -> str:
    """Return the name when it may be a folder of its own; UserError otherwise."""
    if PATTERN.fullmatch(name):
        return name
    raise UserError(
        f"'{name}' cannot be the name of a run. Allowed are letters, digits, '.', '_' and '-', "
        "at most 128 of them, a letter or digit first. Give another with --name."
    )
