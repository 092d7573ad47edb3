"""What sharing a prompt is worth in an update: over the fastest peer, over itself, and as a share of the counts."""

from dataclasses import replace

from benchmarks.engine import training
from benchmarks.engine.compare import Entry, Measured
from benchmarks.engine.figures import spread
from benchmarks.engine.job import Job, Step
from benchmarks.engine.options import Options
from benchmarks.engine.update import Update, fastest, reached

UPDATE = Update("try", "", "15M", "samples_60", 8, ("overtone", "plain_samples"), objective="grpo")


def took(contestant, seconds, **settings):
    job = Job(contestant, "model", "rows.json", 3, settings)
    return Measured(Entry(job, "given"), tuple(Step(one, one, 0, 1.0) for one in (99.0, *seconds)))


def test_the_fastest_is_looked_for_among_peers_or_among_its_own():
    found = [took("plain_samples", [3.0, 3.0]), took("trl_grpo", [2.0, 9.0, 2.0]), took("overtone", [1.0])]
    assert fastest(found, ours=False) is found[1]
    assert fastest(found, ours=True) is found[2]
    assert fastest(found[:2], ours=True) is None


def test_who_failed_is_not_the_fastest_and_leaves_nothing_to_say(tmp_path):
    failed = replace(took("overtone", []), failure="is not there")
    assert fastest([failed], ours=True) is None
    assert UPDATE._remarks([failed, took("plain_samples", [3.0])], [], Options(tmp_path)) == []


def test_a_share_is_of_what_is_allowed():
    assert reached(spread([2.0, 3.0, 4.0]), 4.0).startswith(
        "3.00 [2.00, 4.00] times as fast, 75% [50%, 100%]"
    )


def test_remarks_name_the_counts_and_both_gains(tmp_path):
    options = Options(tmp_path, quick=True)
    rows = UPDATE._make(options, 8)
    ours, alone = took("overtone", [1.0, 1.0]), took("overtone", [2.0, 2.0], share=False)
    lines = UPDATE._remarks([ours, alone, took("plain_samples", [3.1, 3.0], batch=1)], rows, options)
    assert lines[1].startswith(
        "Tokens through the model: 2080 with every sample alone, 680 with its prompt once: 3.06"
    )
    assert lines[2].startswith(
        "Over bare loop, head by hand (given: batch 1): 3.05 [3.00, 3.10] times as fast, 100%"
    )
    assert lines[3].startswith("Over Overtone (given: share False): 2.00 [2.00, 2.00] times as fast, 65%")


def test_overtone_takes_the_step_with_every_sample_alone_too(tmp_path, monkeypatch):
    monkeypatch.setattr(training, "best", None)
    options = Options(tmp_path, quick=True)
    entries = UPDATE._entries(UPDATE._job(options, UPDATE._make(options, 8), "try"), options)
    told = [(one.job.contestant, one.job.settings.get("share", True)) for one in entries]
    assert told == [("overtone", True), ("overtone", False), ("plain_samples", True)]
