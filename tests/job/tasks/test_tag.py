"""A whole run on words with tags: measured, proven, published, asked again."""

import json
import random

import pytest

from tests.job.conftest import Job, carry_out
from tests.job.plans import save_plan, write_jsonl

CITIES, DAYS = ("Rome", "New York", "Bern", "Old Ely"), ("monday", "friday", "sunday")
STAGE = {
    "method": {"name": "lora", "rank": 8},
    "epochs": 16,
    "learning_rate": 1e-2,
    "head_learning_rate": 3e-2,
}


def tagged(count, seed):
    """Texts with a place, in one word or two, and a day, in either order."""
    draw = random.Random(seed)
    found = []
    for place in range(count):
        city, day = draw.choice(CITIES).split(), draw.choice(DAYS)
        tags = ["B-city", "I-city"][: len(city)]
        words = ["go", str(100 + place + 200 * seed), "to", *city, "on", day]
        found.append({"tokens": words, "tags": ["O", "O", "O", *tags, "O", "B-day"]})
    return found


@pytest.fixture(scope="module", params=["bert", "llama"])
def tagging(request, small_base, tmp_path_factory) -> Job:
    folder = tmp_path_factory.mktemp("tagging")
    write_jsonl(folder / "train.jsonl", [*tagged(90, 0), {"tokens": ["a", "b"], "tags": ["O"]}])
    lines = [
        "\n".join(f"{word}\t{tag}" for word, tag in zip(row["tokens"], row["tags"])) for row in tagged(30, 1)
    ]
    (folder / "test.conll").write_text("\n\n".join(lines) + "\n")
    plan = {
        "task": {"name": "tag", "bar": 0.5},
        "base": str(small_base(request.param)),
        "data": {"train": "train.jsonl", "test": "test.conll"},
        "stages": [STAGE],
    }
    return carry_out(save_plan(folder / "tag.yaml", plan))


def scores_of(job, metric):
    return {one["name"]: one["scores"][metric] for one in job.contents["systems"]}


def test_every_rival_of_words_is_measured(tagging):
    scores = scores_of(tagging, "entity_f1")
    assert scores.keys() == {"word_tag", "word_features", "fine_tune"}
    assert scores["word_features"]["value"] > 0.95 and scores["fine_tune"]["low"] > 0.5
    assert all(score["n"] == 30 for score in scores.values())
    assert scores_of(tagging, "word_accuracy")["fine_tune"]["value"] > 0.8
    assert tagging.contents["data"]["dropped"] == {"not as many tags as words": 1}


def test_the_model_says_the_same_everywhere(tagging):
    places = tagging.contents["parity"]
    assert [place["ok"] for place in places] == [True] * 3
    assert places[0]["largest_difference"] == 0


def test_predict_gives_spans(tagging, command):
    folder = tagging.plan.parent
    write_jsonl(folder / "new.jsonl", [{"tokens": row["tokens"]} for row in tagged(12, 2)])
    code, _, _ = command(folder, "predict", "tag", "new.jsonl", "-o", "out.jsonl")
    assert code == 0
    rows = [json.loads(line) for line in (folder / "out.jsonl").read_text().splitlines()]
    found = [span for row in rows for span in row["prediction_spans"]]
    assert {"city", "day"} >= {span["label"] for span in found} and len(found) >= 12
    for row in rows:
        assert len(row["prediction"].split()) == len(row["tokens"])
        for span in row["prediction_spans"]:
            assert span["text"] == " ".join(row["tokens"][span["start"] : span["end"]])


def test_evaluate_gives_the_same_scores_on_the_same_rows(tagging, command):
    code, out, _ = command(tagging.plan.parent, "evaluate", "tag", "--data", "test.conll", "--json")
    (again,) = json.loads(out)["systems"]
    assert code == 0
    assert again["scores"]["entity_f1"] == scores_of(tagging, "entity_f1")["fine_tune"]
