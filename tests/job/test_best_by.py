"""`best_by: metric` in a run: each validation is judged by answers, and the run foretells what that takes."""

import json
import time
from pathlib import Path

import pytest

from overtone import api
from overtone.job import tuner
from tests.job.conftest import carry_out
from tests.job.plans import write_sorting

STAGE = {"method": "full", "epochs": 2, "learning_rate": 1e-3}
BUSY = 0.2  # seconds of the processor, far more than what a base this small takes


def test_validations_are_judged_by_the_metric_of_the_plan(small_base, tmp_path: Path) -> None:
    stage = {**STAGE, "best_by": "metric"}
    job = carry_out(write_sorting(tmp_path, small_base("bert"), ["majority", "fine_tune"], stages=[stage]))
    lines = [json.loads(line) for line in (job.folder / "metrics.jsonl").read_text().splitlines()]
    judged = [line for line in lines if "validation loss" in line]
    assert len(judged) == 2
    assert all(line["validation metric"] == line["validation accuracy"] for line in judged)


@pytest.mark.parametrize(("best_by", "asked"), [("metric", True), ("objective", False)])
def test_answering_the_validation_rows_is_foretold(
    small_base, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, best_by: str, asked: bool
) -> None:
    """Two validations, of at least as many rows as the probe tries."""

    def busy(*_: object) -> float:
        end = time.process_time() + BUSY
        while time.process_time() < end:
            pass
        return 0.5

    monkeypatch.setattr(tuner, "metric_of_answers", busy)
    stage = {**STAGE, "best_by": best_by}
    plan = write_sorting(tmp_path, small_base("bert"), ["majority", "fine_tune"], stages=[stage])
    (tuned,) = (one for one in api.estimate(plan).rivals if one.key == "fine_tune")
    assert (tuned.cpu > 2 * BUSY) == asked
