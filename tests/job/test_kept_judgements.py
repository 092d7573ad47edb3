"""A decision, or an evaluation, whose judge went away half-way: the same command pays for no reply twice."""

import threading

import pytest

from overtone import api
from overtone.core.answer import Answer
from overtone.core.errors import UserError
from overtone.core.event import unwatched
from overtone.evaluate.judges.keeping import FILE
from overtone.evaluate.metrics.judge import asker
from overtone.job.comparing.result import compare_runs, history_of
from overtone.job.judge import judge
from overtone.plan import check_plan
from overtone.runs.run import Run
from tests.evaluate.judges.endpoint import served
from tests.job.plans import save_plan, write_jsonl


def test_a_decision_that_goes_on_asks_the_judge_for_the_rest_alone(small_base, tmp_path):
    rows = [{"prompt": f"ask {number}", "completion": f"say {number % 5}"} for number in range(60)]
    write_jsonl(tmp_path / "rows.jsonl", rows)
    asked_before, limit, lock = [], 7, threading.Lock()

    def reply(body):
        with lock:
            asked_before.append(body["messages"][0]["content"])
            return (403, "no money left") if len(asked_before) > limit else (200, "Better: A")

    with served(reply) as (url, _):
        asking = {"name": "judge", "way": "pairwise", "base_url": url, "model": "m"}
        plan = {
            "task": {"name": "answer", "metrics": [asking]},
            "base": str(small_base("llama")),
            "data": "rows.jsonl",
            "decide": {"rivals": ["canned_reply"]},
        }
        path, runs = save_plan(tmp_path / "plan.yaml", plan), tmp_path / "runs"
        asker.cache_clear()
        with pytest.raises(UserError, match="what is measured already is kept"):
            api.decide(path, runs=runs)
        paid = asked_before[:limit]
        asker.cache_clear()
        asked_before.clear()
        limit = 10_000
        told = api.decide(path, runs=runs).contents
        assert asked_before and not set(paid) & set(asked_before)
        assert len(asked_before) + len(paid) == len({*asked_before, *paid})
        scores = told["systems"][0]["scores"]["judge"]
        assert (scores["value"], scores["n"]) == (0.5, told["data"]["test"])  # a judge that favours a place
        whole = len(asked_before) + len(paid)
        assert len((runs / "plan" / FILE).read_text().splitlines()) == whole
    asker.cache_clear()


class Echo:
    """Answers with the question."""

    can = frozenset({"generate"})

    def answer(self, questions):
        return [Answer(text=question.messages[-1].content) for question in questions]


def test_an_evaluation_given_again_asks_the_judge_for_nothing(tmp_path):
    write_jsonl(
        tmp_path / "new.jsonl", [{"prompt": f"ask {number}", "completion": "say"} for number in range(12)]
    )
    asked = []
    with served(lambda body: asked.append(body) or (200, "Rating: 5")) as (url, _):
        task = {"name": "answer", "metrics": [{"name": "judge", "base_url": url, "model": "m"}]}
        plan = check_plan({"task": task, "base": "b", "data": "new.jsonl"})
        given = Run(tmp_path), plan, tmp_path / "new.jsonl", Echo(), unwatched
        asker.cache_clear()
        first = judge(*given)
        assert len(asked) == 12
        asker.cache_clear()
        assert judge(*given)["systems"][0]["scores"] == first["systems"][0]["scores"]
        assert len(asked) == 12
    asker.cache_clear()


def test_runs_compared_later_ask_the_judge_for_nothing(small_base, tmp_path):
    rows = [{"prompt": f"ask {number}", "completion": f"say {number % 5}"} for number in range(60)]
    write_jsonl(tmp_path / "rows.jsonl", rows)
    asked, runs = [], tmp_path / "runs"
    with served(lambda body: asked.append(body) or (200, "Rating: 3")) as (url, _):
        plan = {
            "task": {"name": "answer", "metric": {"name": "judge", "base_url": url, "model": "m"}},
            "base": str(small_base("llama")),
            "data": "rows.jsonl",
        }
        for name, rival in (("one", "canned_reply"), ("two", "zero_shot")):
            asker.cache_clear()
            api.decide(
                save_plan(tmp_path / f"{name}.yaml", plan | {"decide": {"rivals": [rival]}}), runs=runs
            )
        assert asked
        asked.clear()
        asker.cache_clear()
        compared = [Run(runs / name) for name in ("one", "two")]
        assert len(compare_runs(compared).sections) == 2
        asker.cache_clear()
        assert len(history_of(compared).sections) == 1
        assert not asked
    asker.cache_clear()
