"""A run that answers from documents with an encoder: questions as SQuAD marks them, nothing tuned."""

import json

import pytest

import overtone
from overtone.core.errors import UserError
from overtone.job.safety.rows import safety_rows
from tests.job.plans import save_plan, write_jsonl

TOPICS = ("sun", "rain", "wind", "snow")


def write_questions(folder, base, **changes):
    """40 questions about 40 documents of three sentences, of which the second is the answer."""
    names = [f"{TOPICS[row % 4]} {row}" for row in range(40)]
    write_jsonl(
        folder / "documents.jsonl",
        [
            {"id": f"d{row}", "text": f"This is so. The {name} comes at noon. It goes."}
            for row, name in enumerate(names)
        ],
    )
    write_jsonl(
        folder / "questions.jsonl",
        [
            {
                "doc_id": f"d{row}",
                "question": f"When does the {name} come?",
                "answers": {"text": [f"The {name} comes", "at noon"], "answer_start": [12, 20]},
            }
            for row, name in enumerate(names)
        ],
    )
    plan = {
        "task": {"name": "answer", "metric": "token_f1"},
        "base": str(base),
        "data": {"train": "questions.jsonl", "documents": "documents.jsonl", "group": "doc_id"},
        "decide": {"rivals": ["canned_reply", {"name": "extract_answer", "index": "bm25", "by": "words"}]},
        **changes,
    }
    return save_plan(folder / "ask.yaml", plan)


def test_it_answers_with_cited_sentences(small_base, tmp_path):
    plan = write_questions(tmp_path, small_base("bert"))
    overtone.run(plan, runs=tmp_path / "runs")
    folder = tmp_path / "runs" / "ask"
    about = json.loads((folder / "answers" / "extract_answer.json").read_text())
    answers = list(map(json.loads, (folder / "answers" / "extract_answer.jsonl").read_text().splitlines()))
    assert all("noon" in answer["text"] for answer in answers)
    assert about["facts"]["gold_document_recall"] == about["facts"]["answers_that_cite_gold"] == 1


def test_an_encoder_that_names_no_rivals_is_refused(small_base, tmp_path):
    plan = write_questions(tmp_path, small_base("bert"), decide={})
    with pytest.raises(UserError, match=r"cannot be tuned for the task 'answer'.*decide\.rivals"):
        overtone.run(plan, runs=tmp_path / "runs")


def test_safety_rows_of_joined_texts_can_be_read_again(small_base, tmp_path):
    rows = [
        {
            "title": f"Letter {row}",
            "body": f"Anna Schmidt asks about {TOPICS[row % 4]}.",
            "label": TOPICS[row % 2],
        }
        for row in range(40)
    ]
    write_jsonl(tmp_path / "rows.jsonl", rows)
    contents = {
        "task": "classify",
        "base": str(small_base("bert")),
        "data": {"train": "rows.jsonl", "columns": {"text": ["title", "body"]}},
    }
    plan = save_plan(tmp_path / "plan.yaml", contents)
    made = safety_rows(plan, with_train=True)
    assert {"title", "body", "label"} <= made[0].keys() and made[0]["body"] == ""
    assert made[0]["title"].count("\n\n") == 1
