"""The costs of several runs side by side, and the median of their errors."""

import json
from pathlib import Path
from typing import Any

import pytest

from benchmarks.verdicts import COSTS, costs


def run(folder: Path, foretold: tuple[float, ...], taken: tuple[float, ...] | None) -> Path:
    folder.mkdir()
    found: dict[str, Any] = {
        "rivals": [{"key": str(place), "cpu": one} for place, one in enumerate(foretold)],
        "probe_seconds": 7.0,
    }
    if taken is not None:
        found["actual"] = {str(place): {"cpu": one} for place, one in enumerate(taken)}
    (folder / "estimate.json").write_text(json.dumps(found))
    return folder


def test_the_median_is_that_of_all_runs_that_were_foretold_and_came_to_their_end(tmp_path: Path) -> None:
    (tmp_path / "unforetold").mkdir()
    folders = [
        run(tmp_path / "above", (100.0, 38.0), (60.0, 40.0)),
        run(tmp_path / "near", (95.0,), (100.0,)),
        run(tmp_path / "below", (90.0,), (100.0,)),
        run(tmp_path / "begun", (1.0,), None),
        tmp_path / "unforetold",
    ]
    lines = costs(folders)
    assert lines[: len(COSTS)] == list(COSTS)
    assert lines[len(COSTS)] == "| above | 138 | 100 | +38% | 7 |"
    assert len(lines) == len(COSTS) + 3 + 2
    assert lines[-1] == "Median error of 3 runs: 10%."


@pytest.mark.parametrize("folders", [[], ["begun"]])
def test_nothing_is_told_where_no_run_was_foretold(tmp_path: Path, folders: list[str]) -> None:
    assert costs([run(tmp_path / name, (1.0,), None) for name in folders]) == []
