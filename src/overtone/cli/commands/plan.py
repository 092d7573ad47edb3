"""`overtone plan`: check a plan before anything is loaded, or print the schema of plans."""

from pathlib import Path

import click

from overtone.cli.output import json_option, show_json


@click.group("plan", short_help="Check a plan, or print the schema of plans.")
def command() -> None:
    """Check a plan, or print the schema of plans."""


@command.command("check")
@click.argument("plan", type=click.Path(path_type=Path))
@click.option("--set", "overrides", multiple=True, metavar="KEY=VALUE", help="Change a setting of the plan.")
@json_option
def check(plan: Path, overrides: tuple[str, ...], json_wanted: bool) -> None:
    """Check PLAN and print it with every default resolved."""
    from overtone.plan import read_plan, write_plan

    checked = read_plan(plan, overrides)
    if json_wanted:
        show_json(checked.model_dump(mode="json"))
    else:
        click.echo(write_plan(checked), nl=False)


@command.command("schema")
@json_option
def schema(json_wanted: bool) -> None:
    """Print the JSON schema of a plan; editors use it to complete and check."""
    from overtone.plan import plan_schema

    show_json(plan_schema())
