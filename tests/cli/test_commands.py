"""Each command: what it asks of the API, what it shows, what it writes, what it refuses."""

import csv
import json
from pathlib import Path

import pytest

from overtone.core.answer import Answer
from overtone.core.event import Event
from overtone.core.score import Score
from overtone.evaluate.report.contents import Contents, DataAccount, MetricName, SystemResult, to_plain
from overtone.runs.doctor import Check
from tests.cli.conftest import Result

SCORE = Score(0.932, 0.91, 0.95, 400, "wilson")
CONTENTS = to_plain(
    Contents(
        run="mails",
        date="2026-01-01",
        task="sort mails",
        base="builtin:minilm",
        metrics=(MetricName("accuracy", "Accuracy"),),
        systems=(SystemResult("tuned", "Tuned", "tuned", {"accuracy": SCORE}),),
        best="tuned",
        verdict=("Tune: the bar is reached.",),
        data=DataAccount(read=9, kept=9, dropped={}, train=5, validation=2, test=2),
    )
)
SEEN = {
    "format": "text_label",
    "task": "classify",
    "columns": {"text": "text", "label": "label"},
    "read": 10,
    "kept": 9,
    "dropped": {"no label": 1},
    "labels": {"bill": 5, "line": 4},
    "form": "",
    "examples": [],
}


@pytest.fixture
def run_api(api):
    calls = []

    def run(plan, overrides=(), name=None, watch=None):
        calls.append((plan, tuple(overrides), name))
        watch(Event("train", 1, 2))
        return Result(CONTENTS, Path("runs/mails"))

    api.run = run
    return calls


def test_run_passes_what_it_is_given_and_shows_the_table(run_api, overtone_command):
    code, out, error = overtone_command(
        "run", "plan.yaml", "--set", "seed=1", "--set", "a.b=c", "--name", "mine"
    )
    assert run_api == [(Path("plan.yaml"), ("seed=1", "a.b=c"), "mine")]
    assert code == 0
    assert "Tuned" in out
    assert "93.2" in out
    assert CONTENTS["verdict"][0] in out
    assert error.startswith("train  1/2")


def test_json_is_one_document_and_nothing_else(run_api, overtone_command):
    code, out, _ = overtone_command("run", "plan.yaml", "--json")
    assert code == 0
    assert json.loads(out) == {"folder": "runs/mails", **json.loads(json.dumps(CONTENTS))}


def test_demo_shows_each_of_its_runs(api, overtone_command):
    asked = []

    def demo(folder, watch, answer_rows):
        asked.append(answer_rows)
        return [Result(CONTENTS, folder / "sort"), Result(CONTENTS, folder / "answer")]

    api.demo = demo
    assert overtone_command("demo")[1].count("Tuned") == 2
    found = json.loads(overtone_command("demo", "--json", "--folder", "x", "--answer-rows", "9")[1])
    assert [result["folder"] for result in found] == ["x/sort", "x/answer"]
    assert asked == [None, 9]
    assert overtone_command("demo", "--answer-rows", "0")[0] == 2


def test_evaluate_shows_scores(api, overtone_command):
    api.evaluate = lambda run, data, watch, task: {**CONTENTS, "run": f"{run} on {data}"}
    _, out, _ = overtone_command("evaluate", "r", "--data", "d.csv", "--json")
    assert json.loads(out)["run"] == "r on d.csv"
    assert "Tuned" in overtone_command("evaluate", "r", "--data", "d.csv")[1]


FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"]


def test_predict_writes_a_sheet_in_which_no_text_is_a_formula(api, overtone_command):
    rows = [
        {"id": str(index), "text": text, "p": -0.5}
        for index, text in enumerate([*FORMULAS, 'fine, "quoted"'])
    ]
    api.predict = lambda run, file, watch, task: rows
    assert overtone_command("predict", "r", "mails.csv", "-o", "out.csv")[:2] == (
        0,
        "7 rows answered: out.csv\n",
    )
    with Path("out.csv").open(newline="") as file:
        read = list(csv.DictReader(file))
    assert [row["text"] for row in read] == [*(f"'{text}" for text in FORMULAS), 'fine, "quoted"']
    assert {row["p"] for row in read} == {"-0.5"}


def test_predict_writes_json_lines_exactly(api, overtone_command):
    rows = [{"text": "=1\n+ü"}, {"text": "b", "labels": ["x"]}]
    api.predict = lambda run, file, watch, task: rows
    assert json.loads(overtone_command("predict", "r", "in.csv", "-o", "out.jsonl", "--json")[1])["rows"] == 2
    assert [json.loads(line) for line in Path("out.jsonl").read_text().splitlines()] == rows


@pytest.mark.parametrize(
    ("output", "said"),
    [
        ("out.xlsx", "its name must end in .csv or .jsonl"),
        ("no/out.csv", "there is no folder no"),
        ("in.csv", "is the file that is read"),
    ],
)
def test_predict_refuses_a_bad_destination_before_any_work(api, overtone_command, output, said):
    code, _, error = overtone_command("predict", "r", "in.csv", "-o", output)
    assert code == 2
    assert said in error


