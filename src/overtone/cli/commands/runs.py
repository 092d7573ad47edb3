"""`overtone runs`: what was run, and what came of it."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from overtone.cli.output import json_option, show_json, show_table
from overtone.cli.result import show_result

if TYPE_CHECKING:
    from overtone.runs import Run


@click.group("runs", short_help="List runs, or show one.")
def command() -> None:
    """List runs, or show one."""


@command.command("list")
@click.option("--folder", type=click.Path(path_type=Path, file_okay=False), default="runs", show_default=True)
@json_option
def list_(folder: Path, json_wanted: bool) -> None:
    """List all runs, the latest first."""
    from overtone.runs import list_runs

    rows = [_summary(run) for run in list_runs(folder)]
    if json_wanted:
        show_json(rows)
    elif rows:
        show_table(list(rows[0]), [list(row.values()) for row in rows])
    else:
        click.echo(f"No runs in {folder}.")


@command.command("show")
@click.argument("run", type=click.Path(path_type=Path))
@json_option
def show(run: Path, json_wanted: bool) -> None:
    """Show the state of RUN and, when it is finished, its result."""
    from overtone.runs import open_run

    found = open_run(run)
    if json_wanted:
        report = found.report if found.finished else None
        show_json({**_summary(found), "plan": found.plan, "report": report})
        return
    summary = _summary(found)
    show_table(list(summary), [list(summary.values())])
    if found.finished:
        show_result(found.report, found.folder)


def _summary(run: "Run") -> dict[str, Any]:
    state, plan = run.state, run.plan
    return {
        "run": run.name,
        "status": run.status,
        "task": plan["task"]["name"],
        "base": plan["base"],
        "started": state.started,
        "ended": state.ended,
        "reason": state.reason,
    }
