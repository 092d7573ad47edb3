"""Whole runs on rewards: a reward model from pairs, then answers tuned by it, by a metric, and by a function."""

from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

import overtone
from overtone.core.errors import UserError
from overtone.core.task import Task
from overtone.engine.reward_model import RewardModel
from overtone.job.publish import load_system
from overtone.job.rewards import judge_of
from overtone.objectives.policy_reward import RewardSource
from overtone.runs.metrics import read_metrics
from tests.job.conftest import Job, carry_out
from tests.job.plans import LORA, save_plan, write_jsonl
from tests.job.test_preference import plain
from tests.small import write_base
from tests.train.rows import answered

SmallBase = Callable[[str], Path]
STAGE = {**LORA, "epochs": 3, "learning_rate": 1e-2, "head_learning_rate": 1e-2, "objective": "reward"}
MINE = """
def score(prompt, answer, wanted):
    return sum(letter.isalpha() for letter in answer) - (not prompt or not wanted)
def nothing(prompt, answer, wanted):
    return float("nan")
"""


@pytest.fixture(scope="module", params=["llama", "bert"])
def rewarding(
    request: pytest.FixtureRequest, small_base: SmallBase, tmp_path_factory: pytest.TempPathFactory
) -> Job:
    folder = tmp_path_factory.mktemp("rewarding")
    write_jsonl(folder / "train.jsonl", plain(90, 0))
    write_jsonl(folder / "test.jsonl", plain(40, 1))
    plan = {
        "task": "prefer",
        "base": str(small_base(request.param)),
        "data": {"train": "train.jsonl", "test": "test.jsonl"},
        "stages": [STAGE],
        "decide": {"rivals": ["answer_length", "fine_tune"]},
    }
    return carry_out(save_plan(folder / "reward.yaml", plan))


def test_a_reward_model_is_measured_proven_and_asked_again(rewarding: Job) -> None:
    (tuned,) = [one for one in rewarding.contents["systems"] if one["name"] == "fine_tune"]
    assert tuned["scores"]["preference_accuracy"]["low"] > 0.7
    assert all(place["ok"] for place in rewarding.contents["parity"])
    assert len(rewarding.contents["parity"]) == 3
    assert rewarding.contents["parity"][0]["largest_difference"] == 0
    assert isinstance(load_system(rewarding.folder), RewardModel)
    found = plain(12, 2)
    write_jsonl(rewarding.plan.parent / "new.jsonl", found)
    rows = overtone.predict(rewarding.folder, rewarding.plan.parent / "new.jsonl")
    assert sum(row["prediction"] == row["chosen"] for row in rows) >= 11


def test_it_judges_answers_by_the_folder_of_its_run(rewarding: Job) -> None:
    judge = judge_of(Task.model_validate("answer"), RewardSource(model=str(rewarding.folder)))
    rows = answered(2, 0)
    better, worse = judge(rows, ["kind red far moon go", "rude red far moon go"])
    assert better > worse


def answering(folder: Path, base: Path, reward: object, **task: object) -> Path:
    """A plan that tunes answers by a reward."""
    (folder / "mine.py").write_text(MINE)
    rows = [{"prompt": f"{row.input} {row.id}", "completion": row.completion} for row in answered(40, 0)]
    write_jsonl(folder / "train.jsonl", rows)
    objective = {"name": "grpo", "max_tokens": 6, "group": 4, "reward": reward}
    plan = {
        "task": {"name": "answer", "max_tokens": 6, **task},
        "base": str(base),
        "data": "train.jsonl",
        "stages": [{**LORA, "epochs": 1, "objective": objective}],
        "decide": {"rivals": ["zero_shot", "fine_tune"]},
    }
    return save_plan(folder / "answer.yaml", plan)


@pytest.mark.parametrize("model_type", ["llama", "t5"])
def test_answers_are_tuned_by_a_function_of_the_users_own(tmp_path: Path, model_type: str) -> None:
    base = write_base(tmp_path / model_type, model_type, template=model_type == "llama")
    job = carry_out(answering(tmp_path, base, {"file": "mine.py", "function": "score"}))
    lines = [line for line in read_metrics(job.folder / "metrics.jsonl") if "rate factor" in line]
    assert lines and all({"reward", "kl", "length", "clipped", "entropy"} <= set(line) for line in lines)
    assert [place["ok"] for place in job.contents["parity"]] == [True] * 3
    resolved = yaml.safe_load((job.folder / "plan.yaml").read_text())
    assert Path(resolved["stages"][0]["objective"]["reward"]["file"]).is_absolute()


def test_sources_of_rewards_that_cannot_judge_are_refused_before_any_work(
    small_base: SmallBase, tmp_path: Path
) -> None:
    cases = [
        ("exact_mach", "Did you mean 'exact_match'?"),
        ("macro_f1", "'macro_f1' does not judge the task 'answer'"),
        ({"file": "mine.py", "function": "scor"}, "has no function 'scor'. Did you mean 'score'?"),
        ({"file": "gone.py", "function": "score"}, "there is no file"),
        ({"model": "runs/none"}, "holds no finished model"),
        ({"metric": "rouge_l", "model": "runs/none"}, "an answer has one reward"),
        ({"file": "mine.py"}, "set both file and function"),
    ]
    for reward, said in cases:
        plan = answering(tmp_path, small_base("llama"), reward)
        with pytest.raises(UserError, match=said.replace("?", r"\?")):
            overtone.run(plan, runs=tmp_path / "runs")
        assert not (tmp_path / "runs").exists() or not any((tmp_path / "runs").iterdir())


def test_a_metric_and_a_function_judge_each_answer(tmp_path: Path) -> None:
    task, rows = Task.model_validate("answer"), answered(2, 0)
    wanted = rows[0].completion
    assert judge_of(task, RewardSource(metric="exact_match"))(rows, [wanted, "no"])[:2] == [1.0, 0.0]
    assert judge_of(task, RewardSource())(rows[:1], [f"{wanted} {wanted}"]) == [pytest.approx(2 / 3)]
    (tmp_path / "mine.py").write_text(MINE)
    source = RewardSource(file=str(tmp_path / "mine.py"), function="score")
    assert judge_of(task, source)(rows, ["ab 1", "c"]) == [2.0, 1.0]
    bad = RewardSource(file=str(tmp_path / "mine.py"), function="nothing")
    with pytest.raises(UserError, match="'nothing' gave nan for an answer to the row rows:1"):
        judge_of(task, bad)(rows, ["a", "b"])
