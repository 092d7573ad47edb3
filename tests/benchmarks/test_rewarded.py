"""Given samples: their groups and advantages, which are those that Overtone works out itself."""

import pytest

from benchmarks.engine.rewarded import advantages, groups, rewards
from benchmarks.engine.rows import MAKERS
from overtone.objectives.policy_formulas import within_group

ROWS = MAKERS["samples_60"](16, 500)


def test_samples_stand_with_their_prompt():
    assert [len(group) for group in groups(ROWS)] == [8, 8]
    assert all(len({row.prompt for row in group}) == 1 for group in groups(ROWS))


def test_advantages_are_those_of_the_objective():
    found = advantages(ROWS)
    assert found == pytest.approx([one for group in groups(ROWS) for one in within_group(rewards(group))])
    assert sum(found[:8]) == pytest.approx(0)
