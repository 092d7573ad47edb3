"""`overtone init`: from a data file to a first plan."""

import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from overtone.cli.columns import column_option
from overtone.cli.output import json_option, show_json
from overtone.core.errors import UserError

WRITERS = ("answer", "approve", "prefer", "text")  # tasks for which a decoder is drafted


@click.command("init", short_help="Look at a data file and write a first plan.")
@click.argument("data", type=click.Path(path_type=Path))
@click.option("--task", default=None, help="What is to be learned; guessed where absent.")
@click.option("--bar", type=click.FloatRange(0, 1), default=None, help="The score to reach, 0 to 1.")
@click.option(
    "--error-cost", type=click.FloatRange(0), default=None, help="What one wrong answer costs, in money."
)
@click.option("--base", default=None, help="The model to start from.")
@column_option
@click.option("-o", "--output", type=click.Path(path_type=Path), default="plan.yaml", show_default=True)
@json_option
def command(data: Path, columns: Mapping[str, str], output: Path, json_wanted: bool, **given: Any) -> None:
    """Look at DATA, ask what is not given, and write a plan of a few commented lines."""
    from overtone import api
    from overtone.models.locate import refuse_unknown
    from overtone.plan import check_plan, draft_plan
    from overtone.plan.document import parse
    from overtone.runs.write import write_text

    _refuse_place(output)
    if given["base"]:
        refuse_unknown(given["base"])
    seen = api.show_data(data, base=None, task=given["task"], rows=0, columns=columns)
    answers = _answers(seen, given, ask=not json_wanted and sys.stdin.isatty())
    base = _base_from(output, answers.pop("base"))
    text = draft_plan(_from(output, data), base=base, columns=columns, usable=seen["kept"], **answers)
    check_plan(parse(text, "the plan"), "the plan")
    write_text(output, text)
    if json_wanted:
        show_json({"plan": output, "recognised": seen, "base": base, **answers})
    else:
        click.echo(f"{text}\nWritten to {output}. Next: overtone decide {output}")


def _refuse_place(output: Path) -> None:
    if output.exists():
        raise UserError(f"{output} exists; name another file with -o, or remove it first.")
    if not output.parent.is_dir():
        raise UserError(f"{output} cannot be written: there is no folder {output.parent}.")


def _from(plan: Path, path: Path) -> str:
    """A path as the plan names it: relative to the plan's folder, unless it was given in full."""
    return str(path) if path.is_absolute() else os.path.relpath(path, plan.parent)


def _base_from(plan: Path, base: str) -> str:
    """The base as the plan names it: a local folder as a path, any other name as it is."""
    return _from(plan, Path(base)) if (Path(base) / "config.json").is_file() else base


def _answers(seen: Mapping[str, Any], given: Mapping[str, Any], ask: bool) -> dict[str, Any]:
    """What is given as flags, asked where somebody can answer, else what was recognised."""
    if ask:
        click.echo(f"{seen['kept']} of {seen['read']} rows can be used, recognised as {seen['format']}.")
    task = given["task"] or (_ask("Task", seen["task"]) if ask else seen["task"])
    bar, cost = given["bar"], given["error_cost"]
    if ask and bar is None:
        bar = _number(_ask("Score to reach, 0 to 1 (empty: none)", ""))
    if ask and cost is None:
        cost = _number(_ask("Cost of one wrong answer, in money (empty: unknown)", ""))
    base = given["base"] or ("builtin:tiny" if task in WRITERS else "builtin:minilm")
    return {"task": task, "base": base, "bar": bar, "error_cost": cost}


def _ask(question: str, default: str) -> str:
    answer: str = click.prompt(question, default=default, show_default=bool(default), err=True)
    return answer


def _number(answer: str) -> float | None:
    try:
        return float(answer) if answer.strip() else None
    except ValueError:
        raise UserError(f"'{answer}' is not a number.") from None
