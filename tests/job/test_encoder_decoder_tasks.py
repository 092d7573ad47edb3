"""Encoder-decoders sort, prefer, choose and are taught: whole runs, until the published model is asked."""

import json

import pytest
from safetensors.torch import load_file

import overtone
from overtone.core.errors import UserError
from tests.job.conftest import carry_out
from tests.job.plans import LORA, WORDS, rows, save_plan, write_jsonl
from tests.job.test_encoder_decoder import roomy
from tests.job.test_run import PLACES
from tests.small import write_base

FULL = {**LORA, "method": "full", "learning_rate": 1e-2}


def plan_of(folder, task, written, base, **stage):
    """A plan over rows that are written beside it."""
    write_jsonl(folder / "rows.jsonl", written)
    plan = {
        "task": task,
        "base": str(base),
        "data": "rows.jsonl",
        "stages": [{**FULL, **stage}],
        "decide": {"rivals": ["zero_shot", "fine_tune"]},
    }
    return save_plan(folder / "plan.yaml", plan)


@pytest.fixture(scope="module")
def preferring(tmp_path_factory):
    """T5 that learns to prefer answers with one word to those with another."""
    folder = tmp_path_factory.mktemp("preferring")
    written = [
        {"prompt": row["text"], "chosen": f"gladly {row['label']}", "rejected": f"hardly {row['label']}"}
        for row in rows(90)
    ]
    return carry_out(plan_of(folder, "prefer", written, roomy(folder / "t5"), objective="kto", epochs=4))


@pytest.fixture(scope="module")
def choosing(tmp_path_factory):
    """BART that learns which of three words is the right one, wherever it stands among them."""
    folder = tmp_path_factory.mktemp("choosing")
    first, *others = WORDS
    written = [
        {"question": row["text"], "choices": [*others[: place % 3], first, *others[place % 3 :]]}
        | {"answer": place % 3}
        for place, row in enumerate(rows(90))
    ]
    base = write_base(folder / "bart", "bart", template=False)
    return carry_out(plan_of(folder, "choose", written, base, epochs=4))


@pytest.fixture(scope="module")
def sorting(tmp_path_factory):
    """T5 that learns to sort by its encoder alone."""
    folder = tmp_path_factory.mktemp("sorting")
    plan = plan_of(folder, "classify", rows(90), roomy(folder / "t5"), **{**LORA, "epochs": 8})
    rivals = {"decide": {"rivals": ["majority", "embedding_head", "fine_tune"]}}
    return carry_out(save_plan(plan, json.loads(plan.read_text()) | rivals))


@pytest.fixture(params=["preferring", "choosing", "sorting"])
def job(request):
    return request.getfixturevalue(request.param)


def test_what_is_published_answers_alike_everywhere(job):
    places = job.contents["parity"]
    assert [place["place"] for place in places] == PLACES
    assert all(place["ok"] for place in places) and places[0]["largest_difference"] == 0


def test_it_learns(job):
    deciding, found = job.contents["metrics"][0]["name"], job.contents["systems"]
    scores = {system["name"]: system["scores"][deciding]["value"] for system in found}
    assert all(system["failed"] == 0 for system in found)
    least = scores.get("zero_shot", scores.get("majority"))
    assert scores["fine_tune"] > 0.9 and scores["fine_tune"] > least + 0.2


def test_only_what_reads_learns_to_sort(sorting):
    (tuned,) = (one for one in sorting.contents["systems"] if one["name"] == "fine_tune")
    found = load_file(sorting.folder / "adapter" / "adapter_model.safetensors")
    moved = {name for name, weight in found.items() if "lora_B" in name and weight.any()}
    assert moved and all(".encoder." in name for name in moved)
    assert any(".decoder." in name for name in found)
    learns = sum(weight.numel() for name, weight in found.items() if ".encoder." in name)
    head = load_file(sorting.folder / "adapter" / "head.safetensors")
    assert tuned["trainable_parameters"] == learns + sum(weight.numel() for weight in head.values())


def test_new_pairs_are_ordered(preferring, tmp_path):
    asked = [{"prompt": "now", "chosen": f"gladly {word}", "rejected": f"hardly {word}"} for word in WORDS]
    write_jsonl(tmp_path / "new.jsonl", asked)
    found = overtone.predict(preferring.folder, tmp_path / "new.jsonl")
    assert [row["prediction"] for row in found] == [row["chosen"] for row in asked]


@pytest.mark.parametrize(
    ("objective", "family"),
    [("distill", "t5"), ("distill_answers", "llama"), ("distill_universal", "llama")],
)
def test_a_teacher_of_either_kind_teaches_it(objective, family, tmp_path):
    written = [{"prompt": row["text"], "completion": row["label"]} for row in rows(60)]
    (tmp_path / "teacher").mkdir()
    teacher = roomy(tmp_path / "t5") if family == "t5" else write_base(tmp_path / family, family)
    task = {"name": "answer", "max_tokens": 16}
    taught = carry_out(plan_of(tmp_path / "teacher", task, written, teacher, epochs=5))
    student = roomy(tmp_path / "student")
    learning = {"name": objective, "teacher": str(taught.folder)}
    job = carry_out(plan_of(tmp_path, task, written, student, objective=learning, epochs=5))
    assert all(place["ok"] for place in job.contents["parity"])
    loss = next(curve for curve in job.contents["curves"] if curve["part"] == "train")["points"]
    assert loss[-1][1] < loss[0][1] / 2


def test_gaps_that_are_drawn_anew_cannot_be_taught(tmp_path):
    base, teacher = roomy(tmp_path / "t5"), roomy(tmp_path / "teacher")
    written = [{"text": row["text"]} for row in rows(60)]
    path = plan_of(tmp_path, "text", written, base, objective={"name": "distill", "teacher": str(teacher)})
    plan = save_plan(path, json.loads(path.read_text()) | {"decide": {"rivals": ["fine_tune"]}})
    with pytest.raises(UserError, match="'distill' asks its teacher once, and 'span_corruption'"):
        overtone.run(plan, runs=tmp_path / "runs")
