"""A whole run on questions about passages: measured, proven, published, asked again."""

import json
import random

import pytest

import overtone
from overtone.core.errors import UserError
from tests.job.conftest import Job, carry_out
from tests.job.plans import save_plan, write_jsonl

STAGE = {
    "method": {"name": "lora", "rank": 8},
    "epochs": 12,
    "learning_rate": 1e-2,
    "head_learning_rate": 3e-2,
}
THINGS = ("sun", "moon", "rain")


def asked(count, seed):
    """Passages that give a number between signs; every third is longer than the base's context."""
    draw = random.Random(seed)
    found = []
    for place in range(count):
        thing, number = draw.choice(THINGS), str(draw.randint(100, 999))
        filling = "a bit of it. " * (20 if place % 3 == 0 else draw.randint(1, 3))
        passage = f"{filling}the {thing} has #{number}# up. {place}"
        start = passage.index(f"#{number}#")
        found.append(
            {
                "question": f"how many {thing}?",
                "context": passage,
                "answers": {"text": [f"#{number}#", number], "answer_start": [start, start + 1]},
            }
        )
    return found


@pytest.fixture(scope="module", params=["bert", "llama"])
def extracting(request, small_base, tmp_path_factory) -> Job:
    folder = tmp_path_factory.mktemp("extracting")
    train = asked(90, 0)
    documents = [{"id": f"d{place}", "text": row.pop("context")} for place, row in enumerate(train)]
    write_jsonl(folder / "documents.jsonl", documents)
    write_jsonl(folder / "train.jsonl", [{**row, "doc_id": f"d{place}"} for place, row in enumerate(train)])
    write_jsonl(folder / "test.jsonl", [*asked(30, 1), {"question": "why?", "answers": ""}])
    plan = {
        "task": {"name": "extract", "max_tokens": 8},
        "base": str(small_base(request.param)),
        "data": {"train": "train.jsonl", "test": "test.jsonl", "documents": "documents.jsonl"},
        "stages": [STAGE],
    }
    return carry_out(save_plan(folder / "extract.yaml", plan))


def scores_of(job, metric):
    return {one["name"]: one["scores"][metric] for one in job.contents["systems"]}


def test_spans_are_found_in_passages_longer_than_the_context(extracting):
    scores = scores_of(extracting, "exact_match")
    assert scores.keys() == {"nearest_sentence", "fine_tune"}
    assert (
        scores["nearest_sentence"]["value"]
        == 0
        < scores_of(extracting, "token_f1")["nearest_sentence"]["value"]
    )
    assert scores["fine_tune"]["low"] > 0.4
    assert extracting.contents["data"]["dropped"] == {"no answer": 1}


def test_the_model_says_the_same_everywhere(extracting):
    places = extracting.contents["parity"]
    assert [place["ok"] for place in places] == [True] * 3
    assert places[0]["largest_difference"] == 0


def test_predict_answers_from_the_passage_of_each_row(extracting):
    folder = extracting.plan.parent
    rows = [{"question": row["question"], "context": row["context"]} for row in asked(9, 2)]
    write_jsonl(folder / "new.jsonl", [*rows, {"question": "why?"}])
    *answered, bare = overtone.predict(extracting.folder, folder / "new.jsonl")
    assert all(row["prediction"] in row["context"] and row["error"] == "" for row in answered)
    assert bare["error"] == "a question without its passage"


def test_a_document_that_is_not_there_is_refused_in_words(extracting):
    folder = extracting.plan.parent
    plan = json.loads(extracting.plan.read_text())
    plan["data"] = {"train": "train.jsonl"}
    with pytest.raises(UserError, match=r"train.jsonl:1: its passage should be the document 'd0'"):
        overtone.run(save_plan(folder / "lost.yaml", plan), runs=folder / "runs")
