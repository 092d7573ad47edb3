"""`overtone estimate`: what a run would take, from a probe of a few steps and answers."""

from pathlib import Path

import click

from overtone.cli.output import json_option, show_json
from overtone.cli.progress import progress


@click.command("estimate", short_help="Foretell time, memory and disk of a run from a probe.")
@click.argument("plan", type=click.Path(path_type=Path))
@click.option("--set", "overrides", multiple=True, metavar="KEY=VALUE", help="Change a setting of the plan.")
@json_option
def command(plan: Path, overrides: tuple[str, ...], json_wanted: bool) -> None:
    """Try the rivals of PLAN on a few rows and foretell what measuring all of them takes. Nothing is kept.

    Every run does the same before it starts, and shows beside it in its report what it really took.
    """
    from overtone import api
    from overtone.cli.sections import show_section

    with progress() as watch:
        found = api.estimate(plan, overrides=overrides, watch=watch)
    if json_wanted:
        show_json(found.plain())
    else:
        show_section(found.section())
        click.echo(found.told())
