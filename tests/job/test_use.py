"""What a finished run is for: answering files, talking, serving, being judged again, being listed."""

import csv
import io
import json
import shutil

import openai
import pytest

from overtone import api
from overtone.core.errors import UserError
from overtone.runs.open import open_run
from overtone.serve.server import build_app, running
from tests.job.plans import WORDS, rows, write_csv, write_jsonl

KEY = "ot-test"


@pytest.fixture
def client():
    """Clients of models served on a free loopback port, as `overtone serve` serves them."""
    clients = []

    def ask(job):
        system = api.chat(job.folder)
        server = running(build_app({job.folder.name: system}, key=KEY))
        url = server.__enter__()
        client = openai.OpenAI(base_url=f"{url}/v1", api_key=KEY, max_retries=0, timeout=20)
        clients.append((client, server))
        return client

    yield ask
    for client, server in clients:
        client.close()
        server.__exit__(None, None, None)


def test_predict_writes_a_sheet_with_the_rows_own_columns_first(sorting, command):
    folder = sorting.plan.parent
    write_csv(folder / "new.csv", [*rows(3, first=300), {"text": "x" * 200, "label": ""}])
    code, out, _ = command(folder, "predict", "sort", "new.csv", "-o", "out.csv")
    assert (code, out) == (0, "4 rows answered: out.csv\n")
    with (folder / "out.csv").open(newline="") as file:
        found = list(csv.DictReader(file))
    assert list(found[0]) == ["text", "label", "prediction", "probability", "error"]
    assert all(row["prediction"] in WORDS and 0 < float(row["probability"]) < 1 for row in found[:3])
    assert found[3]["prediction"] == ""
    assert found[3]["error"] == "the text has 202 tokens, the base reads 128"


def test_predict_leaves_columns_of_its_own_names_alone(sorting, command):
    folder = sorting.plan.parent
    write_csv(
        folder / "seen.csv", [{**row, "error": "mine", "prediction_2": ""} for row in rows(2, first=300)]
    )
    code, _, said = command(folder, "predict", "sort", "seen.csv", "-o", "seen_out.csv")
    assert code == 0
    assert "answers go into prediction_3, probability_3, error_3" in said
    with (folder / "seen_out.csv").open(newline="") as file:
        found = list(csv.DictReader(file))
    assert list(found[0])[2:] == ["error", "prediction_2", "prediction_3", "probability_3", "error_3"]
    assert all(row["error"] == "mine" and row["prediction_3"] in WORDS for row in found)


def test_predict_writes_json_lines_that_repeat(answering, command):
    folder = answering.plan.parent
    write_jsonl(folder / "new.jsonl", [{"prompt": row["text"]} for row in rows(3, first=300)])
    code, out, _ = command(folder, "predict", "answer", "new.jsonl", "-o", "out.jsonl", "--json")
    assert (code, json.loads(out)) == (0, {"output": "out.jsonl", "rows": 3})
    found = [json.loads(line) for line in (folder / "out.jsonl").read_text().splitlines()]
    assert all(isinstance(row["prediction"], str) and row["error"] == "" for row in found)
    assert found == api.predict(answering.folder, folder / "new.jsonl")


def test_evaluate_gives_the_same_scores_on_the_same_rows(sorting, command):
    folder = sorting.plan.parent
    code, out, _ = command(folder, "evaluate", "sort", "--data", "test.csv", "--json")
    tuned = next(system for system in sorting.contents["systems"] if system["name"] == "fine_tune")
    (again,) = json.loads(out)["systems"]
    assert code == 0
    assert again["scores"] == tuned["all_rows"]


def test_evaluate_says_which_labels_the_model_never_saw(sorting, tmp_path):
    write_csv(tmp_path / "new.csv", [*rows(4), {"text": "a moon", "label": "moon"}])
    assert api.evaluate(sorting.folder, tmp_path / "new.csv")["warnings"][1:] == [
        "1 of 5 rows carry a label that the model was never taught ('moon') and count as wrong."
    ]


def test_a_model_without_its_weights_is_refused(sorting, tmp_path):
    shutil.copytree(sorting.folder, tmp_path / "sort")
    for weights in (tmp_path / "sort" / "adapter").glob("*.safetensors"):
        weights.unlink()
    with pytest.raises(UserError, match="adapter has lost its weights: put its"):
        api.chat(tmp_path / "sort")


def test_two_runs_of_one_name_are_not_served_together(sorting):
    with pytest.raises(UserError, match="same name"):
        api.serve([sorting.folder, sorting.folder])


def test_chat_sorts_a_line_or_talks(sorting, answering, command, monkeypatch):
    for job in (sorting, answering):
        monkeypatch.setattr("sys.stdin", io.StringIO("red sun number 7\nagain\n\n"))
        code, out, _ = command(job.plan.parent, "chat", job.folder.name, "--json")
        turns = json.loads(out)
        assert code == 0
        assert [turn["input"] for turn in turns] == ["red sun number 7", "again"]
        assert all(("probabilities" in turn) == (job is sorting) for turn in turns)


def test_a_served_classifier_gives_its_own_probabilities(sorting, client):
    asked = client(sorting)
    assert [model.id for model in asked.models.list()] == ["sort"]
    reply = asked.post("/classify", cast_to=object, body={"model": "sort", "input": ["red sun number 7"]})
    system = api.chat(sorting.folder)
    (own,) = system.probabilities([system.base.tokenizer("red sun number 7")["input_ids"]])
    served = reply["data"][0]["probabilities"]
    assert [served[label] for label in system.labels] == pytest.approx(own, abs=1e-6)


def test_a_served_writer_answers_and_gives_log_probabilities(answering, client):
    asked = client(answering)
    turns = [{"role": "user", "content": "red sun number 7"}]
    whole = asked.chat.completions.create(model="answer", messages=turns, max_tokens=6, temperature=0)
    parts = asked.chat.completions.create(
        model="answer", messages=turns, max_tokens=6, temperature=0, stream=True
    )
    assert whole.choices[0].message.content == "".join(
        part.choices[0].delta.content or "" for part in parts if part.choices
    )
    echoed = asked.completions.create(model="answer", prompt="sun", max_tokens=0, echo=True, logprobs=0)
    first, *rest = echoed.choices[0].logprobs.token_logprobs
    assert first is None
    assert all(number < 0 for number in rest)


def test_a_server_keeps_those_without_the_key_out(sorting, client):
    asked = client(sorting)
    with pytest.raises(openai.AuthenticationError):
        asked.with_options(api_key="other").models.list()


def test_runs_are_listed_and_shown_in_full_width_where_no_terminal_limits_it(sorting, command):
    folder = sorting.plan.parent
    listed = json.loads(command(folder, "runs", "list", "--json")[1])
    assert next(run for run in listed if run["run"] == "sort")["status"] == "finished"
    shown = json.loads(command(folder, "runs", "show", "sort", "--json")[1])
    assert shown["plan"] == open_run(sorting.folder).plan
    assert shown["report"] == sorting.contents
    code, out, _ = command(folder, "runs", "show", "sort")
    assert code == 0
    heading = next(line for line in out.splitlines() if "System" in line)
    assert all(head in heading for head in ("Accuracy", "Macro-F1", "Against best", "Time/answer", "MB"))
    assert any("frozen embedding + linear head" in line for line in out.splitlines())
    assert "\\u" not in out
    assert out.endswith("Report: runs/sort/report.html\n")
