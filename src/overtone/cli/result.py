"""A result in the terminal: the table of systems, the verdict, and where the report lies."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from overtone.cli.output import show_table, visible


def show_result(contents: Mapping[str, Any], folder: Path | None = None) -> None:
    """Print what `report.json` holds, for people."""
    from overtone.evaluate.report.contents import from_plain
    from overtone.evaluate.report.rows import heads, rows

    report = from_plain(contents)
    show_table(heads(report), rows(report))
    for sentence in (*report.verdict, *report.warnings):
        click.echo(visible(sentence))
    if folder and (folder / "report.html").exists():
        click.echo(f"Report: {folder / 'report.html'}")
