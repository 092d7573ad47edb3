"""What can be measured: names, contestants that exist, and settings that a search can try."""

import pytest

from benchmarks.engine.compare import module
from benchmarks.engine.job import Job
from benchmarks.engine.lessons import LESSONS
from benchmarks.engine.options import Options
from benchmarks.engine.rows import MAKERS
from benchmarks.engine.shapes import SHAPES
from benchmarks.engine.training import Training
from benchmarks.engine.workloads import ON_GPU, WORKLOADS

ALL = [*WORKLOADS.values(), *ON_GPU.values()]
TRAININGS = [one for one in ALL if isinstance(one, Training)]
TRAINERS = sorted({name for one in TRAININGS for name in one.contestants})


@pytest.mark.parametrize("workload", ALL, ids=lambda one: one.name)
def test_a_workload_has_a_known_shape_and_a_title(workload):
    assert workload.shape in SHAPES
    assert workload.title


@pytest.mark.parametrize("workload", TRAININGS, ids=lambda one: one.name)
def test_what_is_minimised_is_known_and_its_rows_are_there(workload):
    assert LESSONS[workload.objective]
    assert workload.rows in MAKERS
    assert (workload.objective == "distill") == (workload.teacher in SHAPES)
    assert workload.contestants[0] == "overtone"


def test_overtone_has_every_objective_as_the_peers_have_it():
    """Settings are refused where the objective does not know them."""
    for name, lesson in LESSONS.items():
        job = Job("overtone", "", "", 1, objective=name, teacher="teacher" if name == "distill" else "")
        assert lesson.objective(job).name == name


def test_a_quick_shape_is_of_the_same_kind(tmp_path):
    assert Options(tmp_path, quick=True).shape_name("15M-half") == "tiny-half"
    assert Options(tmp_path, quick=True).shape_name("135M") == "tiny"
    assert Options(tmp_path).shape_name("15M-half") == "15M-half"


@pytest.mark.parametrize("name", TRAINERS)
def test_a_contestant_says_what_a_search_tries(name):
    contestant = module(name)
    assert contestant.TITLE
    keys = {frozenset(settings) for settings in (*contestant.GRID, contestant.USUAL) if settings}
    assert len(keys) <= 1
    assert all(settings["batch"] in (1, 2, 4, 8, 16, 32) for settings in contestant.GRID)


def test_where_memory_is_measured_every_tool_has_the_same_rows_in_a_pass():
    memory = WORKLOADS["memory"]
    assert memory.fixed == {"batch": memory.count}
