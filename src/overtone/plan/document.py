"""Reading YAML that a stranger may have written: plain values only, no repeated keys, no bombs."""

from pathlib import Path
from typing import Any

import yaml

from overtone.core.errors import UserError, nearest

LARGEST_BYTES = 1_000_000
MOST_ALIASES = 50
DEEPEST = 50

# The parser in C reads the largest allowed file in a tenth of a second; the one in Python needs many.
Fastest: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


PLAINER = {  # what a beginner meets first, in words of his own
    "found character that cannot start any token": "a tab or another character that may not stand here (indent "
    "with spaces, and put text that begins with a sign into quotes)",
    "mapping values are not allowed in this context": "a colon that may not stand here (put text that holds ': ' "
    "into quotes, and check the indentation)",
}


class PlainLoader(Fastest):  # type: ignore[misc]
    """YAML's safe loader that also refuses a repeated key, which YAML forbids and PyYAML lets pass."""

    def construct_mapping(self, node: Any, deep: bool = False) -> Any:
        """Build a mapping after seeing that each of its keys is written once."""
        if isinstance(node, yaml.MappingNode):
            _refuse_repeated(node)
        return super().construct_mapping(node, deep=deep)


def _refuse_repeated(node: yaml.MappingNode) -> None:
    seen: dict[str, int] = {}
    for key, _ in node.value:
        line = key.start_mark.line + 1
        if isinstance(key, yaml.ScalarNode) and key.tag != "tag:yaml.org,2002:merge":
            if key.value in seen:
                raise yaml.MarkedYAMLError(
                    problem=f"the key '{key.value}' is already given in line {seen[key.value]}",
                    problem_mark=key.start_mark,
                )
            seen[key.value] = line


def read_document(path: Path) -> Any:
    """The plain values of a YAML file; UserError with line and column where it cannot be read."""
    if not path.is_file():
        raise UserError(_absent(path))
    try:
        contents = path.read_bytes()
    except OSError as error:
        raise UserError(f"{path} cannot be read: {error.strerror}.") from None
    if len(contents) > LARGEST_BYTES:
        raise UserError(f"{path} holds {len(contents):,} bytes; a plan has at most {LARGEST_BYTES:,}.")
    try:
        return parse(contents.decode("utf-8-sig"), str(path))
    except UnicodeDecodeError as error:
        raise UserError(f"{path} is not UTF-8 text: byte {error.start} cannot be read.") from None


def parse(text: str, source: str) -> Any:
    """The plain values of a YAML text; `source` is what messages call it."""
    try:
        _refuse_bombs(text, source)
        return yaml.load(text, Loader=PlainLoader)
    except yaml.YAMLError as error:
        raise UserError(f"{source}{_place(error)} is not valid YAML: {_problem(error)}.") from None
    except (ValueError, RecursionError) as error:  # a date such as 2024-13-45, or a value inside itself
        raise UserError(f"{source} is not valid YAML: {error}.") from None


def _refuse_bombs(text: str, source: str) -> None:
    """Count aliases and depth before anything is built from them."""
    aliases = depth = 0
    for event in yaml.parse(text, Loader=Fastest):
        aliases += isinstance(event, yaml.AliasEvent)
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if aliases > MOST_ALIASES:
            raise UserError(f"{source} uses more than {MOST_ALIASES} YAML aliases; write the values out.")
        if depth > DEEPEST:
            raise UserError(f"{source} is nested more than {DEEPEST} deep; a plan never is.")


def _absent(path: Path) -> str:
    if path.is_dir():
        return f"{path} is a folder; name the plan's file in it."
    siblings = [file.name for file in path.parent.glob("*.y*ml")]
    return f"there is no plan {path}.{nearest(path.name, siblings)} `overtone init DATA` writes one."


def _place(error: yaml.YAMLError) -> str:
    mark = getattr(error, "problem_mark", None)
    return f", line {mark.line + 1}, column {mark.column + 1}," if mark else ""


def _problem(error: yaml.YAMLError) -> str:
    problem = str(getattr(error, "problem", None) or getattr(error, "reason", None) or error)
    return PLAINER.get(problem, problem)
