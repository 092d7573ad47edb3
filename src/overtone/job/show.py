"""What is recognised in a file, and what a trainer would see of its first rows, token by token."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from overtone.core.errors import UserError
from overtone.core.example import Example
from overtone.core.task import Task
from overtone.data.account import FileAccount
from overtone.data.examples import Examples, read_examples
from overtone.data.recognise import readings
from overtone.data.settings import DataSettings
from overtone.data.sources.read import read_table
from overtone.models.describe import describe
from overtone.models.source import FORM
from overtone.plan import read_plan

if TYPE_CHECKING:
    from overtone.models.base import Base

PLANS = (".yaml", ".yml")
FORMS = {"encoder-decoder": FORM}
USUAL = {"approve", "classify", "generate", "prefer"}  # what rows that serve several tasks are most often for


def show_file(
    file: Path, base: str | None, task: str | None, rows: int, columns: Mapping[str, str]
) -> dict[str, Any]:
    """Plain values: format, columns, task, read = kept + dropped, labels with counts, the first rows.

    A plan shows the file that it trains on, read as it says. `form` says how a conversation is read, where no chat
    template does.
    """
    if file.suffix in PLANS:
        file, part, settings = _planned(file, task, columns)
    else:
        settings = DataSettings(train=str(file), columns=dict(columns))
        part = _task(task) if task else _guess(file, columns)
    found = read_examples(file, part, settings)
    labels = Counter(label for row in found.kept for label in row.labels)
    return {
        "format": found.reading.format.title,
        "task": part.name,
        "columns": {role: ", ".join(names) for role, names in found.reading.columns.items()},
        "read": found.read,
        "kept": len(found.kept),
        "dropped": _causes(file, found),
        "labels": dict(labels.most_common()),
        "form": FORMS.get(describe(base).kind, "") if base else "",
        "examples": list(_examples(found.kept, rows, base, part, tuple(sorted(labels)))),
    }


def _planned(plan: Path, task: str | None, columns: Mapping[str, str]) -> tuple[Path, Task, DataSettings]:
    """The training file of a plan, its task and how it reads rows."""
    if task or columns:
        raise UserError(
            f"{plan} is a plan: it says the task and the columns itself; leave --task and --column out."
        )
    read = read_plan(plan)
    return plan.parent / read.data.train, read.task, read.data


def _causes(file: Path, found: Examples) -> dict[str, int]:
    account = FileAccount(str(file), found.read, {"kept": len(found.kept)}, found.dropped)
    return {cause: len(places) for cause, places in account.causes.items()}


def _task(name: str) -> Task:
    try:
        return Task.model_validate(name)
    except ValidationError as error:
        raise UserError(error.errors()[0]["msg"].removeprefix("Value error, ")) from None


def _guess(file: Path, columns: Mapping[str, str]) -> Task:
    """The task that the best recognised format serves; sorting where nothing is recognised, which then says why."""
    stated = {role: (name,) for role, name in columns.items()}
    found = readings(read_table(file), stated=stated)
    whole = [reading for reading in found if reading.is_whole() and not reading.format.refusal]
    served = [asks for reading in whole for asks in sorted(reading.format.asks)] or ["classify"]
    asks = next((one for one in served if one in USUAL), served[0])
    return next(Task.model_validate(name) for name, part in Task.all().items() if part.learned_from() == asks)


def _examples(
    kept: tuple[Example, ...], rows: int, base: str | None, task: Task, labels: tuple[str, ...]
) -> Iterator[dict[str, Any]]:
    """The first rows as text, or with a base as their tokens with whether each is trained."""
    if base is None:
        for row in kept[:rows]:
            wanted = row.completion or ", ".join(row.labels)
            yield {
                "source": row.source,
                "target": wanted,
                "rejected": row.rejected,
                "pieces": [(row.input, False)],
            }
        return
    from overtone.models.base import load_base
    from overtone.objectives.objective import Objective

    loaded = load_base(base)
    objective = Objective.usual(task, loaded.description.kind).fitted(kept)
    for row in kept[:rows]:
        for answer in objective.row(row, loaded, task, labels).answers:
            learned = answer.learned or (False,) * len(answer.tokens)
            pieces = list(_whole_characters(loaded, answer.tokens, learned))
            yield {"source": row.source, "target": ", ".join(row.labels), "rejected": "", "pieces": pieces}


def _whole_characters(
    base: "Base", tokens: Sequence[int], learned: Sequence[bool]
) -> Iterator[tuple[str, bool]]:
    """The text of each token, control tokens spelled out; tokens that make one character stand together."""
    from overtone.generate.text import Detokenizer

    def decode(row: Sequence[int]) -> str:
        text: str = base.tokenizer.decode(list(row), clean_up_tokenization_spaces=False)
        return text

    characters = Detokenizer(decode)
    for token, wanted in zip(tokens, learned, strict=True):
        if text := characters.push(token):
            yield text, wanted
    if rest := characters.flush():
        yield rest, learned[-1]
