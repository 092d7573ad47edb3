"""Plain text from a file to a report: each kind of base is judged, tuned, proven and asked again."""

import pytest

from overtone.api import predict, run
from tests.job.plans import save_plan, write_jsonl
from tests.small import tokenizer, write_base

ROWS = [
    {"text": f"the {word} and the {other}"}
    for word in ("sun", "rain", "wind", "moon")
    for other in "abcdefgh"
]


def base_of(folder, family):
    """A base whose tokenizer has a token that hides."""
    write_base(folder, family)
    own = tokenizer()
    own.mask_token = "<|system|>"
    own.save_pretrained(folder)
    return folder


@pytest.mark.parametrize("family", ["llama", "bert"])
def test_a_run_on_plain_text_is_proven_everywhere(tmp_path, monkeypatch, family):
    monkeypatch.chdir(tmp_path)
    write_jsonl(tmp_path / "texts.jsonl", ROWS)
    stages = [{"method": "full", "epochs": 3, "learning_rate": 3e-3, "batch_rows": 4}]
    base = base_of(tmp_path / "base", family)
    plan = save_plan(
        tmp_path / "plan.yaml",
        {"task": "text", "base": str(base), "data": "texts.jsonl", "stages": stages},
    )
    contents = run(plan).contents
    scores = {one["name"]: one["scores"]["perplexity"]["value"] for one in contents["systems"]}
    assert scores.keys() == {"unigram", "ngram", "as_is", "fine_tune"}
    assert scores["fine_tune"] > 1.2 * scores["as_is"]
    assert scores["ngram"] > scores["unigram"]
    assert [place["ok"] for place in contents["parity"]] == [True] * 3
    section = next(section for section in contents["sections"] if section["name"] == "perplexity")
    assert len(section["tables"][0]["rows"]) == 4
    rows = predict(tmp_path / "runs" / "plan", tmp_path / "texts.jsonl")
    assert all(float(row["prediction"]) < 0 and not row["error"] for row in rows)
