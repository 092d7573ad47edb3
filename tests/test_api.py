"""The Python API on its own: plans as objects, names, fingerprints, what is shown of a file."""

import pytest

import overtone
from overtone import api
from overtone.core.errors import UserError
from tests.job.plans import rows, save_plan, write_csv, write_jsonl, write_sorting
from tests.small import write_base


def test_a_plan_may_be_an_object_and_its_run_is_named(small_base, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    path = write_sorting(tmp_path, small_base("bert"), ["majority", "tfidf"])
    plan = overtone.load_plan(path).model_copy(update={"name": None})
    result = overtone.run(plan, name="mine")
    assert str(result.folder) == "runs/mine"
    assert "name: mine" in (result.folder / "plan.yaml").read_text()
    assert result.contents["best"] == "tfidf"
    assert result.contents["parity"] == []
    with pytest.raises(UserError, match="has no tuned model"):
        overtone.predict("mine", tmp_path / "test.csv")


def test_a_base_beside_the_plan_is_found_from_anywhere(small_base, tmp_path, monkeypatch):
    plans, elsewhere = tmp_path / "plans", tmp_path / "elsewhere"
    write_sorting(plans, "bases/mine", ["majority", "fine_tune"])
    write_base(elsewhere / "bases" / "mine", "llama")
    write_base(plans / "bases" / "mine", "bert")
    monkeypatch.chdir(elsewhere)
    result = overtone.run("../plans/sort.yaml", overrides=["stages.0.method=head"], runs=tmp_path / "runs")
    assert result.contents["base"] == str((plans / "bases" / "mine").resolve())
    assert f"base: {result.contents['base']}\n" in (result.folder / "plan.yaml").read_text()
    monkeypatch.chdir(tmp_path)
    (asked,) = overtone.predict(result.folder, one_row(tmp_path))
    assert asked["error"] == ""


def one_row(folder):
    write_csv(folder / "one.csv", rows(1, first=300))
    return folder / "one.csv"


def test_overrides_need_a_file(small_base, tmp_path):
    plan = overtone.load_plan(write_sorting(tmp_path, small_base("bert"), ["majority"]))
    with pytest.raises(UserError, match="overrides"):
        overtone.run(plan, overrides=["seed=1"], runs=tmp_path / "runs")
    assert not (tmp_path / "runs").exists()


def test_a_fingerprint_for_each_file_follows_its_contents(small_base, tmp_path):
    plan = overtone.load_plan(write_sorting(tmp_path, small_base("bert"), ["majority"]))
    before = api.fingerprints(plan, tmp_path)
    assert set(before) == {"data.train", "data.test"}
    write_csv(tmp_path / "test.csv", rows(5))
    after = api.fingerprints(plan, tmp_path)
    assert after["data.train"] == before["data.train"]
    assert after["data.test"] != before["data.test"]


def test_rows_without_a_base_are_shown_as_text(tmp_path):
    write_csv(tmp_path / "rows.csv", rows(6))
    seen = api.show_data(tmp_path / "rows.csv", rows=1)
    assert (seen["task"], seen["read"], seen["kept"]) == ("classify", 6, 6)
    assert seen["labels"] == {"sun": 2, "rain": 2, "wind": 2}
    assert seen["examples"][0]["pieces"] == [("red sun number 0", False)]


def test_tokens_that_make_one_character_are_shown_together(small_base, tmp_path):
    row = {"prompt": "é日 a", "completion": "ja 🚀"}
    write_jsonl(tmp_path / "rows.jsonl", [{**row, "prompt": f"{row['prompt']}{place}"} for place in range(3)])
    seen = api.show_data(tmp_path / "rows.jsonl", base=str(small_base("llama")), rows=1)  # one token a byte
    pieces = seen["examples"][0]["pieces"]
    assert [text for text, wanted in pieces if wanted] == ["j", "a", " ", "🚀", "<|end|>"]
    assert [text for text, _ in pieces][:8] == ["<|begin|>", "<|user|>", "\n", "é", "日", " ", "a", "0"]


def test_an_unknown_setting_is_refused_by_the_api_too(tmp_path):
    path = save_plan(tmp_path / "plan.yaml", {"task": "classify", "base": "x", "data": "y", "sed": 1})
    with pytest.raises(UserError, match="Did you mean 'seed'"):
        overtone.load_plan(path)