class Echo:
    """A system that says how many turns it saw."""

    can = frozenset({"generate"})

    def answer(self, questions):
        return [Answer(text=f"{len(question.messages)} turns\x1b[31m") for question in questions]


class Sorter:
    """A system that is sure."""

    can = frozenset({"classify"})

    def answer(self, questions):
        return [Answer(probabilities={"bill": 0.1, "line": 0.9}) for _ in questions]


def test_chat_keeps_the_conversation_and_lets_no_control_character_through(
    api, overtone_command, monkeypatch, stdin
):
    api.chat = lambda run: Echo()
    stdin("hello\nand?\n")
    assert overtone_command("chat", "r")[:2] == (0, "1 turns\\x1b[31m\n3 turns\\x1b[31m\n")


def test_chat_with_a_classifier_sorts_each_line(api, overtone_command, stdin):
    api.chat = lambda run: Sorter()
    stdin("my bill\n\nnever read\n")
    assert overtone_command("chat", "r")[1] == "line 90.0%   bill 10.0%\n"
    stdin("my bill\n")
    (turn,) = json.loads(overtone_command("chat", "r", "--json")[1])
    assert turn == {"input": "my bill", "probabilities": {"bill": 0.1, "line": 0.9}}


@pytest.fixture
def stdin(monkeypatch):
    import io

    return lambda text: monkeypatch.setattr("sys.stdin", io.StringIO(text))


def test_serve_hands_over_and_says_where_it_listens_but_not_the_key(api, overtone_command, monkeypatch):
    monkeypatch.delenv("OVERTONE_API_KEY", raising=False)
    calls = []

    def serve(runs, host, port, key, listening, filtered):
        calls.append((runs, host, port, key, filtered))
        listening(f"http://{host}:{port or 4711}")

    api.serve = serve
    code, out, error = overtone_command("serve", "runs/a", "runs/b", "--port", "0")
    assert (code, out, error) == (0, "", "Serving a, b at http://127.0.0.1:4711/v1 until Ctrl-C.\n")
    monkeypatch.setenv("OVERTONE_API_KEY", "secret")
    out = overtone_command("serve", "runs/a", "--host", "0.0.0.0", "--filter", "--json")[1]
    assert json.loads(out)["key_needed"] is True
    assert "secret" not in out
    both = (Path("runs/a"), Path("runs/b"))
    assert calls == [(both, "127.0.0.1", 0, None, None), (both[:1], "0.0.0.0", 8000, "secret", True)]


def test_init_writes_a_valid_commented_plan_from_flags(api, overtone_command):
    api.show_data = lambda file, base, task, rows, columns: SEEN
    code, out, _ = overtone_command(
        "init", "mails.csv", "--bar", "0.9", "--error-cost", "2", "--column", "text=body"
    )
    assert code == 0
    assert "Next: overtone decide plan.yaml" in out
    code, out, _ = overtone_command("plan", "check", "plan.yaml", "--json")
    plan = json.loads(out)
    assert (plan["task"]["bar"], plan["task"]["wrong_answer_cost"]) == (0.9, 2.0)
    assert (plan["base"], plan["data"]["columns"]) == ("builtin:minilm", {"text": "body"})


def test_init_names_the_data_as_the_plan_will_find_it(api, overtone_command):
    api.show_data = lambda file, base, task, rows, columns: SEEN
    Path("plans").mkdir()
    assert overtone_command("init", "mails.csv", "-o", "plans/first.yaml")[0] == 0
    assert "data: ../mails.csv" in Path("plans/first.yaml").read_text()


def test_init_names_a_base_in_a_folder_as_the_plan_will_find_it(api, overtone_command):
    api.show_data = lambda file, base, task, rows, columns: SEEN
    Path("plans").mkdir()
    Path("mine").mkdir()
    Path("mine/config.json").write_text("{}")
    assert overtone_command("init", "mails.csv", "--base", "mine", "-o", "plans/first.yaml")[0] == 0
    assert "base: ../mine" in Path("plans/first.yaml").read_text()
    assert overtone_command("init", "mails.csv", "--base", "some/hub-id", "-o", "plans/other.yaml")[0] == 0
    assert "base: some/hub-id" in Path("plans/other.yaml").read_text()


def test_init_refuses_to_overwrite_and_an_unknown_task_before_writing(api, overtone_command):
    api.show_data = lambda file, base, task, rows, columns: SEEN
    code, _, error = overtone_command("init", "mails.csv", "--task", "clasify")
    assert code == 2
    assert "no task is called 'clasify'. Did you mean 'classify'?" in error
    assert not Path("plan.yaml").exists()
    Path("plan.yaml").write_text("mine")
    code, _, error = overtone_command("init", "mails.csv")
    assert (code, error) == (2, "Error: plan.yaml exists; name another file with -o, or remove it first.\n")
    assert Path("plan.yaml").read_text() == "mine"


