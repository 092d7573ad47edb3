"""`overtone safety`: toxicity, bias and refusals of a run's model, and rows that lessen them."""

from pathlib import Path
from typing import Any

import click

from overtone.cli.output import json_option, show_json
from overtone.cli.progress import progress
from overtone.cli.rows import check_destination, write_rows
from overtone.cli.sections import show_section

FILE = click.Path(path_type=Path)


class RunOrCommand(click.Group):
    """A group whose first word is one of its commands, or else a run to be measured."""

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        """The command of that name; any other name is that of a run."""
        return super().get_command(context, name) or measure

    def resolve_command(
        self, context: click.Context, arguments: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Keep the name of a run as the argument of `measure`."""
        if arguments[0] in self.commands or arguments[0].startswith("-"):
            return super().resolve_command(context, arguments)
        return "RUN", measure, arguments


@click.group(
    "safety",
    cls=RunOrCommand,
    short_help="Measure toxicity, bias and refusals of a run's model.",
    subcommand_metavar="RUN [OPTIONS] | COMMAND [ARGS]...",
)
def command() -> None:
    """Measure toxicity, bias and refusals of the model of RUN, before tuning and after.

    The sections are printed and put into the run's report. Options of a run: overtone safety measure --help.

    \b
    overtone safety my_run --toxicity toxicity
    """


@command.command("measure", short_help="Measure a run; may be left out.")
@click.argument("run", type=FILE)
@click.option("--folder", type=FILE, help="Folder of the run's plan, whose rows are read again.")
@click.option("--toxicity", type=FILE, help="Folder of a toxicity classifier, for written answers.")
@click.option(
    "--rows", type=click.IntRange(1), help="Test rows asked on each axis at most; 300 where absent."
)
@json_option
def measure(
    run: Path, folder: Path | None, toxicity: Path | None, rows: int | None, json_wanted: bool
) -> None:
    """Measure the model of RUN; `overtone safety RUN` is short for it."""
    from overtone import api

    with progress() as watch:
        found = api.safety(run, folder=folder, toxicity=toxicity, rows=rows, watch=watch)
    if json_wanted:
        show_json(found.plain())
        return
    for section in found.sections:
        show_section(section)


@command.command("train-toxicity", short_help="Train a toxicity classifier on labelled texts.")
@click.argument("file", type=FILE)
@click.option("-o", "--output", type=FILE, required=True, help="Folder for the classifier.")
@click.option(
    "--harmless", multiple=True, default=("neither",), show_default=True, help="A label that is not toxic."
)
@click.option("--validation", type=FILE, help="File with validation rows; else a share of FILE.")
@click.option("--test", type=FILE, help="File with test rows; else a share of FILE.")
@click.option("--name", help="What the data are called in reports; the file's folder or name where absent.")
@click.option("--seed", type=click.IntRange(0), default=0, show_default=True, help="Of the split.")
@json_option
def train_toxicity(file: Path, output: Path, json_wanted: bool, **options: Any) -> None:
    """Train a toxicity classifier on the labelled texts of FILE, and judge it on test rows.

    Such data carry the bias of the people who labelled them: texts in some dialects are marked more often. Every
    report names the data and the quality of the classifier.
    """
    from overtone.job.safety.toxicity import plain
    from overtone.job.safety.toxicity import train_toxicity as train

    with progress() as watch:
        quality = plain(train(file, output, watch=watch, **options))
    if json_wanted:
        show_json({"output": output, **quality})
        return
    click.echo(f"{output}: {quality['named']}")
    for measure_of in ("precision", "recall"):
        one = quality[measure_of]
        click.echo(
            f"{measure_of} of toxic: {one['value']:.3f} [{one['low']:.3f}, {one['high']:.3f}], n={one['n']}"
        )


@command.command("rows", short_help="Write rows that lessen bias and harm.")
@click.argument("plan", type=FILE)
@click.option("-o", "--output", type=FILE, required=True, help="A .csv or .jsonl file.")
@click.option(
    "--with-train", is_flag=True, help="Write the training rows too, so that the file can be data.train."
)
@click.option("--refusals/--no-refusals", default=True, help="Refusal rows, where answers are written.")
@click.option("--twins", type=click.IntRange(1), default=1, show_default=True, help="Of a row on each axis.")
@json_option
def rows(plan: Path, output: Path, with_train: bool, refusals: bool, twins: int, json_wanted: bool) -> None:
    """Write rows that lessen bias and harm when the model of PLAN is trained on them too.

    Twins ask a training row about another group and keep its label or answer; refusal rows refuse harmful requests.
    The column `synthetic` says how a row was made; it is empty in training rows.
    """
    from overtone.job.safety.rows import made_of, safety_rows

    check_destination(output, plan)
    with progress() as watch:
        made = safety_rows(plan, with_train=with_train, refusals=refusals, count=twins, watch=watch)
    write_rows(made, output)
    kinds = made_of(made)
    if json_wanted:
        show_json({"output": output, "rows": len(made), "kinds": kinds})
    else:
        told = ", ".join(f"{kind} {count}" for kind, count in kinds.items()) or "no row names a group"
        click.echo(f"{len(made)} rows ({told}): {output}")
