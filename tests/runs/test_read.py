"""A run folder from which a file was lost, or in which one was damaged, is told in words."""

import pytest

from overtone.core.errors import UserError
from overtone.runs import list_runs, open_run, start_run

PLAN = {"task": {"name": "classify"}, "base": "builtin:minilm"}
REMEDY = "put it back from a copy, or remove the run's folder and run the plan again."


@pytest.fixture
def run(tmp_path):
    with start_run(tmp_path / "mails", PLAN) as run:
        run.finish({"best": "tfidf"})
    return open_run(tmp_path / "mails")


def test_what_was_written_is_read(run):
    assert (run.plan, run.report, run.finished) == (PLAN, {"best": "tfidf"}, True)


@pytest.mark.parametrize(
    ("file", "read"),
    [
        ("state.json", lambda run: list_runs(run.folder.parent)),
        ("report.json", lambda run: run.report),
        ("plan.yaml", lambda run: run.plan),
    ],
)
def test_a_damaged_file_is_refused(run, file, read):
    (run.folder / file).write_bytes(b"{\xff: [")
    with pytest.raises(UserError) as refused:
        read(run)
    assert str(refused.value) == f"{run.folder / file} is damaged: {REMEDY}"


def test_a_lost_file_is_refused(run):
    (run.folder / "plan.yaml").unlink()
    with pytest.raises(UserError) as refused:
        _ = run.plan
    assert str(refused.value) == f"{run.folder / 'plan.yaml'} is missing: {REMEDY}"
