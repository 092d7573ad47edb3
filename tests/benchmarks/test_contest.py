"""A contestant in its own process, from the word to go to the table."""

from dataclasses import replace

import pytest

from benchmarks.engine import training
from benchmarks.engine.compare import best, compare
from benchmarks.engine.job import Job
from benchmarks.engine.launch import Contest, NotMeasured
from benchmarks.engine.options import Options


@pytest.fixture
def options(tmp_path):
    return Options(tmp_path, repeats=1, quick=True)


def test_overtone_and_the_bare_loop_do_the_same_work(options, monkeypatch):
    seen = []
    monkeypatch.setattr(training, "compare", lambda *given: seen.extend(compare(*given)) or seen)
    lines = training.Training("try", "", "15M", "instructions", 4, ("overtone", "plain")).measure(options)
    for one in seen:
        first, second = one.steps
        assert first.loss > second.loss
        assert first.cpu > 0 < second.peak
    assert seen[0].steps[1].loss == pytest.approx(seen[1].steps[1].loss, rel=1e-4)
    assert lines[2].startswith("| Overtone |")
    assert lines[3].startswith("| bare loop |")
    assert lines[-1].startswith("Losses of the first step agree")


def test_a_contestant_that_cannot_be_imported_is_left_out_in_words():
    with pytest.raises(NotMeasured, match="is not installed"), Contest(Job("absent", "", "", 1)) as contest:
        contest.ready()


def test_a_search_takes_the_fastest_and_remembers_what_it_tried(options, monkeypatch):
    job, seconds = Job("plain", "model", "rows.json", 1), {1: 3.0, 2: 1.0, 4: 2.0}
    for size, taken in seconds.items():
        options.remember(f"1 cpu {replace(job, settings={'batch': size}).as_json()}", taken)
    monkeypatch.setattr("benchmarks.engine.compare.compare", None)  # nothing is left to try
    assert best(job, [{"batch": size} for size in seconds], options) == ({"batch": 2}, "")


def test_a_contestant_that_dies_is_left_out_in_words_and_the_rest_goes_on():
    with Contest(Job("absent", "", "", 1)) as contest:
        contest._process.kill()
        contest._process.wait()
        with pytest.raises(NotMeasured, match="its process ended"):
            contest.step()
