"""Libraries are left out of the search for garbage, and what is made meanwhile is not."""

import gc
import weakref

from overtone.decide.garbage import libraries_left_out


class Knot:
    """Holds itself."""

    def __init__(self) -> None:
        self.own = self


def test_what_was_there_is_left_out_and_what_comes_later_still_goes() -> None:
    before, frozen = Knot(), gc.get_freeze_count()
    old = weakref.ref(before)
    with libraries_left_out():
        assert gc.get_freeze_count() > frozen + 100_000
        later = weakref.ref(Knot())
        del before
        gc.collect()
        assert later() is None and old() is not None
    assert gc.get_freeze_count() == 0
    gc.collect()
    assert old() is None
