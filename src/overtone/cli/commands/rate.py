"""`overtone rate`: read two runs' answers side by side, without knowing whose they are."""

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from overtone.cli.output import json_option, show_json, visible

if TYPE_CHECKING:
    from overtone.job.comparing.rating import Match, Tally
    from overtone.job.comparing.session import Session

CHOICES = {"1": 0, "2": 1, "t": None}


@click.command("rate", short_help="Rate two runs' answers blindly, side by side.")
@click.argument("first", type=click.Path(path_type=Path))
@click.argument("second", type=click.Path(path_type=Path))
@click.option("--rows", type=click.IntRange(1), default=20, show_default=True, help="Rows to rate in all.")
@click.option(
    "--out", type=click.Path(path_type=Path), default="ratings.jsonl", show_default=True, help="Ratings."
)
@click.option("--seed", type=int, default=0, show_default=True, help="Of the order and the sides.")
@json_option
def command(first: Path, second: Path, rows: int, out: Path, seed: int, json_wanted: bool) -> None:
    """Show rows that FIRST and SECOND answered differently, and ask which answer is better.

    Which run an answer comes from is told only at the end. Each choice is kept at once; the same command goes
    on where it was left. With --json nothing is asked: the ratings so far are counted.
    """
    from overtone import api

    session = api.rate(first, second, out, seed)
    if not json_wanted:
        _ask(session, rows)
    result = session.tally()
    if json_wanted:
        show_json(asdict(result))
    else:
        _tell(result)


def _ask(session: "Session", rows: int) -> None:
    while session.rated < rows and (match := session.next()) is not None:
        _show(match, session.rated + 1, rows)
        choice = click.prompt(
            "Better: 1, 2, t (tie), q (stop)", type=click.Choice([*CHOICES, "q"]), show_choices=False
        )
        if choice == "q":
            return
        session.keep(match, CHOICES[choice])


def _show(match: "Match", number: int, rows: int) -> None:
    click.echo(f"\n--- {number} of {rows} ---\n{visible(match.question)}\n")
    click.echo(f"wanted: {visible(match.wanted)}")
    for place, answer in enumerate(match.answers, 1):
        click.echo(f"[{place}] {visible(answer)}")


def _tell(result: "Tally") -> None:
    """The count, and what it shows."""
    first, second = result.systems
    click.echo(f"\n{first}: {result.wins[0]}, {second}: {result.wins[1]}, ties: {result.ties}")
    if result.share is not None and result.interval is not None and result.placed_first is not None:
        low, high = result.interval
        decided = sum(result.wins)
        click.echo(
            f"'{first}' won {result.share:.0%} of {decided} decided rows [{low:.0%}, {high:.0%}], p {result.p:.3f} "
            f"(sign test); the answer shown first won {result.placed_first:.0%}."
        )
