"""Each step once, whatever crashed in between."""

import json
import math

import pytest

from overtone.runs.metrics import Metrics, read_metrics


@pytest.fixture
def path(tmp_path):
    return tmp_path / "metrics.jsonl"


def steps(path, phase="train"):
    return [line["step"] for line in read_metrics(path) if line["phase"] == phase]


def fill(path, last, first=1):
    metrics = Metrics(path)
    for step in range(first, last + 1):
        metrics.append("train", step, {"loss": step / 10})
    metrics.close()


def test_numbers_come_back_to_the_bit(path):
    metrics = Metrics(path)
    metrics.append("train", 1, {"loss": 0.1 + 0.2})
    metrics.close()
    (line,) = read_metrics(path)
    assert line["loss"].hex() == (0.1 + 0.2).hex()


def test_steps_done_again_after_a_crash_stand_there_once(path):
    fill(path, last=15)
    fill(path, first=11, last=20)
    assert steps(path) == list(range(1, 21))


def test_a_phase_begun_again_leaves_other_phases_alone(path):
    metrics = Metrics(path)
    for phase, step in (("answer a", 1), ("answer a", 2), ("answer b", 1), ("answer a", 1)):
        metrics.append(phase, step, {"rate": 1.0})
    metrics.close()
    assert (steps(path, "answer a"), steps(path, "answer b")) == ([1], [1])


def test_training_and_validation_numbers_of_one_step_both_stay(path):
    metrics = Metrics(path)
    metrics.append("train", 1, {"loss": 1.0})
    metrics.append("train", 1, {"validation_loss": 1.5})
    metrics.append("train", 2, {"loss": 0.9})
    metrics.close()
    assert steps(path) == [1, 1, 2]


def test_trimming_drops_what_lies_beyond_a_checkpoint(path):
    fill(path, last=9)
    metrics = Metrics(path)
    metrics.trim("train", 4)
    metrics.append("train", 5, {"loss": 0.0})
    metrics.close()
    assert steps(path) == [1, 2, 3, 4, 5]


@pytest.mark.parametrize("cut", range(1, 40, 3))
def test_a_last_line_torn_by_a_crash_is_dropped(path, cut):
    fill(path, last=3)
    whole = path.read_bytes()
    last = whole.rstrip(b"\n").rfind(b"\n") + 1
    path.write_bytes(whole[: min(len(whole) - 1, last + cut)])
    fill(path, first=3, last=4)
    assert steps(path) == [1, 2, 3, 4]
    assert all(json.loads(line) for line in path.read_text().splitlines())


def test_what_is_no_number_is_written_as_null(path):
    metrics = Metrics(path)
    metrics.append("train", 1, {"loss": math.nan, "norm": math.inf})
    metrics.close()
    assert path.read_text() == '{"phase": "train", "step": 1, "loss": null, "norm": null}\n'
