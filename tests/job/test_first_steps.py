"""A newcomer's first commands on public files: look at one, write a plan, check it; and the doctor."""

import json

import pytest
import yaml

from overtone.cli.commands.data import _coloured


@pytest.mark.data
def test_the_tokens_that_are_trained_are_the_answers(shared_data, small_base, command, tmp_path):
    file = shared_data / "formats" / "messages.jsonl"
    arguments = ("data", "show", file, "--base", small_base("llama"), "-n", "2", "--json")
    code, out, _ = command(tmp_path, *arguments)
    contents = json.loads(out)
    source = [json.loads(line)["messages"] for line in file.read_text().splitlines()[:2]]
    assert code == 0
    assert contents["read"] == contents["kept"] == 100
    for example, turns in zip(contents["examples"], source, strict=True):
        trained = "".join(text for text, learned in example["pieces"] if learned)
        answers = [turn["content"] for turn in turns if turn["role"] == "assistant"]
        if "".join(answers).isascii():
            assert trained == "".join(f"{answer}<|end|>" for answer in answers)
        assert turns[0]["content"][:20] not in trained
    shown = _coloured(contents["examples"][0]["pieces"])
    assert "\x1b[32m" in shown
    assert "\x1b[90m" in shown


@pytest.mark.data
def test_a_first_plan_for_public_rows_holds(shared_data, command, tmp_path):
    code, out, _ = command(tmp_path, "init", shared_data / "banking77" / "train.jsonl", "--bar", "0.9")
    assert code == 0
    assert "task: {name: classify, bar: 0.9}" in out
    code, out, _ = command(tmp_path, "plan", "check", "plan.yaml")
    plan = yaml.safe_load(out)
    assert code == 0
    assert (plan["task"]["bar"], plan["base"]) == (0.9, "builtin:minilm")


def test_the_doctor_finds_what_a_run_needs(command, tmp_path):
    code, out, _ = command(tmp_path, "doctor", "--json")
    needed = {check["name"]: check for check in json.loads(out) if check["needed"]}
    assert code == 0
    assert all(check["ok"] for check in needed.values())
    assert "python" in needed
