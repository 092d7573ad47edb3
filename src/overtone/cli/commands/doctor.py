"""`overtone doctor`: whether this machine has what the work needs."""

from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from overtone.cli.output import json_option, show_json, show_table

if TYPE_CHECKING:
    from overtone.runs.doctor import Check


@click.command("doctor", short_help="Check this machine: packages, memory, disk, bases.")
@click.pass_context
@json_option
def command(context: click.Context, json_wanted: bool) -> None:
    """Check this machine. Exit code 1 where something that is needed is broken."""
    from overtone import api

    checks = api.doctor()
    if json_wanted:
        show_json([asdict(check) for check in checks])
    else:
        show_table(
            ("check", "state", "found"), [(check.name, _state(check), check.found) for check in checks]
        )
    if any(check.needed and not check.ok for check in checks):
        context.exit(1)


def _state(check: "Check") -> str:
    if check.ok:
        return "ok"
    return "BROKEN" if check.needed else "absent"
