"""`overtone run`: measure the rivals, tune, prove, check parity, report."""

from pathlib import Path

import click

from overtone.cli.output import json_option, show_json
from overtone.cli.progress import progress
from overtone.cli.result import show_result


@click.command("run", short_help="Run a plan: measure rivals, tune, prove, report.")
@click.argument("plan", type=click.Path(path_type=Path))
@click.option("--set", "overrides", multiple=True, metavar="KEY=VALUE", help="Change a setting of the plan.")
@click.option("--name", help="Name of the run; the plan file's name where absent.")
@json_option
def command(plan: Path, overrides: tuple[str, ...], name: str | None, json_wanted: bool) -> None:
    """Run PLAN and leave its result in runs/NAME.

    A run that was interrupted goes on when the same command is given again.

    \b
    overtone run plan.yaml --set stages.0.method=lora --set stages.0.method.rank=16 --name rank16
    """
    from overtone import api

    with progress() as watch:
        result = api.run(plan, overrides=overrides, name=name, watch=watch)
    if json_wanted:
        show_json({"folder": result.folder, **result.contents})
    else:
        show_result(result.contents, result.folder)
