"""`overtone bases`: several base models compared on a plan's own rows."""

from pathlib import Path

import click

from overtone.cli.output import json_option, show_json
from overtone.cli.progress import progress
from overtone.cli.sections import show_section


@click.command("bases", short_help="Compare base models on a plan's rows, without tuning.")
@click.argument("plan", type=click.Path(path_type=Path))
@click.option(
    "--candidates", required=True, help="Other bases, separated by commas: builtin, folder or hub id."
)
@click.option("--html", type=click.Path(path_type=Path, dir_okay=False), help="Write a page too.")
@json_option
def command(plan: Path, candidates: str, html: Path | None, json_wanted: bool) -> None:
    """Compare PLAN's base with other candidates: context, licence, size, memory, speed, how many tokens they make of
    the plan's texts, and quality without tuning on the validation rows.

    \b
    overtone bases plan.yaml --candidates builtin:minilm,./my-encoder
    """
    from overtone import api

    names = [name.strip() for name in candidates.split(",") if name.strip()]
    with progress() as watch:
        found = api.bases(plan, names, watch=watch)
    if html:
        found.write_page(html)
    if json_wanted:
        show_json(found.plain())
        return
    for section in found.sections:
        show_section(section)
    if html:
        click.echo(f"Page: {html}")
