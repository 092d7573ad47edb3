"""`overtone history`: every task over its models."""

from pathlib import Path

import click

from overtone.cli.output import json_option, show_json
from overtone.cli.sections import show_section


@click.command("history", short_help="Show each task's scores over its runs.")
@click.option("--folder", type=click.Path(path_type=Path, file_okay=False), default="runs", show_default=True)
@click.option(
    "--html", type=click.Path(path_type=Path, dir_okay=False), help="Write a page with pictures too."
)
@json_option
def command(folder: Path, html: Path | None, json_wanted: bool) -> None:
    """Show the finished runs that were judged on the same rows, in order of time, each against the one before."""
    from overtone import api

    found = api.history(folder)
    if html:
        found.write_page(html)
    if json_wanted:
        show_json(found.plain())
        return
    for section in found.sections:
        show_section(section)
    if not found.sections:
        click.echo(f"No two finished runs in {folder} were judged on the same rows.")
    if html:
        click.echo(f"Page: {html}")
