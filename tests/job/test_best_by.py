"""`best_by: metric` in a run: each validation is judged by answers, and the run foretells what that takes."""

import json
from pathlib import Path

from tests.job.conftest import carry_out
from tests.job.plans import write_sorting


def test_validations_are_judged_by_the_metric_of_the_plan(small_base, tmp_path: Path) -> None:
    stage = {"method": "full", "epochs": 2, "learning_rate": 1e-3, "best_by": "metric"}
    job = carry_out(write_sorting(tmp_path, small_base("bert"), ["majority", "fine_tune"], stages=[stage]))
    lines = [json.loads(line) for line in (job.folder / "metrics.jsonl").read_text().splitlines()]
    judged = [line["validation metric"] for line in lines if "validation loss" in line]
    assert len(judged) == 2 and all(0 <= value <= 1 for value in judged)
    foretold = json.loads((job.folder / "estimate.json").read_text())["estimated"]["cpu"]
    assert foretold > 0
