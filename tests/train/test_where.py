"""A message names the stage that it speaks of."""

import pytest

from overtone.core.errors import UserError
from overtone.train.where import in_stage


def test_a_message_names_its_stage() -> None:
    with (
        pytest.raises(
            UserError, match=r"^stages\[2\]\.method: set stages\.2\.long_rows, as stages\[2\] says$"
        ),
        in_stage(2),
    ):
        raise UserError("stages[0].method: set stages.0.long_rows, as stages[0] says")


def test_other_messages_and_errors_are_left_alone() -> None:
    given = UserError("data.train: no such file")
    with pytest.raises(UserError) as told, in_stage(1):
        raise given
    assert told.value is given
    with pytest.raises(ValueError, match=r"stages\[0\]"), in_stage(1):
        raise ValueError("stages[0]")
