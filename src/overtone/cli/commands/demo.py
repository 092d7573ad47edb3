"""`overtone demo`: the whole job on rows written for it, on this machine, offline."""

from pathlib import Path

import click

from overtone.cli.output import json_option, show_json
from overtone.cli.progress import progress
from overtone.cli.result import show_result


@click.command("demo", short_help="Run the whole job on the embedded support e-mails.")
@click.option(
    "--folder",
    type=click.Path(path_type=Path, file_okay=False),
    default="demo",
    show_default=True,
    help="Where its files go.",
)
@click.option(
    "--answer-rows",
    type=click.IntRange(min=1),
    help="E-mails to learn answers from: 320 unless told, 3200 to see tuning win there.",
)
@json_option
def command(folder: Path, answer_rows: int | None, json_wanted: bool) -> None:
    """Write support e-mails and two plans, sort and answer them, and show which system does it best."""
    from overtone import api

    with progress() as watch:
        results = api.demo(folder, watch, answer_rows)
    if json_wanted:
        show_json([{"folder": result.folder, **result.contents} for result in results])
        return
    for result in results:
        show_result(result.contents, result.folder)