@pytest.mark.parametrize(
    ("base", "hint"),
    [("builtin:minilmm", "Did you mean 'builtin:minilm'?"), ("./no/such/folder", "a local folder")],
)
def test_init_refuses_a_base_that_is_nowhere_before_writing(api, overtone_command, base, hint):
    code, _, error = overtone_command("init", "mails.csv", "--base", base)
    assert code == 2
    assert f"no base is called '{base}'" in error and hint in error
    assert not Path("plan.yaml").exists()


@pytest.mark.parametrize(
    ("task", "base"), [("text", "builtin:tiny"), ("answer", "builtin:tiny"), ("tag", "builtin:minilm")]
)
def test_init_drafts_a_base_that_can_do_the_task(task, base, api, overtone_command):
    api.show_data = lambda file, base, task, rows, columns: SEEN
    assert overtone_command("init", "mails.csv", "--task", task)[0] == 0
    assert f"\nbase: {base}\n" in Path("plan.yaml").read_text()


@pytest.mark.parametrize("command", [("init",), ("data", "show")])
@pytest.mark.parametrize("given", ["body", "=body", "text="])
def test_a_column_needs_a_role_and_a_name(command, given, overtone_command):
    code, _, error = overtone_command(*command, "mails.csv", "--column", given)
    assert code == 2
    assert "is not ROLE=NAME, for example label=team" in error


def test_init_refuses_a_folder_that_is_not_there_before_any_work(api, overtone_command):
    code, _, error = overtone_command("init", "mails.csv", "-o", "no/plan.yaml")
    assert (code, error) == (2, "Error: no/plan.yaml cannot be written: there is no folder no.\n")


def test_data_show_accounts_for_every_row_and_colours_what_is_trained(api, overtone_command):
    example = {"source": "mails.csv:1", "target": "bill", "pieces": [["my ", False], ["bill\x07", True]]}
    api.show_data = lambda file, base, task, rows, columns: {**SEEN, "examples": [example]}
    code, out, _ = overtone_command("data", "show", "mails.csv", "--base", "builtin:minilm")
    assert code == 0
    assert "10 rows read = 9 kept, 1 dropped: no label." in out
    assert "2 labels: bill (5), line (4)" in out
    assert "bill (5), line (4)\n\nmails.csv:1\n" in out  # no word of a form where the template says it
    assert "my bill\\x07\n-> bill" in out  # colours are left out where there is no terminal
    assert json.loads(overtone_command("data", "show", "mails.csv", "--json")[1])["read"] == 10
    api.show_data = lambda file, base, task, rows, columns: {**SEEN, "form": "Read as plain text."}
    assert "line (4)\nRead as plain text.\n" in overtone_command("data", "show", "mails.csv")[1]


def test_doctor_fails_only_for_what_is_needed(api, overtone_command):
    api.doctor = lambda: [Check("pyarrow", False, False, "not installed")]
    code, out, _ = overtone_command("doctor")
    assert code == 0
    assert "absent" in out
    api.doctor = lambda: [Check("numpy", False, True, "cannot be imported")]
    assert overtone_command("doctor")[0] == 1
    code, out, _ = overtone_command("doctor", "--json")
    assert (code, json.loads(out)[0]["name"]) == (1, "numpy")


def test_plan_check_prints_the_resolved_plan_or_the_problem(overtone_command, tmp_path):
    (tmp_path / "plan.yaml").write_text("task: classify\nbase: builtin:minilm\ndata: mails.csv\n")
    code, out, _ = overtone_command("plan", "check", "plan.yaml", "--set", "stages.0.method=lora")
    assert code == 0
    assert "name: lora" in out
    code, out, error = overtone_command("plan", "check", "plan.yaml", "--set", "stages.0.method=lroa")
    assert (code, out) == (2, "")
    assert error.startswith("Error: plan.yaml with --set, stages[0].method: no method is called 'lroa'.")


def test_plan_schema_is_json(overtone_command):
    assert json.loads(overtone_command("plan", "schema")[1])["title"] == "Plan"


def test_runs_are_listed_and_shown(overtone_command):
    from overtone.runs import start_run

    assert overtone_command("runs", "list") == (0, "No runs in runs.\n", "")
    with start_run(Path("runs/mails"), {"task": {"name": "classify"}, "base": "builtin:minilm"}) as run:
        run.finish(CONTENTS)
    code, out, _ = overtone_command("runs", "list")
    assert code == 0
    assert "mails" in out
    assert "finished" in out
    assert json.loads(overtone_command("runs", "list", "--json")[1])[0]["status"] == "finished"
    assert "Tuned" in overtone_command("runs", "show", "mails")[1]
    shown = json.loads(overtone_command("runs", "show", "mails", "--json")[1])
    assert shown["report"]["verdict"] == CONTENTS["verdict"]
    assert overtone_command("runs", "show", "mial")[0] == 2
