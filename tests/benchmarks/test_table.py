"""The table of contestants: rates, ratios against Overtone, utilisation, and what was left out."""

import pytest

from benchmarks.engine.compare import Entry, Measured, clock
from benchmarks.engine.generation import check_answers
from benchmarks.engine.job import Job, Step
from benchmarks.engine.options import Options
from benchmarks.engine.table import Work, table
from benchmarks.engine.training import Disagreement, check_agreement

WORK = Work(rows=4, units=100, unit="supervised tokens", operations=2e9, least=1e9, peak=4e9)


def measured(contestant, seconds, losses=None, peak=2**20, answers=None, failure=""):
    job = Job(contestant, "model", "rows.json", 3, {"batch": 2})
    losses = losses or [1.0] * len(seconds)
    steps = [Step(cpu, 9 * cpu, peak, loss, answers) for cpu, loss in zip(seconds, losses)]
    return Measured(Entry(job, "default"), tuple(steps), failure)


def test_rates_leave_out_the_warm_up():
    line = table([measured("plain", [100.0, 2.0, 1.0, 4.0])], WORK)[2]
    assert "| 2.00 [1.00, 4.00] | 50 [25, 100] |" in line


def test_every_other_line_says_by_how_much_overtone_is_faster():
    lines = table([measured("overtone", [9, 1.0, 2.0]), measured("plain", [9, 3.0, 6.0])], WORK)
    assert lines[2].rstrip().endswith("|  |")
    assert lines[3].endswith("| 3.00 [3.00, 3.00] |")


def test_without_overtone_there_is_no_ratio():
    failed = measured("overtone", [], failure="is not there")
    lines = table([failed, measured("plain", [9, 3.0, 6.0])], WORK)
    assert lines[2].endswith("|  |")
    assert "Not measured: Overtone (is not there)." in lines


def test_overtones_utilisation_counts_no_more_than_it_computes():
    ours, theirs = table([measured("overtone", [9, 1.0]), measured("plain", [9, 1.0])], WORK)[2:4]
    assert "| 25% |" in ours
    assert "| 50% |" in theirs


def test_memory_is_the_most_of_all_steps():
    assert "| 3 |" in table([measured("plain", [1.0, 1.0], peak=3 * 2**20)], WORK)[2]


def test_first_losses_that_agree_are_told_and_others_stop_the_comparison():
    near = [measured("plain", [1.0], [10.0]), measured("trainer", [1.0], [10.0001])]
    assert "agree within 1e-05" in check_agreement(near, 1e-4)
    with pytest.raises(Disagreement, match="bare loop"):
        check_agreement([*near, measured("litgpt", [1.0], [10.01])], 1e-4)


def test_a_later_step_is_compared_where_the_first_says_nothing():
    found = [measured("plain", [1.0, 1.0], [0.7, 0.6]), measured("trl_dpo", [1.0, 1.0], [0.7, 0.5])]
    assert "first step agree" in check_agreement(found, 1e-4)
    with pytest.raises(Disagreement, match="step 2"):
        check_agreement(found, 1e-4, 1)


def test_a_loss_that_is_no_number_is_no_agreement():
    with pytest.raises(Disagreement):
        check_agreement([measured("plain", [1.0], [10.0]), measured("trainer", [1.0], [float("nan")])], 1e-4)


def test_two_settings_of_one_tool_are_both_held_to_the_others():
    wrong = [
        measured("plain", [1.0], [11.0]),
        measured("plain", [1.0], [10.0]),
        measured("litgpt", [1.0], [10.0]),
    ]
    with pytest.raises(Disagreement):
        check_agreement(wrong, 1e-4)


def test_answers_are_compared_one_by_one():
    same, other = [[1, 2]] * 10, [[1, 2]] * 9 + [[1, 3]]
    found = [measured("overtone_generate", [1.0], answers=one) for one in (same, other)]
    assert check_answers(found) == ["9 of 10 answers are the same."]
    with pytest.raises(Disagreement):
        check_answers([*found, measured("generate_peft", [1.0], answers=[[3, 2]] * 10)])


def test_one_thread_is_timed_by_its_own_seconds(tmp_path):
    assert clock(Options(tmp_path, threads=1)) == "cpu"
    assert clock(Options(tmp_path, threads=2)) == clock(Options(tmp_path, device="cuda")) == "wall"
