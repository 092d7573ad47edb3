"""Synthetic rows for a plan: counterfactual twins of its training rows, and refusals, in the shape of its own rows."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from overtone.core.event import Event, Watch, unwatched
from overtone.core.example import Example
from overtone.data.examples import read_examples
from overtone.data.format import Columns
from overtone.data.load import load_data
from overtone.evaluate.safety.synthetic import Synthetic, counterfactual_rows, refusal_rows
from overtone.job.safety.measure import refuse
from overtone.plan import read_plan

MARK, SOURCE = "synthetic", "made_from"  # columns that tell a made row


def safety_rows(
    file: Path | str,
    with_train: bool = False,
    refusals: bool = True,
    count: int = 1,
    watch: Watch = unwatched,
) -> list[dict[str, Any]]:
    """Rows for the plan in a file as plain values, the training rows first where they are asked for.

    There are `count` twins of a row on each axis. Only rows of the training split are read, so no test row comes
    into training by way of its twin.
    """
    plan, folder = read_plan(file), Path(file).parent
    refuse(plan.task)
    data = load_data(plan.data, plan.task, plan.seed, folder)
    for split in ("validation", "test"):
        if getattr(plan.data, split) is None:
            watch(Event("rows", message=_no_file(split)))
    written = plan.task.asks == "generate"
    made = counterfactual_rows(data.train, count)
    made += refusal_rows() if written and refusals else []
    columns = read_examples(folder / plan.data.train, plan.task, plan.data).reading.columns
    own = [Synthetic(row, "") for row in data.train] if with_train else []
    return [_plain(one, columns, plan.data.group) for one in (*own, *made)]


def _no_file(split: str) -> str:
    return (
        f"data.{split} names no file, so {split} rows are cut from train: name one before you train on more rows, or "
        f"the cut falls elsewhere and twins of {split} rows are trained on"
    )


def _plain(one: Synthetic, columns: Columns, group: str | None) -> dict[str, Any]:
    """A row in the plan's own columns where it has them for such a row, and how it was made."""
    shaped = _shaped(one.row, columns)
    extra = {"documents": list(one.row.documents)} if one.row.documents else {}
    named = {group: one.row.group} if group else {}  # a twin stays on its row's side of any split
    return {**shaped, **extra, **named, **dict(one.row.traits), MARK: one.made, SOURCE: one.row.source}


def _shaped(row: Example, columns: Columns) -> Mapping[str, Any]:
    if row.choices:
        return _marked(row, columns)
    return _labelled(row, columns) if row.text else _talk(row, columns)


def _marked(row: Example, columns: Columns) -> dict[str, Any]:
    """A prompt, as turns where there are several, with an answer and its mark."""
    prompt, completion, mark = (columns[role][0] for role in ("prompt", "completion", "mark"))
    asked = [{"role": turn.role, "content": turn.content} for turn in row.messages]
    one = len(asked) == 1
    return {prompt: asked[0]["content"] if one else asked, completion: row.choices[0], mark: row.labels[0]}


def _labelled(row: Example, columns: Columns) -> dict[str, Any]:
    text, label = (columns.get(role, (role,))[0] for role in ("text", "label"))
    blank = dict.fromkeys(columns.get("text", ()), "")  # the first of several columns holds the whole text
    return {**blank, text: row.text, label: row.labels[0] if len(row.labels) == 1 else list(row.labels)}


def _talk(row: Example, columns: Columns) -> Mapping[str, Any]:
    """A prompt and its completion where the plan's rows are such and the row has two turns; else all turns."""
    roles = [turn.role for turn in row.messages]
    if roles == ["user", "assistant"] and {"prompt", "completion"} <= columns.keys():
        prompt, completion = (turn.content for turn in row.messages)
        blank = dict.fromkeys(columns["prompt"], "")
        return {**blank, columns["prompt"][0]: prompt, columns["completion"][0]: completion}
    return {"messages": [{"role": turn.role, "content": turn.content} for turn in row.messages]}


def made_of(rows: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    """How many rows of each kind there are: `counterfactual`, `refusal`, and training rows as they are."""
    kinds = [str(row[MARK]).partition(":")[0] or "training rows" for row in rows]
    return {kind: kinds.count(kind) for kind in dict.fromkeys(kinds)}
