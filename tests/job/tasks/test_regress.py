"""A whole run on texts with numbers: measured, proven, published, asked again."""

import json

import pytest

import overtone
from overtone.core.errors import UserError
from tests.job.conftest import Job, carry_out
from tests.job.plans import save_plan, write_csv

WORTH = {"good": 3.0, "fair": 0.5, "bad": -4.0}
PLACES = ("here", "there", "inn", "bar", "cafe")
STAGE = {"method": {"name": "lora", "rank": 4}, "epochs": 8, "batch_rows": 8, "learning_rate": 5e-3}


def rated(count, first=0):
    """Texts whose three words add up to their number."""
    found = []
    for place in range(first, first + count):
        words = [list(WORTH)[place % 3], list(WORTH)[place // 3 % 3], list(WORTH)[place // 9 % 3]]
        text = f"{PLACES[place % 5]} {place}: {' '.join(words)}"
        found.append({"review": text, "stars": sum(WORTH[word] for word in words)})
    return found


@pytest.fixture(scope="module")
def rating(small_base, tmp_path_factory) -> Job:
    folder = tmp_path_factory.mktemp("rating")
    write_csv(folder / "train.csv", [*rated(108), {"review": "odd", "stars": "none"}])
    write_csv(folder / "test.csv", rated(40, 200))
    plan = {
        "task": {
            "name": "regress",
            "metric": "spearman",
            "bar": 0.3,
            "metrics": [{"name": "within", "tolerance": 1}],
        },
        "base": str(small_base("bert")),
        "data": {"train": "train.csv", "test": "test.csv"},
        "stages": [STAGE],
    }
    return carry_out(save_plan(folder / "rate.yaml", plan))


def scores_of(job, metric):
    return {one["name"]: one["scores"][metric] for one in job.contents["systems"]}


def test_every_rival_of_numbers_is_measured(rating):
    scores = scores_of(rating, "spearman")
    assert scores.keys() == {"mean_number", "tfidf_ridge", "embedding_ridge", "fine_tune"}
    assert scores["mean_number"]["value"] == 0 == scores_of(rating, "r2")["mean_number"]["value"]
    assert scores["tfidf_ridge"]["low"] > 0.5 and scores["fine_tune"]["low"] > 0.3
    assert scores_of(rating, "within")["tfidf_ridge"]["method"] == "wilson"
    assert rating.contents["task"] == "Give each text a number"
    assert rating.contents["data"]["dropped"] == {"number that is none": 1}


def test_the_model_says_the_same_everywhere(rating):
    places = rating.contents["parity"]
    assert [place["ok"] for place in places] == [True] * 3
    assert places[0]["largest_difference"] == 0


def test_predict_gives_numbers_in_their_own_unit(rating, command):
    folder = rating.plan.parent
    write_csv(folder / "new.csv", [{"review": row["review"]} for row in rated(18, 300)])
    code, _, _ = command(folder, "predict", "rate", "new.csv", "-o", "out.csv")
    assert code == 0
    rows = overtone.predict(rating.folder, folder / "new.csv")
    assert all(isinstance(row["prediction"], float) and row["error"] == "" for row in rows)
    assert min(row["prediction"] for row in rows) < 0 < max(row["prediction"] for row in rows)
    assert "'-" not in (folder / "out.csv").read_text()


def test_the_scale_of_the_training_rows_is_kept_with_the_model(rating):
    card = json.loads((rating.folder / "adapter" / "artifact.json").read_text())
    assert card["objective"]["deviation"] > 3 and -2 < card["objective"]["mean"] < 1


def test_a_column_without_numbers_is_refused_in_words(rating, small_base):
    folder = rating.plan.parent
    write_csv(folder / "words.csv", [{"review": row["review"], "stars": "many"} for row in rated(9)])
    plan = json.loads(rating.plan.read_text()) | {"data": {"train": "words.csv"}}
    with pytest.raises(UserError, match=r"words.csv: no row is left .* \(number that is none: 9\)"):
        overtone.run(save_plan(folder / "words.yaml", plan), runs=folder / "runs")
