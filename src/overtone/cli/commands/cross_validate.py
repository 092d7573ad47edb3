"""`overtone cross-validate`: every technique on every row, by a model that did not see it."""

from pathlib import Path

import click

from overtone.cli.output import json_option, show_json
from overtone.cli.progress import progress
from overtone.cli.sections import show_section


@click.command("cross-validate", short_help="Judge every technique on every row, by folds.")
@click.argument("plan", type=click.Path(path_type=Path))
@click.option(
    "--folds", type=click.IntRange(2), default=5, show_default=True, help="How many parts the rows make."
)
@click.option(
    "--nested", is_flag=True, help="Also search settings inside each fold, as the plan's `search` says."
)
@click.option("--set", "overrides", multiple=True, metavar="KEY=VALUE", help="Change a setting of the plan.")
@click.option("--name", help="Name of the run; the plan file's name where absent.")
@json_option
def command(
    plan: Path, folds: int, nested: bool, overrides: tuple[str, ...], name: str | None, json_wanted: bool
) -> None:
    """Judge every technique of PLAN on every row, by a model that did not see it; leave the result in runs/NAME.

    Each class is dealt evenly to the folds; rows that ask the same, or share a group, stay together. Rows of a
    named test file take no part. What was interrupted goes on when the same command is given again.

    \b
    overtone cross-validate plan.yaml --folds 5
    """
    from overtone import api

    with progress() as watch:
        result = api.cross_validate(
            plan, folds=folds, nested=nested, overrides=overrides, name=name, watch=watch
        )
    if json_wanted:
        show_json({"folder": result.folder, **result.contents})
        return
    for section in result.found.sections:
        show_section(section)
    click.echo(f"Page: {result.folder / 'cross_validation.html'}")
