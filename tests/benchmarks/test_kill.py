"""The kill campaign's own arithmetic: which step was written last, and what is compared."""

import json
from argparse import Namespace

from benchmarks.kill import LONGEST, PHASE, last_step, write_plan
from overtone.plan import Plan


def write_metrics(folder, lines):
    file = folder / "metrics.jsonl"
    file.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    return file


def test_the_last_step_is_that_of_the_training_alone(tmp_path):
    steps = [{"phase": PHASE, "step": step, "training loss": 1.0} for step in (1, 2, 3)]
    file = write_metrics(tmp_path, [*steps, {"phase": "test", "step": 9}])
    assert last_step(file) == 3


def test_a_line_that_was_cut_by_the_kill_does_not_count(tmp_path):
    file = write_metrics(tmp_path, [{"phase": PHASE, "step": 1, "training loss": 1.0}])
    with file.open("a", encoding="utf-8") as end:
        end.write('{"phase": "' + PHASE + '", "step": 2, "trai')
    assert last_step(file) == 1
    assert last_step(tmp_path / "absent.jsonl") == 0


def test_the_plan_is_sound_and_its_rows_are_short(tmp_path, shared_data):
    write_plan(tmp_path, Namespace(rows=7, base="builtin:tiny", method="lora", epochs=1.5))
    rows = (tmp_path / "rows.jsonl").read_text(encoding="utf-8").splitlines()
    assert len(rows) == 7
    assert max(map(len, rows)) < LONGEST
    import yaml

    plan = Plan.model_validate(yaml.safe_load((tmp_path / "plan.yaml").read_text(encoding="utf-8")))
    assert plan.stages[0].epochs == 1.5
    assert plan.stages[0].method.name == "lora"
