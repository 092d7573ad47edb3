"""A whole run on preference pairs: measured, proven, published, asked again."""

import json

import pytest

import overtone
from overtone import api
from overtone.core.errors import UserError
from overtone.runs.metrics import read_metrics
from tests.job.conftest import Job, carry_out
from tests.job.plans import LORA, save_plan, write_jsonl
from tests.train.rows import preferred

STAGE = {**LORA, "epochs": 3, "learning_rate": 1e-2}


def plain(count, seed):
    """Pairs as a file holds them, each with a prompt of its own."""
    return [
        {"prompt": f"{row.input} {row.id}", "chosen": row.completion, "rejected": row.rejected}
        for row in preferred(count, seed)
    ]


@pytest.fixture(scope="module")
def preferring(small_base, tmp_path_factory) -> Job:
    folder = tmp_path_factory.mktemp("preferring")
    write_jsonl(folder / "train.jsonl", [*plain(90, 0), {"prompt": "p", "chosen": "a", "rejected": "a"}])
    write_jsonl(
        folder / "test.jsonl", [*plain(40, 1), {"prompt": "far " * 40, "chosen": "a", "rejected": "b"}]
    )
    plan = {
        "task": {"name": "prefer", "max_tokens": 8, "bar": 0.5},
        "base": str(small_base("llama")),
        "data": {"train": "train.jsonl", "test": "test.jsonl"},
        "stages": [STAGE],
        "decide": {"rivals": ["answer_length", "zero_shot", "fine_tune"]},
    }
    return carry_out(save_plan(folder / "prefer.yaml", plan))


def score_of(job, name):
    return next(system for system in job.contents["systems"] if system["name"] == name)


def test_tuning_learns_what_length_and_the_base_do_not_see(preferring):
    scores = {one["name"]: one["scores"]["preference_accuracy"] for one in preferring.contents["systems"]}
    assert scores.keys() == {"answer_length", "zero_shot", "fine_tune"}
    assert all(score["n"] > 35 and score["method"] == "wilson" for score in scores.values())
    assert scores["fine_tune"]["low"] > 0.75
    assert preferring.contents["best"] == "fine_tune"
    assert preferring.contents["task"] == "Prefer the better of two answers to each prompt"
    assert score_of(preferring, "fine_tune")["comparisons"] == {}
    assert score_of(preferring, "zero_shot")["comparisons"]["preference_accuracy"]["test"] == "exact McNemar"
    assert score_of(preferring, "answer_length")["kind"] == "baseline"


def test_a_pair_too_long_to_read_is_counted_as_an_error(preferring):
    assert score_of(preferring, "zero_shot")["failed"] == score_of(preferring, "fine_tune")["failed"] == 1
    assert score_of(preferring, "answer_length")["failed"] == 0
    said = [error["given"] for error in preferring.contents["errors"] if error["wanted"] == "a"]
    assert [sentence.split(",")[1] for sentence in said] == [" the context holds 128"]


def test_the_model_says_the_same_everywhere(preferring):
    places = preferring.contents["parity"]
    assert [place["ok"] for place in places] == [True] * 3
    assert places[0]["largest_difference"] == 0
    references = json.loads((preferring.folder / "candidates/fine_tune/references.json").read_text())
    assert len(references["numbers"]) == 2 * len(references["examples"])  # chosen and rejected of each pair


def test_loss_accuracy_and_margin_are_kept_of_each_step(preferring):
    lines = [
        line
        for line in read_metrics(preferring.folder / "metrics.jsonl")
        if line["phase"] == "train fine_tune"
    ]
    assert all({"loss", "accuracy", "margin"} <= set(line) for line in lines if "rate factor" in line)
    assert any("validation accuracy" in line and "validation margin" in line for line in lines)


def test_the_report_accounts_for_every_row_and_shows_the_best(preferring):
    assert preferring.contents["data"]["dropped"] == {"chosen and rejected are the same": 1}
    card, page = ((preferring.folder / name).read_text() for name in ("card.md", "report.html"))
    assert "Preference accuracy" in card and "Preference accuracy" in page
    assert "dpo" in card


def test_predict_gives_the_preferred_answer_of_each_pair(preferring, command):
    folder = preferring.plan.parent
    found = plain(12, 2)
    write_jsonl(folder / "new.jsonl", [*found, {"prompt": "p", "chosen": "a", "rejected": "a"}])
    code, out, _ = command(folder, "predict", "prefer", "new.jsonl", "-o", "out.csv")
    assert (code, out) == (0, "13 rows answered: out.csv\n")
    *rows, same = overtone.predict(preferring.folder, folder / "new.jsonl")
    assert sum(row["prediction"] == row["chosen"] for row in rows) >= 11
    assert all(0.5 <= row["probability"] <= 1 for row in rows)
    assert same["error"] == "chosen and rejected are the same"


def test_evaluate_gives_the_same_scores_on_the_same_rows(preferring, command):
    code, out, _ = command(preferring.plan.parent, "evaluate", "prefer", "--data", "test.jsonl", "--json")
    (again,) = json.loads(out)["systems"]
    tuned = score_of(preferring, "fine_tune")
    assert code == 0
    assert again["scores"] == (tuned["all_rows"] or tuned["scores"])


def test_chat_writes_with_the_tuned_model(preferring):
    system = api.chat(preferring.folder)
    assert system.can >= {"generate", "prefer"}
    assert system.max_tokens == 8


def test_data_show_and_init_know_pairs(preferring, command):
    folder = preferring.plan.parent
    code, out, _ = command(folder, "data", "show", "train.jsonl", "-n", "1")
    row = plain(1, 0)[0]
    assert code == 0
    assert "Recognised as preference pairs" in out and "for the task prefer" in out
    assert "91 rows read = 90 kept, 1 dropped: chosen and rejected are the same." in out
    assert f"-> {row['chosen']}\nnot {row['rejected']}" in out
    code, _, _ = command(folder, "init", "train.jsonl", "-o", "first.yaml")
    assert code == 0
    drafted = api.load_plan(folder / "first.yaml")
    assert (drafted.task.name, drafted.base) == ("prefer", "builtin:tiny")


def test_data_show_with_a_base_colours_both_answers(preferring, small_base):
    seen = api.show_data(preferring.plan.parent / "train.jsonl", base=str(small_base("llama")), rows=1)
    shown = ["".join(text for text, trained in one["pieces"] if trained) for one in seen["examples"]]
    row = plain(1, 0)[0]
    assert shown == [f"{row['chosen']}<|end|>", f"{row['rejected']}<|end|>"]


def test_an_encoder_and_a_base_without_a_template_are_refused(preferring, small_base, tmp_path):
    folder = preferring.plan.parent
    document = json.loads(preferring.plan.read_text())
    stages = [{**STAGE, "objective": "dpo"}]
    changes = {"base": str(small_base("bert")), "stages": stages, "decide": {"rivals": ["fine_tune"]}}
    plan = save_plan(folder / "encoder.yaml", {**document, **changes})
    with pytest.raises(UserError, match="'dpo' needs a base of kind decoder"):
        overtone.run(plan, runs=tmp_path)
    assert not any(tmp_path.iterdir())
