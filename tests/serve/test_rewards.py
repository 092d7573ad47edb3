"""The route of rewards, and what a model without them says there."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from overtone.engine.reward_model import RewardModel
from overtone.generate.writer import Writer
from overtone.models.base import load_base
from overtone.serve.server import build_app
from overtone.train.artifact import make_learner
from tests.train.rows import preferred

ROW = preferred(1, 0)[0]
TURNS = [{"role": turn.role, "content": turn.content} for turn in ROW.question.messages]


@pytest.fixture(scope="module")
def served(small_base: Callable[[str], Path]) -> Iterator[tuple[TestClient, RewardModel]]:
    base = load_base(str(small_base("llama")))
    model = RewardModel(base, make_learner(base, base.model, ("reward",), 0.0, 0))
    with TestClient(
        build_app({"judge": model, "writer": Writer(base)}), base_url="http://127.0.0.1"
    ) as client:
        yield client, model


def test_each_answer_has_the_reward_that_the_model_gives_it(served: tuple[TestClient, RewardModel]) -> None:
    client, model = served
    asked = {"model": "judge", "messages": TURNS, "answers": [ROW.completion, ROW.rejected]}
    found = client.post("/v1/rewards", json=asked).json()["data"]
    assert [one["index"] for one in found] == [0, 1]
    assert [one["reward"] for one in found] == pytest.approx(model.rewards(ROW.conversations))


def test_what_cannot_be_rewarded_is_told(served: tuple[TestClient, RewardModel]) -> None:
    client, _ = served
    long = client.post("/v1/rewards", json={"model": "judge", "messages": TURNS, "answers": ["far " * 60]})
    assert (long.status_code, long.json()["error"]["code"]) == (400, "context_length_exceeded")
    other = client.post("/v1/rewards", json={"model": "writer", "messages": TURNS, "answers": ["a"]})
    assert "cannot reward; it answers at /v1/chat/completions" in other.json()["error"]["message"]
    writing = client.post("/v1/chat/completions", json={"model": "judge", "messages": TURNS})
    assert "it answers at /v1/rewards" in writing.json()["error"]["message"]
