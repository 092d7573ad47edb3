"""The option `--column`, which says what a column of a data file holds."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import click

Function = TypeVar("Function", bound=Callable[..., Any])


def column_option(function: Function) -> Function:
    """`--column ROLE=NAME`, as often as wanted; the command gets `columns`, from roles to names."""
    option = click.option(
        "--column",
        "columns",
        multiple=True,
        metavar="ROLE=NAME",
        callback=_read,
        help="What a column holds, such as label=team; may be given several times.",
    )
    return option(function)


def _read(context: click.Context, option: click.Parameter, given: Sequence[str]) -> dict[str, str]:
    pairs = [part.partition("=") for part in given]
    for role, _, name in pairs:
        if not role or not name:
            raise click.BadParameter(f"'{role}' is not ROLE=NAME, for example label=team")
    return {role: name for role, _, name in pairs}
