"""A result in the terminal: the table of systems, the verdict, what was decided on, and where the report lies."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from overtone.cli.output import show_table, visible
from overtone.cli.sections import show_section

DECIDING = (
    "costs",
    "against",
    "learning_curve",
    "consistency",
    "estimate",
)  # sections worth a terminal's lines


def show_result(contents: Mapping[str, Any], folder: Path | None = None) -> None:
    """Print what `report.json` holds, for people; most sections stand in the page alone."""
    from overtone.evaluate.report.contents import from_plain
    from overtone.evaluate.report.rows import heads, rows

    report = from_plain(contents)
    show_table(heads(report), rows(report))
    for sentence in (*report.verdict, *report.warnings):
        click.echo(visible(sentence))
    for section in report.sections:
        if section.name in DECIDING:
            show_section(section)
    if folder and (folder / "report.html").exists():
        click.echo(f"Report: {folder / 'report.html'}")
