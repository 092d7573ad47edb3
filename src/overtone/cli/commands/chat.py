"""`overtone chat`: talk to a run's model, or have it sort what is typed."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from overtone.cli.output import json_option, show_json, visible

if TYPE_CHECKING:
    from overtone.core.answer import Answer, System


@click.command("chat", short_help="Talk to a run's model.")
@click.argument("run", type=click.Path(path_type=Path))
@json_option
def command(run: Path, json_wanted: bool) -> None:
    """Talk to the model of RUN, a line at a time, until an empty line or the end of the input."""
    from overtone import api

    system = api.chat(run)
    turns = _converse(system) if "generate" in system.can else _sort(system)
    if json_wanted:
        show_json([{"input": text, **_contents(answer)} for text, answer in turns])
        return
    for _, answer in turns:
        click.echo(visible(answer.error or answer.text or _labels(answer)))


def _converse(system: "System") -> Iterator[tuple[str, "Answer"]]:
    """Answer each line with the whole conversation before it in view."""
    from overtone.core.example import Message, Question

    messages: list[Message] = []
    for number, line in enumerate(_lines()):
        messages.append(Message("user", line))
        (answer,) = system.answer([Question(id=str(number), messages=tuple(messages))])
        messages.append(Message("assistant", answer.text or ""))
        yield line, answer


def _sort(system: "System") -> Iterator[tuple[str, "Answer"]]:
    """Sort each line by itself."""
    from overtone.core.example import Question

    for number, line in enumerate(_lines()):
        (answer,) = system.answer([Question(id=str(number), text=line)])
        yield line, answer


def _lines() -> Iterator[str]:
    """Lines of the input, with a prompt where a person types them."""
    typed = sys.stdin.isatty()
    while True:
        if typed:
            click.echo("> ", nl=False, err=True)
        line = sys.stdin.readline().strip()
        if not line:
            return
        yield line


def _contents(answer: "Answer") -> dict[str, object]:
    given = {"text": answer.text, "probabilities": answer.probabilities, "error": answer.error}
    return {name: value for name, value in given.items() if value is not None}


def _labels(answer: "Answer", most: int = 3) -> str:
    """The most probable labels, best first."""
    ranked = sorted((answer.probabilities or {}).items(), key=lambda item: -item[1])
    return "   ".join(f"{label} {probability:.1%}" for label, probability in ranked[:most])
