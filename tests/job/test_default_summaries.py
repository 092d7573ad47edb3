"""Which rivals a plan gets unasked when its rows look like summaries, and when they do not."""

import json

import pytest
import yaml

import overtone
from overtone.core.tasks.answer import AnswerTask
from overtone.job.resolve import resolve
from overtone.models.describe import describe
from overtone.plan import Plan
from overtone.plan.file import check_plan


def test_extractive_rivals_are_measured_unasked_where_rows_look_like_summaries(roomy_llama):
    plan: Plan = check_plan({"task": AnswerTask().name, "base": str(roomy_llama), "data": "rows.jsonl"})
    base = describe(str(roomy_llama))

    def keys(summaries):
        return {rival.key for rival in resolve(plan, base, summaries).decide.rivals}

    assert keys(True) - keys(False) == {"extract_lead", "extract_centroid", "extract_graph"}


def test_the_rows_of_a_run_decide(roomy_llama, tmp_path):
    """A run over dialogues with summaries has the extractive rivals in its plan; it is stopped right then."""
    long = "The card {0} is late. It was sent by post on Monday to the old address of the man. He moved to {0} Street."
    rows = [
        {"prompt": long.format(row), "completion": f"The card {row} was sent to the old address."}
        for row in range(60)
    ]
    (tmp_path / "rows.jsonl").write_text("\n".join(map(json.dumps, rows)))
    (tmp_path / "plan.yaml").write_text(f"task: answer\nbase: {roomy_llama}\ndata: rows.jsonl\n")

    class Stop(Exception):
        pass

    def watch(event):
        if event.phase.startswith(("estimate", "prepare")):
            raise Stop

    with pytest.raises(Stop):
        overtone.run(tmp_path / "plan.yaml", runs=tmp_path / "runs", watch=watch)
    written = yaml.safe_load((tmp_path / "runs" / "plan" / "plan.yaml").read_text())
    names = [rival["name"] for rival in written["decide"]["rivals"]]
    assert names[1:4] == ["extract_lead", "extract_centroid", "extract_graph"]
