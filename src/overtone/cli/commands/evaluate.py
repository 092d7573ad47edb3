"""`overtone evaluate`: a finished run's model on other rows."""

from pathlib import Path

import click

from overtone.cli.output import json_option, show_json
from overtone.cli.progress import progress
from overtone.cli.result import show_result


@click.command("evaluate", short_help="Score a run's model on other rows.")
@click.argument("run", type=click.Path(path_type=Path))
@click.option("--data", type=click.Path(path_type=Path), required=True, help="File with the rows.")
@click.option("--task", metavar="NAME", help="Which of the model's tasks, where it learned several.")
@json_option
def command(run: Path, data: Path, task: str | None, json_wanted: bool) -> None:
    """Score the model of RUN on the rows of a file, with intervals."""
    from overtone import api

    with progress() as watch:
        contents = api.evaluate(run, data, watch=watch, task=task)
    if json_wanted:
        show_json(contents)
    else:
        show_result(contents)
