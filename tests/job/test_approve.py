"""A whole run on marked answers: measured, proven, published, asked again; also after a stage on the good ones."""

import csv
from random import Random

import pytest

import overtone
from overtone import api
from overtone.core.errors import UserError
from overtone.core.example import Message
from overtone.core.task import Task
from overtone.core.tasks.approve import marking
from overtone.data.examples import read_examples
from overtone.data.settings import DataSettings
from overtone.job.rewards import judge_of
from overtone.job.safety.rows import safety_rows
from overtone.objectives.policy_reward import RewardSource
from tests.job.conftest import Job, carry_out
from tests.job.plans import LORA, save_plan, write_csv, write_jsonl, write_sorting
from tests.job.test_staged import section
from tests.train.rows import answered, preferred

STAGE = {**LORA, "epochs": 6, "learning_rate": 1e-2}


def write_marks(path, count, seed):
    """One answer of each of these pairs, each to a prompt of its own; three of four are marked good."""
    random = Random(seed)
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["prompt", "response", "thumbs"])
        for row in preferred(count, seed):
            good = random.random() < 0.75
            writer.writerow(
                [f"{row.input} {row.id}", row.completion if good else row.rejected, "up" if good else "down"]
            )


def plan(folder, base, stages):
    folder.mkdir(parents=True, exist_ok=True)
    write_marks(folder / "train.csv", 120, 0)
    write_marks(folder / "test.csv", 60, 1)
    return {
        "task": {"name": "approve", "max_tokens": 8, "bar": 0.5},
        "base": str(base),
        "data": {"train": "train.csv", "test": "test.csv"},
        "stages": stages,
        "decide": {"rivals": ["answer_length", "majority", "fine_tune"]},
    }


@pytest.fixture(scope="module")
def approving(small_base, tmp_path_factory) -> Job:
    folder = tmp_path_factory.mktemp("approving")
    return carry_out(save_plan(folder / "approve.yaml", plan(folder, small_base("llama"), [STAGE])))


def test_tuning_learns_what_length_does_not_see(approving):
    scores = {one["name"]: one["scores"] for one in approving.contents["systems"]}
    assert scores["fine_tune"]["roc_auc"]["low"] > 0.75
    assert scores["answer_length"]["roc_auc"]["high"] < 0.75
    assert scores["majority"]["roc_auc"]["value"] == 0.5
    assert scores["fine_tune"]["accuracy"]["n"] == 60
    assert approving.contents["best"] == "fine_tune"
    assert approving.contents["task"] == "Tell good answers to a prompt from bad ones"


def test_it_says_the_same_everywhere(approving):
    places = approving.contents["parity"]
    assert [place["ok"] for place in places] == [True] * 3
    assert places[0]["largest_difference"] == 0


def test_chat_judges_and_writes_with_the_tuned_model(approving):
    model = api.chat(approving.folder)
    turns = (Message("user", "red far"),)
    kind, rude = model.answer([marking("a", turns, f"moon {word} go") for word in ("kind", "rude")])
    assert (kind.label, rude.label) == ("good", "bad")
    assert model.can == {"generate", "score", "classify"} and model.max_tokens == 8


def test_new_answers_are_judged_without_marks(approving, command):
    folder = approving.plan.parent
    rows = [
        {"prompt": "red far", "completion": f"moon {word} go {place}"}
        for place, word in enumerate(("kind", "rude"))
    ]
    write_jsonl(folder / "new.jsonl", rows)
    code, out, _ = command(folder, "predict", "approve", "new.jsonl", "-o", "out.csv")
    assert (code, out) == (0, "2 rows answered: out.csv\n")
    found = overtone.predict(approving.folder, folder / "new.jsonl")
    assert [row["prediction"] for row in found] == ["good", "bad"]
    assert all(0.5 <= row["probability"] <= 1 for row in found)


