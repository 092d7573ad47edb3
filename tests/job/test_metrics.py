"""A run whose plan names metrics, an extractor and a function of the user's own."""

import json

from overtone.api import run
from tests.job.plans import save_plan, write_jsonl


def test_a_run_reports_what_the_plan_names(small_base, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    sums = [(number, number % 4) for number in range(40)]
    write_jsonl(
        tmp_path / "sums.jsonl",
        [
            {"prompt": f"{a} + {b}?", "completion": f"{a} and {b}\n#### {a + b if a % 2 else 8}"}
            for a, b in sums
        ],
    )
    (tmp_path / "own.py").write_text("def same(wanted, given):\n    return wanted == given\n")
    plan = save_plan(
        tmp_path / "plan.yaml",
        {
            "task": {
                "name": "answer",
                "metric": {"name": "python", "file": "own.py", "function": "same", "label": "own"},
                "metrics": ["chrf", {"name": "exact_match", "ignore": "squad"}],
                "extract": "after_marker",
            },
            "base": str(small_base("llama")),
            "data": "sums.jsonl",
            "decide": {"rivals": ["canned_reply"]},
        },
    )
    contents = run(plan).contents
    assert [metric["name"] for metric in contents["metrics"]] == ["own", "exact_match", "rouge_l", "chrf"]
    scores = contents["systems"][0]["scores"]
    assert 0 < scores["own"]["value"] == scores["exact_match"]["value"] < 1
    assert "own 95 %" not in contents["verdict"][0] and "own" in contents["verdict"][0]
    judging = next(section for section in contents["sections"] if section["name"] == "judging")
    assert judging["tables"][0]["rows"] == [["canned reply", 0, scores["own"]["n"]]]
    state = json.loads((tmp_path / "runs" / "plan" / "state.json").read_text())
    assert "task.metric" in state["inputs"]
