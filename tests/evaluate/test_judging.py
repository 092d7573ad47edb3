"""What a task names of its judging: told before any work where it does not hold."""

import subprocess
import sys

import pytest

from overtone.core.errors import MissingExtra, UserError
from overtone.core.tasks.answer import AnswerTask
from overtone.evaluate import sacre
from overtone.evaluate.judging import judging_files
from overtone.evaluate.metric import deciding, metrics_for
from overtone.plan import check_plan, read_plan, write_plan
from tests.evaluate.rows import labelled, written

PLAN = {"base": "builtin:tiny", "data": "rows.jsonl"}


def told(task):
    with pytest.raises(UserError) as caught:
        check_plan({**PLAN, "task": task}, "plan.yaml")
    return str(caught.value)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        (
            {"metric": "rouge"},
            "plan.yaml, task.metric: no metric is called 'rouge'. Here it is 'rouge_l'. Known: ",
        ),
        (
            {"metrics": ["bleu", "chrff"]},
            "plan.yaml, task.metrics[1]: no metric is called 'chrff'. Did you mean 'chrf'",
        ),
        (
            {"metric": {"name": "top_k", "k": 3}},
            "plan.yaml, task.metric: 'top_k' does not judge the task 'answer'",
        ),
        (
            {"metric": {"name": "bleu", "lower": 1}},
            "plan.yaml, task.metric: unknown setting 'lower'. Did you mean",
        ),
        (
            {"metric": {"name": "bleu", "lowercase": "x"}},
            "plan.yaml, task.metric.lowercase: should be true or false",
        ),
        (
            {"extract": "last_nmber"},
            "plan.yaml, task.extract: no extractor is called 'last_nmber'. Did you mean",
        ),
        (
            {"extract": {"name": "json_field", "field": ""}},
            "plan.yaml, task.extract.field: should have at least 1",
        ),
        (
            {"metric": "bleu", "metrics": ["bleu"]},
            "plan.yaml, task: two metrics are called 'bleu'; give one of them",
        ),
        ({"metric": 3}, "plan.yaml, task.metric"),
    ],
)
def test_a_slip_is_told_with_its_place(settings, message):
    assert told({"name": "answer", **settings}).startswith(message)


def test_several_slips_are_told_at_once():
    lines = told({"name": "answer", "metric": "blue", "extract": "hole"}).split("\n")
    assert [line.split(":")[0] for line in lines] == ["plan.yaml, task.metric", "plan.yaml, task.extract"]


def test_a_task_that_sorts_has_no_extractor():
    assert "extract" in told({"name": "classify", "extract": "whole"})


def test_a_missing_package_is_told_when_the_plan_is_read(tmp_path, monkeypatch):
    path = tmp_path / "plan.yaml"
    path.write_text("task: {name: answer, metrics: [ter]}\nbase: builtin:tiny\ndata: rows.jsonl\n")
    assert read_plan(path).task.metrics == ["ter"]
    monkeypatch.setattr(sacre, "find_spec", lambda name: None)
    with pytest.raises(MissingExtra, match="the metric 'ter' needs packages"):
        read_plan(path)


def test_a_users_file_is_loaded_when_the_plan_is_read_and_not_before(tmp_path):
    named = {"name": "python", "file": "own.py", "function": "f"}
    check_plan({**PLAN, "task": {"name": "answer", "metric": named}})
    path = tmp_path / "plan.yaml"
    path.write_text(
        "task: {name: answer, metric: {name: python, file: own.py, function: f}}\nbase: b\ndata: d.csv\n"
    )
    with pytest.raises(UserError, match=r"there is no file .*own.py"):
        read_plan(path)
    (tmp_path / "own.py").write_text("def f(wanted, given):\n    return 1\n")
    plan = read_plan(path)
    lasting = str(tmp_path / "own.py")
    assert plan.task.metric == {**named, "file": lasting} and check_plan(plan.model_dump(mode="json")) == plan
    assert judging_files(plan.task) == {"task.metric": lasting} and lasting in write_plan(plan)


def test_the_report_shows_the_deciding_metric_the_usual_ones_and_those_named():
    task = AnswerTask(metric="chrf", metrics=["bleu", {"name": "exact_match", "ignore": "squad"}])
    found = metrics_for(task, written("plain"))
    assert [metric.key for metric in found] == ["chrf", "exact_match", "rouge_l", "bleu"]
    assert found[1].ignore == "squad" and deciding(task).key == task.deciding == "chrf"


def test_a_label_tells_two_metrics_of_one_kind_apart():
    loose = {"name": "exact_match", "label": "loose", "ignore": "squad"}
    task = AnswerTask(metric="exact_match", metrics=[loose])
    check_plan({**PLAN, "task": task})
    found = metrics_for(task, written("plain"))
    assert [metric.key for metric in found] == ["exact_match", "rouge_l", "loose"]
    assert found[2].heading == "Exact match (loose)"
    assert AnswerTask(metric=loose).deciding == "loose" == deciding(AnswerTask(metric=loose)).key


def test_the_deciding_metric_stays_even_where_it_can_judge_no_row():
    assert metrics_for(AnswerTask(metric="steps"), written("plain"))[0].name == "steps"
    assert next(metric.name for metric in metrics_for(AnswerTask(), labelled("a"))) == "rouge_l"


def test_a_plan_is_checked_without_torch():
    code = (
        "import sys; from overtone.plan import check_plan; check_plan({'task': {'name': 'answer', 'metrics': "
        "['embedding_similarity', 'bleu', {'name': 'judge', 'base': 'builtin:tiny'}], 'extract': 'whole'}, "
        "'base': 'b', 'data': 'd'}); heavy = ('torch', 'sacrebleu', 'sklearn', 'scipy'); "
        "print([one for one in heavy if one in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