def test_data_show_and_init_know_marks(approving, command):
    folder = approving.plan.parent
    code, out, _ = command(folder, "data", "show", "train.csv", "-n", "1")
    assert code == 0
    assert "Recognised as answers marked good or bad (KTO)" in out and "for the task approve" in out
    assert command(folder, "init", "train.csv", "-o", "first.yaml")[0] == 0
    drafted = api.load_plan(folder / "first.yaml")
    assert (drafted.task.name, drafted.base) == ("approve", "builtin:tiny")


def test_an_encoder_learns_marks_by_a_head(approving, small_base, tmp_path):
    stage = {"method": "full", "epochs": 6, "learning_rate": 3e-3, "batch_rows": 8}
    job = carry_out(save_plan(tmp_path / "p.yaml", plan(tmp_path, small_base("bert"), [stage])))
    tuned = next(one for one in job.contents["systems"] if one["name"] == "fine_tune")
    assert tuned["scores"]["roc_auc"]["low"] > 0.75
    assert all(place["ok"] for place in job.contents["parity"])
    judge = judge_of(Task.model_validate("answer"), RewardSource(model=str(job.folder)))
    kind, rude = judge(answered(2, 0), ["moon kind go", "moon rude go"])
    assert kind > 0.5 > rude


def test_the_model_rewards_drawn_answers_by_how_probably_good_they_are(approving):
    judge = judge_of(Task.model_validate("answer"), RewardSource(model=str(approving.folder)))
    rows = answered(2, 0)
    kind, rude = judge(rows, ["kind red far moon go", "rude red far moon go"])
    assert 1 >= kind > 0.5 > rude >= 0
    model = api.chat(approving.folder)
    (asked,) = model.answer([marking("a", rows[0].question.messages, "kind red far moon go")])
    assert kind == pytest.approx(asked.probabilities["good"], abs=1e-6)
    with pytest.raises(UserError, match="tokens, the context holds 128: ask for shorter answers"):
        judge(rows[:1], ["far " * 200])


def test_safety_rows_hold_swapped_answers_that_are_read_again(small_base, tmp_path):
    path = save_plan(tmp_path / "p.yaml", plan(tmp_path, small_base("llama"), [STAGE]))
    rows = [
        {
            "prompt": f"I am Paul, number {place}",
            "response": f"Hello Paul {place}",
            "thumbs": ("up", "down")[place % 2],
        }
        for place in range(40)
    ]
    write_csv(tmp_path / "train.csv", rows)
    made = safety_rows(path)
    assert made and all({"prompt", "response", "thumbs"} <= row.keys() for row in made)
    write_jsonl(tmp_path / "more.jsonl", made)
    read = read_examples(
        tmp_path / "more.jsonl", Task.model_validate("approve"), DataSettings(train="more.jsonl")
    )
    assert len(read.kept) == len(made)
    assert all(row.choices[0].split()[1] in row.messages[0].content for row in read.kept)
    assert not any("Paul" in row.text for row in read.kept)


def test_kto_is_refused_where_texts_are_sorted(small_base, tmp_path):
    folder = tmp_path / "sorting"
    path = write_sorting(folder, small_base("llama"), ["fine_tune"], stages=[{**STAGE, "objective": "kto"}])
    with pytest.raises(UserError, match=r"'kto' does not train for the task 'classify': .* use 'classify'"):
        overtone.run(path, runs=folder / "runs")


def test_a_stage_on_the_good_answers_goes_before(small_base, tmp_path):
    first = {**LORA, "epochs": 2, "task": {"name": "answer", "max_tokens": 8}, "data": "train.csv"}
    job = carry_out(save_plan(tmp_path / "p.yaml", plan(tmp_path, small_base("llama"), [first, STAGE])))
    tuned = next(one for one in job.contents["systems"] if one["name"] == "fine_tune")
    assert tuned["scores"]["roc_auc"]["low"] > 0.6
    _, matrix, _ = section(job.contents, "forgetting")["tables"]
    assert [row[0] for row in matrix["rows"]] == ["as it was", "after stage 1", "after stage 2"]
    assert all("[" in cell for row in matrix["rows"] for cell in row[1:])
