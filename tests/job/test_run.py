"""A whole run: its folder, its report, and the parity of the model that it publishes."""

import json

import pytest
import yaml

import overtone
from overtone.core.example import Message
from overtone.job.main import read_data
from overtone.job.publish import load_system
from overtone.models.text import decode
from overtone.plan import check_plan, write_plan
from overtone.runs.metrics import read_metrics
from overtone.runs.open import open_run
from tests.job.plans import LORA, WORDS, save_plan, write_answering, write_jsonl, write_sorting

PLACES = ["reloaded from disk", "merged", "served over HTTP"]
FILES = {"plan.yaml", "environment.json", "metrics.jsonl", "checkpoints", "adapter", "state.json"}
REPORTS = {"report.html", "report.json", "card.md"}


@pytest.fixture(params=["sorting", "answering"])
def job(request):
    return request.getfixturevalue(request.param)


def test_the_folder_holds_all_that_was_promised(job):
    assert {path.name for path in job.folder.iterdir()} >= FILES | REPORTS
    assert (job.folder / "adapter" / "adapter_model.safetensors").is_file()
    assert json.loads((job.folder / "report.json").read_text()) == job.contents
    assert open_run(job.folder).status == "finished"
    assert list(job.folder.rglob("*.tmp")) == []


def test_the_plan_is_kept_with_every_default_and_says_the_same_again(job):
    text = (job.folder / "plan.yaml").read_text()
    kept = yaml.safe_load(text)
    stage = kept["stages"][0]
    usual = {"classify": 1e-3, "sft": 3e-3}  # of LoRA on an encoder, on a narrow decoder
    assert stage["learning_rate"] == usual[stage["objective"]["name"]]
    assert stage["schedule"]["warmup"] == 0.06
    assert all(isinstance(rival, dict) for rival in kept["decide"]["rivals"])
    assert yaml.safe_load(write_plan(check_plan(kept))) == kept


def test_every_score_has_an_interval_and_its_number_of_rows(job):
    contents = job.contents
    assert {system["name"] for system in contents["systems"]} == {
        rival["label"] or rival["name"] for rival in open_run(job.folder).plan["decide"]["rivals"]
    }
    for system in contents["systems"]:
        for score in system["scores"].values():
            assert 0 <= score["low"] <= score["value"] <= score["high"] <= 1
            assert score["low"] < score["high"]
            assert score["n"] == contents["data"]["test"] - contents["data"]["repeated"]
        others = {metric["name"] for metric in contents["metrics"]}
        assert set(system["comparisons"]) == (set() if system["name"] == contents["best"] else others)


def test_the_published_model_answers_alike_everywhere(job):
    places = job.contents["parity"]
    assert [place["place"] for place in places] == PLACES
    assert all(place["ok"] for place in places)
    assert [place["allowed"] for place in places] == [0, 1e-4, 1e-4]
    assert places[0]["largest_difference"] == 0


def test_losses_of_each_step_are_kept_once_and_drawn(job):
    lines = list(read_metrics(job.folder / "metrics.jsonl"))
    for phase in {line["phase"] for line in lines if line["phase"].startswith("train")}:
        steps = [line["step"] for line in lines if line["phase"] == phase and "loss" in line]
        assert steps == list(range(1, len(steps) + 1))
    tuned = {system["name"] for system in job.contents["systems"] if system["kind"] == "tuned"}
    assert {curve["system"] for curve in job.contents["curves"]} == tuned
    assert "<svg" in (job.folder / "report.html").read_text()


def test_tuning_tells_what_it_cost(job):
    tuned = next(system for system in job.contents["systems"] if system["name"] == "fine_tune")
    assert tuned["trainable_parameters"] > 0
    assert tuned["training_seconds"] > 0
    assert tuned["tokens_per_answer"] > 1


def test_rows_that_stand_in_train_are_set_aside_and_both_scores_given(sorting):
    assert sorting.contents["data"]["repeated"] == 2
    for system in sorting.contents["systems"]:
        assert system["scores"]["accuracy"]["n"] == 16
        assert system["all_rows"]["accuracy"]["n"] == 18
    assert any("train" in warning for warning in sorting.contents["warnings"])


def test_the_verdict_calls_the_systems_as_the_table_does(job):
    titles = {system["name"]: system["title"] for system in job.contents["systems"]}
    best, gain = next(iter(job.contents["verdict"])), " ".join(job.contents["verdict"])
    assert best.startswith(f"Best is '{titles[job.contents['best']]}' with ")
    assert "Tuning ('tuned" in gain
    assert not any(f"'{key}'" in gain for key, title in titles.items() if key != title)


def test_without_such_rows_there_is_one_score(answering):
    assert answering.contents["data"]["repeated"] == 0
    assert all(system["all_rows"] == {} for system in answering.contents["systems"])


def test_the_recall_of_the_right_document_is_told(answering):
    noted = {system["name"]: system["note"] for system in answering.contents["systems"]}
    assert "the right document stood in the prompt for 100% of 12 rows" in noted["retrieval"]
    assert "the right document" in noted["noted"]


def test_the_first_score_is_told_at_once(sorting):
    said = [event.message for event in sorting.events if event.phase == "majority"]
    assert said == ["accuracy 38.9% on 18 test rows"]


@pytest.mark.parametrize("method", ["head", "full"])
def test_each_way_of_tuning_gives_a_model_that_can_be_used(small_base, tmp_path, method):
    stage = {**LORA, "method": method, "epochs": 1}
    plan = write_sorting(tmp_path, small_base("bert"), ["fine_tune"], stages=[stage])
    result = overtone.run(plan, runs=tmp_path)
    assert [place["ok"] for place in result.contents["parity"]] == [True] * 3
    assert overtone.predict(result.folder, tmp_path / "test.csv")[0]["prediction"] in WORDS
    assert check_plan(open_run(result.folder).plan).stages[0].method.name == method


def test_a_model_published_with_documents_answers_as_it_was_measured(roomy_llama, tmp_path):
    plan = write_answering(tmp_path, roomy_llama)
    stage = {"method": "full", "learning_rate": 5e-3, "epochs": 2}
    document = {**json.loads(plan.read_text()), "stages": [stage]}
    searching = {"index": {"name": "bm25", "b": 0.2}, "chunk_words": 8}
    document["decide"]["rivals"] = [document["decide"]["rivals"][-1] | searching]
    articles = [
        {
            "id": word,
            "title": word,
            "text": "Nothing of it stands here at all. " * 2 + f"All about {word} and more.",
        }
        for word in WORDS
    ]
    write_jsonl(tmp_path / "articles.jsonl", articles)
    result = overtone.run(save_plan(plan, document), runs=tmp_path)
    answers = (result.folder / "answers" / "noted.jsonl").read_text().splitlines()
    data = read_data(check_plan(open_run(result.folder).plan), tmp_path)
    write_jsonl(tmp_path / "new.jsonl", [{"prompt": row.question.messages[-1].content} for row in data.test])
    found = overtone.predict(result.folder, tmp_path / "new.jsonl")
    assert [row["prediction"] for row in found] == [json.loads(line).get("text", "") for line in answers]
    system = load_system(result.folder)
    read = decode(system.base, system.encode([Message("user", "more about rain")]))
    assert "All about rain and more." in read and "Nothing" not in read
