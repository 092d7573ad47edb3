"""`overtone data`: what was recognised in a file, and what the trainer would see of it."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from overtone.cli.columns import column_option
from overtone.cli.output import json_option, show_json, visible


@click.group("data", short_help="Look at a data file as the trainer would.")
def command() -> None:
    """Look at a data file as the trainer would."""


@command.command("show")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--base", default=None, help="Show the tokens that this base would see.")
@click.option("--task", default=None, help="What is to be learned; guessed where absent.")
@column_option
@click.option("-n", "--rows", default=3, show_default=True, type=click.IntRange(0), help="Rows to show.")
@json_option
def show(
    file: Path, base: str | None, task: str | None, columns: Mapping[str, str], rows: int, json_wanted: bool
) -> None:
    """Show what is recognised in FILE: its format, its columns, every row accounted for.

    A plan in place of FILE shows its training file, read as the plan says.
    With --base also the tokens of the first rows: green ones are trained, grey ones only read.
    """
    from overtone import api

    contents = api.show_data(file, base=base, task=task, rows=rows, columns=columns)
    if json_wanted:
        show_json(contents)
        return
    _show_summary(contents)
    if contents["form"]:
        click.echo(contents["form"])
    for example in contents["examples"]:
        _show_example(example)


def _show_summary(contents: Mapping[str, Any]) -> None:
    columns = ", ".join(f"{role} = {column}" for role, column in contents["columns"].items())
    click.echo(f"Recognised as {contents['format']} ({columns}), for the task {contents['task']}.")
    dropped = "".join(f", {count} dropped: {cause}" for cause, count in contents["dropped"].items())
    click.echo(f"{contents['read']} rows read = {contents['kept']} kept{dropped}.")
    if contents["labels"]:
        shown = ", ".join(f"{label} ({count})" for label, count in list(contents["labels"].items())[:10])
        click.echo(
            f"{len(contents['labels'])} labels: {shown}{', ...' if len(contents['labels']) > 10 else ''}"
        )


def _show_example(example: Mapping[str, Any]) -> None:
    click.echo(f"\n{example['source']}")
    click.echo(_coloured(example["pieces"]))
    if example["target"]:
        click.echo(f"-> {example['target']}")
    if example.get("rejected"):
        click.echo(f"not {example['rejected']}")


def _coloured(pieces: Sequence[tuple[str, bool]]) -> str:
    """Tokens as text, the trained ones green, the read ones grey; control characters made visible."""
    shown = ((visible(text), "green" if trained else "bright_black") for text, trained in pieces)
    return "".join(click.style(text, fg=colour) for text, colour in shown)
