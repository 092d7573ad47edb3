"""What can be measured: names, contestants that exist, and settings that a search can try."""

import pytest

from benchmarks.engine.compare import module
from benchmarks.engine.shapes import SHAPES
from benchmarks.engine.training import Training
from benchmarks.engine.workloads import ON_GPU, WORKLOADS

ALL = [*WORKLOADS.values(), *ON_GPU.values()]
TRAINERS = sorted({name for one in ALL if isinstance(one, Training) for name in one.contestants})


@pytest.mark.parametrize("workload", ALL, ids=lambda one: one.name)
def test_a_workload_has_a_known_shape_and_a_title(workload):
    assert workload.shape in SHAPES
    assert workload.title


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
