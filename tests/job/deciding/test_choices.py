"""`overtone decide` on multiple choice: a small decoder against its rivals, stopped on the way and taken up again."""

import json
from pathlib import Path

import pytest

from overtone import api
from overtone.core.errors import UserError
from overtone.core.event import Event
from tests.job.plans import LORA, save_plan, write_jsonl
from tests.job.tasks.test_choose import asked

RIVALS = ["majority", "choice_length", "zero_shot", {"name": "few_shot", "choose": "random"}, "fine_tune"]


def grouped(count: int, seed: int) -> list[dict[str, object]]:
    """Questions in threes that share a source."""
    return [{**row, "page": f"{seed}-{place // 3}"} for place, row in enumerate(asked(count, seed))]


@pytest.fixture(scope="module")
def plan(small_base, tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("deciding_choices")
    for split, count, seed in (("train", 24, 0), ("validation", 9, 1), ("test", 30, 2)):
        write_jsonl(folder / f"{split}.jsonl", grouped(count, seed))
    return save_plan(
        folder / "choose.yaml",
        {
            "task": {
                "name": "choose",
                "prompt": "{question}:",
                "bar": 0.9,
                "wrong_answer_cost": 2.0,
                "answers_per_month": 1000,
            },
            "base": str(small_base("llama")),
            "data": {**{one: f"{one}.jsonl" for one in ("train", "validation", "test")}, "group": "page"},
            "stages": [{**LORA, "epochs": 1}],
            "decide": {
                "rivals": RIVALS,
                "machine_cost_per_hour": 1.0,
                "tuning_cost": 50.0,
                "learning_curve": {"tuned": True, "shares": [0.25, 0.5]},
                "consistency": {"seeds": 2, "rewordings": 2, "shuffles": 2},
            },
        },
    )


@pytest.fixture(scope="module")
def stopped_and_resumed(plan):
    """The result, and what was prepared before the stop and after it."""
    before, after = [], []

    def stop(event: Event) -> None:
        before.append(event.phase)
        if event.phase == "prepare fine_tune":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        api.decide(plan, watch=stop, runs=plan.parent / "runs")
    result = api.decide(plan, watch=lambda event: after.append(event.phase), runs=plan.parent / "runs")
    return result, before, after


def test_every_rival_is_judged_on_the_same_rows_by_groups(stopped_and_resumed):
    systems = stopped_and_resumed[0].contents["systems"]
    scores = {one["name"]: one["scores"]["choice_accuracy"] for one in systems}
    assert scores.keys() == {"majority", "choice_length", "zero_shot", "few_shot", "fine_tune"}
    assert {(score["n"], score["method"]) for score in scores.values()} == {(30, "wilson of 10 groups")}


def test_each_system_gives_its_own_probabilities_to_the_choices_of_a_row(stopped_and_resumed):
    def given(key):
        lines = (stopped_and_resumed[0].folder / "answers" / f"{key}.jsonl").read_text().splitlines()
        return [json.loads(line)["probabilities"] for line in lines]

    alone, shown, tuned = (given(key) for key in ("zero_shot", "few_shot", "fine_tune"))
    rows = asked(30, 2)
    for found in (alone, shown, tuned):
        assert [set(one) for one in found] == [set(row["choices"]) for row in rows]
        assert all(sum(one.values()) == pytest.approx(1) for one in found)
    assert alone != shown and alone != tuned


def test_what_was_measured_before_the_stop_is_not_measured_again(stopped_and_resumed):
    _, before, after = stopped_and_resumed
    quick = {"prepare majority", "prepare choice_length", "prepare zero_shot", "prepare few_shot"}
    assert quick <= set(before)
    own = after[: after.index("prepare fine_tune")]
    assert not quick & set(own)


def test_the_report_tells_verdict_cost_curve_and_steadiness(stopped_and_resumed):
    result = stopped_and_resumed[0]
    found = {one["name"]: one for one in result.contents["sections"]}
    assert {"costs", "against", "learning_curve", "consistency"} <= found.keys()
    curve = found["learning_curve"]["tables"][0]["rows"]
    assert [(row[0], row[1] % 3) for row in curve] == [("tuned", 0)] * 3  # whole groups at each size
    steady = {(row[0], row[1]) for row in found["consistency"]["tables"][0]["rows"]}
    shown = "few-shot, random examples"
    prompted = {("zero-shot", "wordings"), (shown, "wordings"), (shown, "orders of the examples")}
    assert steady == {("tuned", "seeds"), *prompted}
    assert result.contents["reached"] is False
    assert "Advice: do not tune" in result.contents["verdict"][-1]
    assert "choice" in (result.folder / "report.html").read_text()


def test_the_command_shows_the_decided_run(stopped_and_resumed, plan, command):
    code, out, said = command(plan.parent, "decide", "choose.yaml", "--json")
    assert code == 0, said
    assert json.loads(out)["verdict"] == stopped_and_resumed[0].contents["verdict"]
    assert "is decided already" in said
    code, out, said = command(plan.parent, "decide", "choose.yaml")
    assert code == 0 and "length of the choice" in out


@pytest.mark.parametrize(
    ("rivals", "told"),
    [
        (["tfidf", "fine_tune"], "'tfidf' needs a task that sorts texts"),
        (["prompt_search"], "'prompt_search' needs"),
        ([{"name": "endpoint", "base_url": "http://127.0.0.1:9/v1", "model": "m"}], "'endpoint' needs"),
        (["choise_length"], "choice_length"),
    ],
)
def test_rivals_that_do_not_choose_are_refused(plan, rivals, told):
    document = json.loads(plan.read_text())
    document["decide"]["rivals"] = rivals
    slip = save_plan(plan.parent / "slip.yaml", document)
    with pytest.raises(UserError, match=told):
        api.decide(slip, runs=plan.parent / "runs")
    assert not (plan.parent / "runs" / "slip").exists()


def test_an_encoder_does_not_choose(plan, small_base):
    document = json.loads(plan.read_text()) | {"base": str(small_base("bert"))}
    document["decide"]["rivals"] = ["majority", "zero_shot"]
    slip = save_plan(plan.parent / "slip.yaml", document)
    with pytest.raises(UserError, match="'zero_shot' needs a decoder as base"):
        api.decide(slip, runs=plan.parent / "runs")


def test_a_chat_template_asks_where_there_is_no_prompt(plan):
    document = json.loads(plan.read_text())
    del document["task"]["prompt"]
    document["decide"] = {"rivals": ["zero_shot", "few_shot"], "learning_curve": {"cheap": False}}
    told = api.decide(save_plan(plan.parent / "chat.yaml", document), runs=plan.parent / "runs").contents
    assert {one["name"]: one["failed"] for one in told["systems"]} == {"zero_shot": 0, "few_shot": 0}
