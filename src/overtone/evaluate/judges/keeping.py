"""A judge's replies kept in a run as they come: a run that was killed does not ask, or pay, for them again."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path

from overtone.runs.kept import Kept

FILE = "judge.jsonl"  # in the folder of a run

_current: ContextVar[Kept | None] = ContextVar("overtone_judge_replies", default=None)


@contextmanager
def keeping(folder: Path, *others: Path) -> Iterator[None]:
    """Keep what judges reply in a folder while the block runs; what stands there, or in others, is not asked again."""
    kept = Kept(folder / FILE, *(one / FILE for one in others))
    token = _current.set(kept)
    try:
        yield
    finally:
        _current.reset(token)
        kept.close()


def current_replies() -> Kept | None:
    """Where replies are kept now, or None."""
    return _current.get()
