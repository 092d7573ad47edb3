"""`overtone decide`: measure whether to fine-tune, without publishing anything."""

from pathlib import Path

import click

from overtone.cli.output import json_option, show_json
from overtone.cli.progress import progress
from overtone.cli.result import show_result


@click.command("decide", short_help="Measure whether to fine-tune: the table, the verdict, the reasons.")
@click.argument("plan", type=click.Path(path_type=Path))
@click.option("--set", "overrides", multiple=True, metavar="KEY=VALUE", help="Change a setting of the plan.")
@click.option("--name", help="Name of the run; the plan file's name where absent.")
@json_option
def command(plan: Path, overrides: tuple[str, ...], name: str | None, json_wanted: bool) -> None:
    """Measure every way to do the task of PLAN on the same test rows, and say whether to fine-tune.

    Leaves table, learning curve, costs, reasons and verdict in runs/NAME. When interrupted, the same command goes
    on. `overtone run` on the same plan publishes the best tuned model and measures nothing again.

    \b
    overtone decide plan.yaml --set decide.machine_cost_per_hour=0.40 --set decide.learning_curve.tuned=true
    """
    from overtone import api

    with progress() as watch:
        result = api.decide(plan, overrides=overrides, name=name, watch=watch)
    if json_wanted:
        show_json({"folder": result.folder, **result.contents})
    else:
        show_result(result.contents, result.folder)
