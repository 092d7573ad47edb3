"""A first plan for a data file: a few commented lines that a person can read and change."""

from collections.abc import Mapping
from typing import Any

import yaml

NO_COLUMNS: Mapping[str, str] = {}
FEW = 2000  # rows; with up to 1,510 of them (docs/why/few_labels.md) a refit paid
STAGES = ("stages: [{method: full}]",)
FEW_STAGES = (
    "# Rows are few: refit trains once more in the end, on the rows kept for validation too.",
    "stages: [{method: full, epochs: 10, refit: true}]",
)


def draft_plan(
    data: str,
    task: str,
    base: str,
    bar: float | None = None,
    error_cost: float | None = None,
    columns: Mapping[str, str] = NO_COLUMNS,
    usable: int | None = None,
) -> str:
    """The text of a plan. `bar` is 0 to 1, `error_cost` money a wrong answer, `columns` role to name.

    Where few rows are `usable`, those that watch over the training are learned from too in the end.
    """
    wanted = {"name": task, "bar": bar, "wrong_answer_cost": error_cost}
    given = {name: value for name, value in wanted.items() if value is not None}
    rows: dict[str, Any] = {"train": data, **({"columns": dict(columns)} if columns else {})}
    return "\n".join(
        [
            "# Check it with `overtone plan check`, run it with `overtone run`.",
            "# What is to be done, the score to reach, and what one wrong answer costs.",
            f"task: {_inline(given)}",
            "# The model to start from: builtin:minilm, builtin:tiny, a local folder, or a hub id.",
            f"base: {_inline(base)}",
            "# Relative paths start at this file's folder. A share of the rows is kept aside to test on.",
            f"data: {_inline(rows if columns else data)}",
            "# How the tuned candidate is trained: full, lora, head, ...",
            *(FEW_STAGES if task == "classify" and usable is not None and usable < FEW else STAGES),
            "",
        ]
    )


def _inline(value: Any) -> str:
    """A value on one line of YAML."""
    text = yaml.safe_dump(value, default_flow_style=True, sort_keys=False, allow_unicode=True, width=10_000)
    return str(text).removesuffix("\n").removesuffix("\n...")
