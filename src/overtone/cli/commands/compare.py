"""`overtone compare`: runs beside each other, and a gate for continuous integration."""

import sys
from pathlib import Path

import click

from overtone.cli.output import json_option, show_json
from overtone.cli.sections import show_section


@click.command("compare", short_help="Compare runs on the same rows; gate them in CI.")
@click.argument("runs", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--fail-below", type=click.FloatRange(0, 1), metavar="SHARE", help="Exit 1 where a run scores less."
)
@click.option("--shown", is_flag=True, help="With --fail-below: the whole interval must reach it.")
@click.option(
    "--no-regression", is_flag=True, help="Exit 1 where a later run is clearly worse than the first."
)
@click.option(
    "--margin",
    type=click.FloatRange(0, 1),
    help="With --no-regression: exit 1 unless a run is shown to be at most this much worse.",
)
@click.option(
    "--html", type=click.Path(path_type=Path, dir_okay=False), help="Write a page with pictures too."
)
@json_option
def command(
    runs: tuple[Path, ...],
    fail_below: float | None,
    shown: bool,
    no_regression: bool,
    margin: float | None,
    html: Path | None,
    json_wanted: bool,
) -> None:
    """Lay the verdicts of RUNS side by side. The first is the reference: others that share test rows with it are
    compared on those rows, paired and corrected for their number.

    \b
    overtone compare runs/today runs/new --no-regression --fail-below 0.9
    """
    from overtone import api

    if margin is not None and not no_regression:
        raise click.UsageError("--margin belongs to --no-regression; give both.")
    if shown and fail_below is None:
        raise click.UsageError("--shown belongs to --fail-below; give both.")
    found = api.compare(runs, fail_below=fail_below, shown=shown, no_regression=no_regression, margin=margin)
    if html:
        found.write_page(html)
    if json_wanted:
        show_json(found.plain())
    else:
        for section in found.sections:
            show_section(section)
        for sentence in found.failures:
            click.echo(f"Gate: {sentence}")
        if html:
            click.echo(f"Page: {html}")
    sys.exit(1 if found.failures else 0)
