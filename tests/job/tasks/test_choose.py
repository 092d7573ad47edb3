"""A whole run on multiple choice: measured, proven, published, asked again."""

import json
import random

import pytest

import overtone
from overtone.core.errors import UserError
from tests.job.conftest import Job, carry_out
from tests.job.plans import save_plan, write_jsonl

PAIRS = {"one": "two", "sun": "moon", "cat": "dog", "hot": "cold"}
STAGE = {"method": "full", "epochs": 16, "learning_rate": 5e-3}


def asked(count, seed):
    """Words with the one that goes with them among three, in an order that says nothing."""
    draw = random.Random(seed)
    found = []
    for place in range(count):
        word = draw.choice(list(PAIRS))
        choices = [PAIRS[word], *draw.sample([one for one in PAIRS.values() if one != PAIRS[word]], 2)]
        draw.shuffle(choices)
        answer = choices.index(PAIRS[word])
        found.append({"question": f"{place + 1000 * seed} {word}", "choices": choices, "answer": answer})
    return found


@pytest.fixture(scope="module")
def choosing(small_base, tmp_path_factory) -> Job:
    folder = tmp_path_factory.mktemp("choosing")
    write_jsonl(
        folder / "train.jsonl", [*asked(90, 0), {"question": "q", "choices": ["a", "b"], "answer": 2.5}]
    )
    lines = [
        ",".join([row["question"], *row["choices"], "ABC"[row["answer"]]]) + "\n" for row in asked(40, 1)
    ]
    (folder / "test.csv").write_text("question,A,B,C,answer\n" + "".join(lines))
    plan = {
        "task": {"name": "choose", "prompt": "{question}:", "bar": 0.5},
        "base": str(small_base("llama")),
        "data": {"train": "train.jsonl", "test": "test.csv"},
        "stages": [STAGE],
    }
    return carry_out(save_plan(folder / "choose.yaml", plan))


def scores_of(job):
    return {one["name"]: one["scores"]["choice_accuracy"] for one in job.contents["systems"]}


def test_every_rival_of_choices_is_measured(choosing):
    scores = scores_of(choosing)
    rules, shown = {"majority", "choice_length"}, {"few_shot_random", "few_shot"}
    assert scores.keys() == {*rules, "zero_shot", *shown, "fine_tune"}
    assert scores["fine_tune"]["low"] > 0.5 > scores["majority"]["value"]
    assert all(score["n"] == 40 for score in scores.values())
    assert choosing.contents["data"]["dropped"] == {"answer that names no choice": 1}


def test_the_model_says_the_same_everywhere(choosing):
    places = choosing.contents["parity"]
    assert [place["ok"] for place in places] == [True] * 3
    assert places[0]["largest_difference"] == 0


def test_predict_names_a_choice_with_its_probability(choosing, command):
    folder = choosing.plan.parent
    rows = asked(12, 2)
    write_jsonl(
        folder / "new.jsonl", [{"question": row["question"], "choices": row["choices"]} for row in rows]
    )
    code, _, _ = command(folder, "predict", "choose", "new.jsonl", "-o", "out.jsonl")
    assert code == 0
    found = [json.loads(line) for line in (folder / "out.jsonl").read_text().splitlines()]
    right = [row["choices"][row["answer"]] for row in rows]
    assert sum(one["prediction"] == wanted for one, wanted in zip(found, right)) >= 7  # by chance 4
    assert all(one["prediction"] in one["choices"] and 1 / 3 <= one["probability"] <= 1 for one in found)


def test_evaluate_gives_the_same_scores_on_the_same_rows(choosing, command):
    code, out, _ = command(choosing.plan.parent, "evaluate", "choose", "--data", "test.csv", "--json")
    (again,) = json.loads(out)["systems"]
    assert code == 0
    assert again["scores"]["choice_accuracy"] == scores_of(choosing)["fine_tune"]


def test_a_base_without_a_chat_template_needs_a_prompt(tmp_path):
    from tests.small import write_base

    write_base(tmp_path / "plain", "llama", template=False)
    write_jsonl(tmp_path / "train.jsonl", asked(30, 0))
    plan = {"task": "choose", "base": str(tmp_path / "plain"), "data": "train.jsonl"}
    with pytest.raises(UserError, match="no chat template"):
        overtone.run(save_plan(tmp_path / "choose.yaml", plan))
