"""`overtone predict`: answers for each row of a file."""

from pathlib import Path

import click

from overtone.cli.output import json_option, show_json
from overtone.cli.progress import progress
from overtone.cli.rows import check_destination, write_rows


@click.command("predict", short_help="Answer each row of a file with a run's model.")
@click.argument("run", type=click.Path(path_type=Path))
@click.argument("file", type=click.Path(path_type=Path))
@click.option("-o", "--output", type=click.Path(path_type=Path), required=True, help="A .csv or .jsonl file.")
@click.option("--task", metavar="NAME", help="Which of the model's tasks, where it learned several.")
@json_option
def command(run: Path, file: Path, output: Path, task: str | None, json_wanted: bool) -> None:
    """Answer each row of FILE with the model of RUN.

    The row's own columns stay as they are; prediction, probability and error come behind them, as prediction_2
    and so on where the file has such columns already.

    A .csv file is safe to open in a spreadsheet: a text that a spreadsheet would run as a formula gets a
    leading apostrophe. A .jsonl file holds every text exactly as it is.
    """
    from overtone import api

    check_destination(output, file)
    with progress() as watch:
        rows = api.predict(run, file, watch=watch, task=task)
    write_rows(rows, output)
    if json_wanted:
        show_json({"output": output, "rows": len(rows)})
    else:
        click.echo(f"{len(rows)} rows answered: {output}")
