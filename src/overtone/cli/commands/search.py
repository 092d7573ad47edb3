"""`overtone search`: try settings of a plan and prove the best."""

from pathlib import Path

import click

from overtone.cli.output import json_option, show_json
from overtone.cli.progress import progress
from overtone.cli.sections import show_section


@click.command("search", short_help="Search the settings of a plan; prove the best on test rows.")
@click.argument("plan", type=click.Path(path_type=Path))
@click.option(
    "--trials", type=click.IntRange(1), help="How many trials; more go on with a search that ended."
)
@click.option("--workers", type=click.IntRange(1), default=1, show_default=True, help="Processes at work.")
@click.option("--storage", metavar="URL", help="A database of trials, such as postgresql://user@host/name.")
@click.option("--set", "overrides", multiple=True, metavar="KEY=VALUE", help="Change a setting of the plan.")
@click.option("--name", help="Name of the run; the plan file's name where absent.")
@json_option
def command(
    plan: Path,
    trials: int | None,
    workers: int,
    storage: str | None,
    overrides: tuple[str, ...],
    name: str | None,
    json_wanted: bool,
) -> None:
    """Try settings of PLAN as its `search` section says, and leave the result in runs/NAME.

    Trials learn from training rows and are judged by validation rows. The best is then scored on the test rows,
    beside the plan as it was, and written as a plan of its own. A search that was interrupted goes on when the
    same command is given again.

    \b
    overtone search plan.yaml --trials 30 --workers 2
    """
    from overtone import api

    with progress() as watch:
        result = api.search(
            plan, overrides=overrides, name=name, trials=trials, workers=workers, storage=storage, watch=watch
        )
    if json_wanted:
        show_json({"folder": result.folder, **result.contents})
        return
    for section in result.found.sections:
        show_section(section)
    click.echo(f"Best plan: {result.folder / 'search' / 'best.yaml'}")
    click.echo(f"Page: {result.folder / 'search.html'}")
