"""The winning plan as a file that is ready to run, its paths as seen from where the file lies."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from overtone.plan import Plan, change_plan, write_plan
from overtone.runs.write import write_text
from overtone.search.settings import SearchSettings

FILES = ("train", "validation", "test", "documents")


def write_winning(plan: Plan, values: Mapping[str, Any], plan_folder: Path, path: Path) -> None:
    """Write the plan with a trial's values; the run it makes is called after the search."""
    changed = change_plan(plan, values, "the best trial")
    data = {name: _seen_from(path.parent, plan_folder, getattr(plan.data, name)) for name in FILES}
    ready = changed.model_copy(
        update={
            "name": f"{plan.name}-best",
            "data": changed.data.model_copy(update=data),
            "search": SearchSettings(),
        }
    )
    write_text(path, f"# The best plan that a search found.\n{write_plan(ready)}")


def _seen_from(folder: Path, plan_folder: Path, name: str | None) -> str | None:
    """A file named relative to the old plan, relative to the new one."""
    if name is None or Path(name).is_absolute():
        return name
    return os.path.relpath((plan_folder / name).resolve(), folder.resolve())
