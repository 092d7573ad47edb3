"""Safety of a finished run: the command, the report, the classifier, and rows that can be trained on."""

import json
import shutil

import pytest
import yaml

import overtone
from overtone import api
from overtone.core.errors import UserError
from overtone.evaluate.report.contents import from_plain
from overtone.job.safety import measure
from overtone.job.safety.rows import safety_rows
from overtone.job.safety.toxicity import load_toxicity, train_toxicity
from overtone.runs.open import open_run
from tests.job.plans import LORA, save_plan, write_csv, write_jsonl

NAMES = ("Mary", "John", "Sarah", "David", "Laura", "Kevin")
KIND, CRUEL = ("lovely", "good", "helpful"), ("vile", "rotten", "stupid")


def named_rows(count, first=0):
    """Texts with a name, a mood that decides the label, and a site that has two values."""
    found = []
    for number in range(first, first + count):
        mood = (KIND, CRUEL)[number % 2][number % 3]
        text = f"{NAMES[number % 6]} said that item {number} was {mood}"
        found.append({"text": text, "label": ("good", "bad")[number % 2], "site": "ab"[number % 4 // 2]})
    return found


def said_rows(count, first=0):
    return [
        {
            "prompt": f"{NAMES[number % 6]} asks for {number}",
            "completion": f"It is {KIND[number % 3]} {number}.",
        }
        for number in range(first, first + count)
    ]


@pytest.fixture(scope="module")
def toxicity(tmp_path_factory):
    """A classifier of three cruel words, and its folder."""
    folder = tmp_path_factory.mktemp("toxicity")
    rows = [
        {"text": f"you {word} number {number}", "label": label}
        for number in range(60)
        for word, label in ((KIND[number % 3], "fine"), (CRUEL[number % 3], "nasty"))
    ]
    write_csv(folder / "comments.csv", rows)
    train_toxicity(folder / "comments.csv", folder / "kept", harmless=["fine"])
    return folder / "kept"


@pytest.fixture(scope="module")
def sorted_run(small_base, tmp_path_factory):
    """A finished run that sorts, its plan asking for safety."""
    folder = tmp_path_factory.mktemp("safe_sorting")
    write_csv(folder / "train.csv", named_rows(72))
    write_csv(folder / "validation.csv", named_rows(24, 100))
    test = named_rows(60, 200)
    for row, name in zip(test[:4:2], ("Mary", "John")):  # one template, two names
        row["text"] = f"{name} said that item 999 was lovely"
    write_csv(folder / "test.csv", test)
    plan = {
        "task": "classify",
        "base": str(small_base("bert")),
        "data": {
            **{split: f"{split}.csv" for split in ("train", "validation", "test")},
            "slices": ["site"],
        },
        "stages": [{**LORA, "epochs": 1}],
        "decide": {"rivals": ["majority", "tfidf", "fine_tune"]},
        "safety": {"rows": 30},
    }
    path = save_plan(folder / "safe.yaml", plan)
    return path, overtone.run(path, runs=folder / "runs")


@pytest.fixture(scope="module")
def written_run(roomy_llama, tmp_path_factory):
    """A finished run that writes answers, its plan not asking for safety."""
    folder = tmp_path_factory.mktemp("safe_writing")
    for split, count, first in (("train", 36, 0), ("validation", 30, 100), ("test", 24, 200)):
        write_jsonl(folder / f"{split}.jsonl", said_rows(count, first))
    plan = {
        "task": {"name": "answer", "max_tokens": 4},
        "base": str(roomy_llama),
        "data": {split: f"{split}.jsonl" for split in ("train", "validation", "test")},
        "stages": [{**LORA, "epochs": 1}],
        "decide": {"rivals": ["canned_reply", "fine_tune"]},
    }
    path = save_plan(folder / "write.yaml", plan)
    return path, overtone.run(path, runs=folder / "runs")


def sections(contents):
    found = [section for section in contents["sections"] if section["name"].startswith("safety_")]
    return {section["name"]: section for section in found}


def test_a_plan_that_asks_has_the_sections_in_its_report(sorted_run):
    _, result = sorted_run
    found = sections(result.contents)
    assert list(found) == ["safety_swaps", "safety_groups"]
    assert "Swapped names and groups" in (result.folder / "report.html").read_text()
    assert open_run(result.folder).report == result.contents
    gender = [row for row in found["safety_swaps"]["tables"][0]["rows"] if row[0] == "gender"]
    assert [row[1].split(":")[0] for row in gender] == ["before", "after"]
    assert [row[2] for row in gender] == [30, 30]  # as many rows as the plan asks for
    assert found["safety_swaps"]["sentences"][-1].startswith("2 of 60 test rows share 1 source (a group, ")
    assert result.contents["systems"][0]["scores"]["accuracy"]["method"] == "wilson"  # the proof counts rows
    groups = found["safety_groups"]["tables"][0]["rows"]
    assert {(row[1], row[2], row[3]) for row in groups} == {("site", "a", 30), ("site", "b", 30)}


def test_the_same_plan_again_measures_nothing_again(sorted_run):
    path, result = sorted_run
    events = []
    again = overtone.run(path, watch=events.append, runs=result.folder.parent)
    assert again.contents == result.contents
    assert not [event for event in events if event.phase.startswith("safety")]


def test_the_command_replaces_the_sections(sorted_run, command):
    path, result = sorted_run
    code, out, said = command(path.parent, "safety", "safe", "--rows", "12", "--json")
    assert code == 0, said
    found = {section["name"]: section for section in json.loads(out)["sections"]}
    assert found["safety_swaps"]["tables"][0]["rows"][0][2] == 12
    report = open_run(result.folder).report
    assert sections(report) == found
    assert from_plain(report)
    code, out, _ = command(path.parent, "safety", "safe", "--rows", "12")
    assert code == 0
    assert "religion: cannot tell, for only 0 of 60 rows hold a word of the lists." in out


@pytest.fixture
def served(monkeypatch):
    """What would be served: the filter of each model that has one, by the model's name."""

    def serve(run, filtered=None):
        apps = []
        monkeypatch.setattr("overtone.serve.server.run_server", lambda app, *_: apps.append(app))
        api.serve([run], filtered=filtered)
        workers = apps[0].state.workers
        return {name: worker.sieve for name, worker in workers.items() if worker.sieve is not None}

    return serve


def test_written_answers_are_measured_with_and_without_a_classifier(written_run, toxicity, command, served):
    path, result = written_run
    assert not sections(result.contents)
    with pytest.raises(UserError, match=r"has no output filter that was measured: run `overtone safety "):
        served(result.folder, filtered=True)
    code, out, said = command(path.parent, "safety", "write", "--toxicity", toxicity, "--rows", 10, "--json")
    assert code == 0, said
    found = {section["name"]: section for section in json.loads(out)["sections"]}
    assert list(found) == ["safety_swaps", "safety_toxicity", "safety_refusals", "safety_filter"]
    assert found["safety_toxicity"]["sentences"][0].startswith(
        "Toxicity by a classifier trained on comments, "
    )
    titles = [row[0] for row in found["safety_toxicity"]["tables"][0]["rows"]]
    assert titles == [
        "the wanted answers",
        "before: zero-shot",
        "after: tuned",
        "after: tuned + output filter",
    ]
    refused = found["safety_refusals"]["tables"][0]["rows"]
    assert [row[2] for row in refused] == [60] * 9
    sieve = served(result.folder, filtered=True)["write"]
    assert f"where the toxicity is {sieve.threshold:.2f} or more" in found["safety_filter"]["sentences"][0]
    assert sieve.refusal in found["safety_filter"]["sentences"][0]
    texts = ["you vile thing", "you lovely thing", "a stupid number"]
    assert (
        sieve.toxicity.probabilities(texts).tolist() == load_toxicity(toxicity).probabilities(texts).tolist()
    )
    assert served(result.folder) == {}  # nobody asked, and the plan does not say so
    _filter_by_plan(result.folder, toxicity, served)
    without = {one.name for one in api.safety(result.folder, rows=10).sections}
    assert without == {"safety_swaps", "safety_refusals"}
    assert sections(open_run(result.folder).report).keys() == without
    with pytest.raises(UserError, match="has no output filter"):  # the report tells of none any more
        served(result.folder, filtered=True)


def _filter_by_plan(run, toxicity, served):
    """A plan that says so has its run served behind the filter, unless it is asked otherwise."""
    plan = run / "plan.yaml"
    before = plan.read_text()
    document = yaml.safe_load(before)
    document["safety"] = {"toxicity": str(toxicity), "filter": True}
    plan.write_text(yaml.safe_dump(document))
    try:
        assert list(served(run)) == ["write"]
        assert served(run, filtered=False) == {}
    finally:
        plan.write_text(before)


def test_a_classifier_is_served_without_a_filter(sorted_run, served):
    assert served(sorted_run[1].folder, filtered=True) == {}


@pytest.mark.parametrize(
    ("safety", "told"),
    [
        ({"filter": True}, "name its folder in safety.toxicity too"),
        ({"filter": True, "toxicity": "kept"}, "'classify' writes no answers that a filter could hold back"),
        ({"toxicity": "elsewhere"}, "elsewhere holds no toxicity classifier"),
    ],
)
def test_a_filter_that_cannot_be_is_refused_before_any_work(sorted_run, toxicity, safety, told):
    plan = json.loads(sorted_run[0].read_text())
    shutil.copytree(toxicity, sorted_run[0].parent / "kept", dirs_exist_ok=True)
    path = save_plan(sorted_run[0].parent / "slip.yaml", {**plan, "safety": safety})
    with pytest.raises(UserError, match=told):
        overtone.run(path, runs=path.parent / "runs")
    assert not (path.parent / "runs" / "slip").exists()


def test_rows_of_one_template_are_measured_as_one_source(sorted_run, monkeypatch):
    path, result = sorted_run
    seen = []
    show = measure.swap_section
    monkeypatch.setattr(
        measure, "swap_section", lambda found, *rest: seen.append(found) or show(found, *rest)
    )
    before = (result.folder / "report.json").read_bytes()
    api.safety(result.folder, folder=path.parent, rows=4)
    (result.folder / "report.json").write_bytes(before)
    for system in seen[0]["gender"].values():
        first, second, third, fourth = system.sources
        assert first == third != "" and second == fourth == ""


def test_rows_that_changed_are_refused(sorted_run, tmp_path, command):
    path, _ = sorted_run
    shutil.copytree(path.parent, tmp_path / "moved")
    write_csv(tmp_path / "moved" / "test.csv", named_rows(12, 900))
    code, _, said = command(tmp_path / "moved", "safety", "safe")
    assert code == 2
    assert "give the folder of its plan with --folder." in said
    code, _, said = command(tmp_path / "moved", "safety", "safe", "--rows", 5, "--folder", path.parent)
    assert code == 0, said


def test_a_folder_without_a_classifier_is_refused_at_once(sorted_run, tmp_path):
    with pytest.raises(UserError, match="holds no toxicity classifier"):
        api.safety(sorted_run[1].folder, toxicity=tmp_path)


def test_the_classifier_is_the_same_after_loading_and_tells_its_quality(toxicity):
    loaded = load_toxicity(toxicity)
    assert loaded.quality.data == "comments"
    assert loaded.quality.macro_f1.value == 1.0
    nasty, fine, nothing = loaded.probabilities(["you vile thing", "you lovely thing", " "])
    assert nasty > 0.5 > fine
    assert nothing == 0


@pytest.mark.parametrize("harmless", [["neither"], ["fine", "nasty"]])
def test_harmless_labels_must_part_the_rows(toxicity, harmless, tmp_path):
    with pytest.raises(UserError, match="its labels are fine, nasty"):
        train_toxicity(toxicity.parent / "comments.csv", tmp_path / "new", harmless=harmless)
    assert not (tmp_path / "new").exists()


def test_a_folder_that_holds_something_else_is_left_alone(toxicity):
    with pytest.raises(UserError, match="holds something else"):
        train_toxicity(toxicity.parent / "comments.csv", toxicity.parent, harmless=["fine"])


def test_rows_for_sorting_keep_labels_and_can_be_trained_on(sorted_run, command):
    path, _ = sorted_run
    code, out, said = command(path.parent, "safety", "rows", "safe.yaml", "-o", "more.csv", "--with-train")
    assert code == 0, said
    assert "training rows 72" in out
    made = safety_rows(path)
    own = {row["text"]: row["label"] for row in named_rows(72)}
    assert len(made) >= 72
    assert not {row["text"] for row in made} & own.keys()
    assert all(
        row["label"]
        == own[row["text"].replace(row["text"].split()[0], NAMES[int(row["text"].split()[4]) % 6])]
        for row in made
    )
    assert all(row["synthetic"].startswith("counterfactual: ") and row["made_from"] for row in made)
    plan = json.loads(path.read_text())
    plan["data"]["train"] = "more.csv"
    plan["safety"] = False
    plan["decide"]["rivals"] = ["majority"]
    more = overtone.run(save_plan(path.parent / "more.yaml", plan), runs=path.parent / "runs")
    assert more.contents["data"]["train"] == 72 + len(made)


def test_rows_for_writing_hold_refusals_in_the_plans_own_columns(written_run, tmp_path, command):
    path, _ = written_run
    made = safety_rows(path)
    refusals = [row for row in made if row["synthetic"].startswith("refusal: ")]
    assert len(refusals) == 30
    assert all(set(row) == {"prompt", "completion", "synthetic", "made_from"} for row in made)
    none = safety_rows(path, refusals=False)
    assert len(none) == len(made) - 40


def test_a_task_without_measures_is_refused(tmp_path, small_base):
    rows = [{"prompt": f"ask {n}", "chosen": "good", "rejected": "bad"} for n in range(40)]
    write_jsonl(tmp_path / "pairs.jsonl", rows)
    plan = {"task": "prefer", "base": str(small_base("llama")), "data": "pairs.jsonl"}
    with pytest.raises(UserError, match="not for 'prefer'"):
        safety_rows(save_plan(tmp_path / "prefer.yaml", plan))
