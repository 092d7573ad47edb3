"""New words from the plan to the report: full and with an adapter, in a stage of their own, found again by name."""

from pathlib import Path
from typing import Any

import pytest

from overtone import api
from overtone.core.errors import UserError
from overtone.evaluate.chapters.new_words import NewWords
from tests.job.plans import rows, save_plan, write_csv, write_jsonl
from tests.job.test_staged import section
from tests.job.test_text import ROWS, base_of

QUICK = {"epochs": 1, "learning_rate": 3e-3, "batch_rows": 8}


def test_a_run_tells_what_its_new_words_save(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write_jsonl(tmp_path / "texts.jsonl", ROWS)
    plan: dict[str, Any] = {
        "task": "text",
        "base": str(base_of(tmp_path / "base", "llama")),
        "data": "texts.jsonl",
        "stages": [{**QUICK, "method": {"name": "lora", "rank": 2}, "new_words": 3}],
        "decide": {"rivals": ["as_is", "fine_tune"]},
    }
    contents = api.run(save_plan(tmp_path / "plan.yaml", plan)).contents
    assert [place["ok"] for place in contents["parity"]] == [True] * 3
    told = section(contents, "new_words")
    assert (
        "3 new words: the, and, " in told["sentences"][0]
        and "fewer tokens on the mean" in told["sentences"][1]
    )
    before, after = told["tables"][0]["rows"]
    assert before[1] > after[1] and before[2] > after[2] and before[3] < after[3]
    units = {row[0]: row for row in section(contents, "perplexity")["tables"][0]["rows"]}
    systems = {one["name"]: one["title"] for one in contents["systems"]}
    for row, name in ((before, "as_is"), (after, "fine_tune")):
        assert row[4] == pytest.approx(units[systems[name]][1])  # these texts have one byte a character
        assert row[5] == pytest.approx(units[systems[name]][5])
    answers = api.predict(tmp_path / "runs" / "plan", tmp_path / "texts.jsonl")
    assert all(float(row["prediction"]) < 0 and not row["error"] for row in answers)


def test_words_of_a_stage_of_text_stay_for_the_stages_behind_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    write_jsonl(tmp_path / "texts.jsonl", ROWS)
    write_csv(tmp_path / "rows.csv", rows(40))
    plan: dict[str, Any] = {
        "task": "classify",
        "base": str(base_of(tmp_path / "base", "bert")),
        "data": "rows.csv",
        "stages": [
            {**QUICK, "method": "full", "task": "text", "data": "texts.jsonl", "new_words": 4},
            {**QUICK, "method": "full"},
        ],
        "decide": {"rivals": ["fine_tune"]},
    }
    contents = api.run(save_plan(tmp_path / "plan.yaml", plan)).contents
    assert all(place["ok"] for place in contents["parity"])
    assert "4 new words" in section(contents, "new_words")["sentences"][0]
    assert section(contents, "new_words")["tables"][0]["rows"][0][4] is None
    plan["stages"] = [{**QUICK, "method": "full", "new_words": 4}]
    with pytest.raises(UserError, match=r"stages\[0\]\.new_words: words are learned from plain text"):
        api.run(save_plan(tmp_path / "other.yaml", plan))
    assert not (tmp_path / "runs" / "other").exists()


def test_nothing_is_told_without_new_words() -> None:
    from tests.evaluate.chapters.made_up import classified

    assert NewWords().write(classified()) is None
