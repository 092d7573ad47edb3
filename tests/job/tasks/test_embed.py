"""A whole run on queries and passages: measured, proven, published, asked again."""

import json
import random

import pytest

import overtone
from overtone.core.example import Question
from overtone.retrieve.encoder import load_encoder
from overtone.train.artifact import load_artifact
from tests.job.conftest import Job, carry_out
from tests.job.plans import save_plan, write_jsonl

STAGE = {"method": {"name": "lora", "rank": 16}, "epochs": 12, "batch_rows": 16, "learning_rate": 1e-2}
CODE = dict(zip("abcdefghij", "QRSTUVWXYZ", strict=True))


def pairs(count, seed):
    """Queries of small letters; the passage has another letter for each, so that no word is shared."""
    draw = random.Random(seed)
    found = []
    for _ in range(count):
        letters = [draw.choice("abcdefghij") for _ in range(3)]
        words = [letter * draw.randint(3, 5) for letter in letters]
        found.append(
            {"query": " ".join(words), "positive": " ".join(CODE[word[0]] * len(word) for word in words)}
        )
    return found


@pytest.fixture(scope="module", params=["bert", "llama"])
def embedding(small_base, tmp_path_factory, request) -> Job:
    folder = tmp_path_factory.mktemp("embedding")
    write_jsonl(folder / "train.jsonl", pairs(150, 0))
    write_jsonl(folder / "test.jsonl", pairs(40, 1))
    plan = {
        "task": "embed",
        "base": str(small_base(request.param)),
        "data": {"train": "train.jsonl", "test": "test.jsonl"},
        "stages": [STAGE],
    }
    return carry_out(save_plan(folder / "embed.yaml", plan))


def scores_of(job, metric):
    return {one["name"]: one["scores"][metric] for one in job.contents["systems"]}


def test_tuning_brings_queries_near_their_passages(embedding):
    scores = scores_of(embedding, "recall_at")
    assert scores.keys() == {"popularity", "bm25", "frozen_embedding", "fine_tune"}
    assert scores["bm25"]["value"] == 0
    assert scores["fine_tune"]["low"] > scores["frozen_embedding"]["high"]
    assert scores_of(embedding, "reciprocal_rank")["fine_tune"]["value"] <= 1


def test_the_model_says_the_same_everywhere(embedding):
    places = embedding.contents["parity"]
    assert [place["ok"] for place in places] == [True] * 3
    assert places[0]["largest_difference"] == 0


def likes(users, seed):
    """What each user liked next: four things of one kind, which share no letter, in an order of the user's own."""
    draw = random.Random(seed)
    kinds = ["abcd", "efgh", "ijkl", "mnop"]
    for user in range(users):
        things = [letter * 4 for letter in draw.sample(draw.choice(kinds), 4)]
        for first in (2, 3):
            yield {"user": f"u{user}", "query": " ".join(things[:first]), "positive": things[first]}


def test_recommendations_are_judged_on_users_that_were_not_learned_from(small_base, tmp_path):
    write_jsonl(tmp_path / "likes.jsonl", likes(160, 0))
    plan = {
        "task": {"name": "embed", "metric": {"name": "recall_at", "count": 4}},
        "base": str(small_base("bert")),
        "data": {"train": "likes.jsonl", "group": "user"},
        "stages": [{"method": "full", "learning_rate": 1e-3, "epochs": 4}],
        "decide": {"rivals": ["popularity", "fine_tune"]},
    }
    job = carry_out(save_plan(tmp_path / "likes.yaml", plan))
    scores = scores_of(job, "recall_at")
    assert scores["fine_tune"]["low"] > scores["popularity"]["high"]
    judged = [json.loads(line) for line in (job.folder / "test.jsonl").read_text().splitlines()]
    assert len(judged) == 2 * len({row["group"] for row in judged})


def test_predict_gives_the_nearest_passage(embedding):
    folder = embedding.plan.parent
    write_jsonl(folder / "new.jsonl", [{"query": row["query"]} for row in pairs(5, 1)])
    rows = overtone.predict(embedding.folder, folder / "new.jsonl")
    known = {row["positive"] for row in (*pairs(150, 0), *pairs(40, 1))}
    assert all(row["prediction"] in known for row in rows)


def test_a_base_tuned_whole_searches_documents_as_the_tuned_model_does(small_base, tmp_path):
    write_jsonl(tmp_path / "rows.jsonl", pairs(60, 2))
    plan = {
        "task": "embed",
        "base": str(small_base("llama")),
        "data": "rows.jsonl",
        "stages": [{**STAGE, "method": "full", "epochs": 1}],
    }
    job = carry_out(save_plan(tmp_path / "whole.yaml", plan))
    found = load_encoder(str(job.folder / "model"), lambda: None).embed(["aaa bbb"])[0]
    tuned = load_artifact(job.folder / "model").system().predict([Question("1", "aaa bbb")])
    assert tuned[0]["embedding"] == pytest.approx(found.tolist(), abs=1e-5)


def test_documents_are_cut_and_the_piece_with_the_answer_is_wanted(small_base, tmp_path):
    text = "one two three four five six seven eight nine ten. " * 2 + "the key is gold here now and then."
    write_jsonl(tmp_path / "documents.jsonl", [{"id": "a", "text": text}, {"id": "b", "text": "other " * 20}])
    rows = [{"question": f"key {place}", "doc_id": "a", "answers": {"text": ["gold"]}} for place in range(20)]
    write_jsonl(tmp_path / "train.jsonl", rows)
    plan = {
        "task": {"name": "embed", "chunk_words": 10, "metric": {"name": "recall_at", "count": 1}},
        "base": str(small_base("bert")),
        "data": {"train": "train.jsonl", "documents": "documents.jsonl"},
        "decide": {"rivals": ["passage_search"]},
    }
    job = carry_out(save_plan(tmp_path / "cut.yaml", plan))
    (line, *_) = (job.folder / "answers" / "passage_search.jsonl").read_text().splitlines()
    assert json.loads(line)["documents"][0].startswith("a#")
    assert scores_of(job, "recall_at")["passage_search"]["value"] == 1
