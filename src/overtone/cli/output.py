"""What a command leaves on standard output: a text for people, or one JSON document for programs."""

import json
import unicodedata
from collections.abc import Callable, Sequence
from typing import Any

import click

Function = Callable[..., None]
FILE_WIDTH = 160  # columns of a table that no terminal limits


def json_option(function: Function) -> Function:
    """The option `--json`, the same on every command."""
    option = click.option(
        "--json", "json_wanted", is_flag=True, help="Print one JSON document, nothing else."
    )
    return option(function)


def show_json(value: Any) -> None:
    """Print one JSON document; what is no plain value is written as text."""
    click.echo(json.dumps(value, indent=2, ensure_ascii=False, default=str))


def show_table(heads: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Print rows as a table, as wide as the terminal allows, or wide enough for a file."""
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False)
    for head in heads:
        table.add_column(head, overflow="fold")
    for row in rows:
        table.add_row(*(Text(visible(str(value))) for value in row))
    console = Console()
    if not console.is_terminal:
        console.width = max(console.width, FILE_WIDTH)
    console.print(table)


def visible(text: str) -> str:
    """The text with control characters spelled out, so that none of a stranger's reaches the terminal."""
    return "".join(map(_visible, text))


def _visible(letter: str) -> str:
    if letter.isprintable() or letter == "\n":
        return letter
    return " " if unicodedata.category(letter) == "Zs" else ascii(letter)[1:-1]
