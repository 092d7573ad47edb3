"""Writes `docs/reference` from the parts' own settings and the commands' own help: `python -m scripts.reference`."""

import sys
import types
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal, Union, get_args, get_origin

import click
from annotated_types import Ge, Gt, Le, Lt
from pydantic.fields import FieldInfo

from overtone.cli.main import overtone
from overtone.core.part import Part
from overtone.core.schedule import Schedule
from overtone.core.settings import Settings
from overtone.core.task import Task
from overtone.curricula.curriculum import Curriculum
from overtone.data.format import Format
from overtone.data.languages import Languages
from overtone.data.settings import DataSettings
from overtone.decide.consistency import Consistency
from overtone.decide.learning_curve import LearningCurve
from overtone.decide.rival import Rival
from overtone.evaluate.extractor import Extractor
from overtone.evaluate.metric import Metric
from overtone.evaluate.safety.settings import SafetySettings
from overtone.methods.method import Method
from overtone.methods.rates import CUSTOMARY, MEASURED
from overtone.objectives.objective import Objective
from overtone.plan import DecideSettings, Plan
from overtone.retrieve.index import Index
from overtone.search.settings import Dimension, SearchSettings
from overtone.train.anchors.anchor import Anchor
from overtone.train.stage import Stage

FOLDER = Path(__file__).parents[1] / "docs" / "reference"
SECTIONS: tuple[tuple[str, type[Settings]], ...] = (
    ("the plan", Plan),
    ("data", DataSettings),
    ("data.languages", Languages),
    ("stages[0]", Stage),
    ("stages[0].schedule", Schedule),
    ("decide", DecideSettings),
    ("decide.learning_curve", LearningCurve),
    ("decide.consistency", Consistency),
    ("search", SearchSettings),
    ("search.space.KEY", Dimension),
    ("safety", SafetySettings),
)
FAMILIES: tuple[type[Part], ...] = (
    *(Task, Format, Method, Objective, Curriculum, Anchor, Rival, Index, Metric, Extractor),
)
MADE = "<!-- Made by `python -m scripts.reference`; do not edit. -->"
SIGNS = ((Ge, "ge", "≥"), (Gt, "gt", ">"), (Le, "le", "≤"), (Lt, "lt", "<"))


def pages() -> dict[str, str]:
    """Every page of the reference by its file's name."""
    return {"plan.md": plan_page(), "parts.md": parts_page(), "commands.md": commands_page()}


def plan_page() -> str:
    """The sections of a plan and their settings."""
    lines = [
        MADE,
        "# The plan",
        "",
        "The keys of a plan file. Parts (task, method, ...) are in [parts](parts.md).",
    ]
    for title, settings in SECTIONS:
        lines += ["", f"## {title}", "", _summary(settings), "", *_table(settings)]
    return "\n".join(lines) + "\n"


def parts_page() -> str:
    """Every part of every family, with its settings."""
    lines = [MADE, "# Parts", "", "A plan names a part, `lora`, or sets it too, `{name: lora, rank: 8}`."]
    for family in FAMILIES:
        lines += ["", f"## {family.__name__}", "", _summary(family)]
        for name, part in family.all().items():
            lines += [
                "",
                f"### {name}",
                "",
                _summary(part),
                *_elsewhere(part),
                *_rate(part),
                *(["", *_table(part)] if part.model_fields else []),
            ]
    return "\n".join(lines) + "\n"


def commands_page() -> str:
    """The help of every command."""
    lines = [
        MADE,
        "# Commands",
        "",
        "Exit codes: 0 done, 1 a failed run, 2 a slip in what was asked, 70 a defect, 130 interrupted.",
    ]
    for words, command in _commands(overtone, "overtone"):
        context = click.Context(command, info_name=words, terminal_width=100)
        lines += ["", f"## {words}", "", "```", command.get_help(context), "```"]
    return "\n".join(lines) + "\n"


def _commands(command: click.Command, words: str) -> Iterator[tuple[str, click.Command]]:
    yield words, command
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            inner = command.get_command(context, name)
            if inner is not None:
                yield from _commands(inner, f"{words} {name}")


