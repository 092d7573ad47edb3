"""A search made once on a small base, and a plan to search."""

from pathlib import Path
from typing import Any

import pytest

from overtone import api
from tests.job.plans import write_sorting

SPACE = {
    "stages.0.method": ["full", "lora"],
    "stages.0.method.rank": {"choices": [2, 4], "when": {"stages.0.method": "lora"}},
    "stages.0.learning_rate": {"low": 1.0e-4, "high": 1.0e-2, "log": True},
}
STAGE = {"method": "full", "epochs": 1, "batch_rows": 32}


def write_search(folder: Path, base: Path, stage: dict[str, Any] = STAGE, **search: Any) -> Path:
    """A plan with the tuned candidate alone and a search."""
    settings = {"space": SPACE, "sampler": "random", "trials": 3, "pruner": "none", **search}
    return write_sorting(folder, base, ["majority", "fine_tune"], stages=[stage], search=settings)


@pytest.fixture(scope="session")
def searched(small_base, tmp_path_factory):
    """A finished search, the plan, and all that was said meanwhile."""
    folder = tmp_path_factory.mktemp("searched")
    plan = write_search(folder, small_base("bert"))
    events = []
    result = api.search(plan, watch=events.append, runs=folder / "runs")
    return plan, result, events