def _summary(settings: type[Any]) -> str:
    """The docstring's first paragraph on one line."""
    return " ".join((settings.__doc__ or "").strip().split("\n\n")[0].split())


def _table(settings: type[Settings]) -> list[str]:
    rows = [
        f"| `{name}` | {_kind(field.annotation)}{_bounds(field)} | {_default(field)} | {field.description or ''} |"
        for name, field in settings.model_fields.items()
    ]
    rows = [row.replace("`|`", "`\\|`") for row in rows]
    return ["| setting | value | default | |", "|---|---|---|---|", *rows]


def _elsewhere(part: type[Part]) -> list[str]:
    """What others call it, and forms of it."""
    own = vars(part)
    names = [f"`{name}`" for name in own.get("also_called", ())]
    forms = [f"`{name}` is `{said}`" for name, said in own.get("forms", {}).items()]
    told = [f"Elsewhere called {', '.join(names)}."] * bool(names) + [f"{', '.join(forms)}."] * bool(forms)
    return ["", " ".join(told)] if told else []


def _rate(part: type[Part]) -> list[str]:
    """What a method learns at where the plan gives no rate, and an objective's share of it."""
    rate, reading = (getattr(part, name, None) for name in ("learning_rate", "reading_rate"))
    if not rate:
        share = getattr(part, "rate_share", 1.0)
        return ["", f"A method's usual `learning_rate` is multiplied by {share:.2f}."] if share != 1 else []
    others = f" for a decoder, {reading:g} for another base" if reading else ""
    decoder = getattr(part, "decoder_rates", None)
    if decoder is not None:
        others = (
            f"; for a decoder {decoder[0]:g} where its hidden states are {MEASURED} numbers wide or narrower, "
            f"{decoder[1]:g} at {CUSTOMARY}, in between on a line in logarithms"
        )
    return ["", f"`learning_rate` where the plan gives none: {rate:g}{others}."]


def _kind(annotation: Any) -> str:
    """A type in words: `whole number or nothing`, `refuse, drop`, `a method`."""
    origin, inner = get_origin(annotation), get_args(annotation)
    if origin in (Union, types.UnionType):
        return " or ".join(_kind(one) for one in inner)
    if origin is Literal:
        return ", ".join(f"`{one}`" for one in inner)
    if origin in (list, tuple):
        return f"list of {_kind(inner[0])}".replace("list of a mapping", "list of mappings")
    if origin is dict:
        return f"mapping of {_kind(inner[0])} to {_kind(inner[1])}"
    if isinstance(annotation, type) and issubclass(annotation, Part):
        article = "an" if annotation.family[0] in "aeiou" else "a"
        return f"{article} [{annotation.family}](parts.md#{annotation.family})"
    if isinstance(annotation, type) and issubclass(annotation, Settings):
        return "a mapping, see below"
    return WORDS[annotation]


WORDS = {
    int: "whole number",
    float: "number",
    str: "text",
    bool: "true, false",
    type(None): "nothing",
    Any: "anything",
}


def _bounds(field: FieldInfo) -> str:
    found = [
        f"{sign} {getattr(one, key)}"
        for one in field.metadata
        for kind, key, sign in SIGNS
        if isinstance(one, kind)
    ]
    return f", {' and '.join(found)}" if found else ""


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "needed"
    value = field.get_default(call_default_factory=True, validated_data={})
    if isinstance(value, Part):
        return f"`{value.name}`"
    if isinstance(value, Settings | list | dict):
        return "its own defaults" if value else "none"
    if value == "":
        return "empty"
    words = {None: "none", True: "true", False: "false"}
    return f"`{words[value] if value is None or isinstance(value, bool) else value}`"


def main() -> None:
    """Write the pages; with `--check` say which are stale instead."""
    stale = [name for name, text in pages().items() if not _is_fresh(FOLDER / name, text)]
    if "--check" in sys.argv[1:]:
        sys.exit(f"stale: {', '.join(stale)}; run python -m scripts.reference" if stale else 0)
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, text in pages().items():
        (FOLDER / name).write_text(text, encoding="utf-8")


def _is_fresh(path: Path, text: str) -> bool:
    return path.is_file() and path.read_text(encoding="utf-8") == text


if __name__ == "__main__":
    main()
