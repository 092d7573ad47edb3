"""A folder of work inside that of a run: held by one command at a time, and not left behind empty by a slip."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from overtone.core.errors import UserError
from overtone.job.searching.same import PLAN
from overtone.runs.lock import Lock


@contextmanager
def working_in(folder: Path) -> Iterator[None]:
    """Make the folder where it is not there, and hold it; UserError where another command does."""
    if folder.parent.exists() and not folder.parent.is_dir():
        raise UserError(f"{folder.parent} is a file; give this work another --name.")
    folder.mkdir(parents=True, exist_ok=True)
    lock = Lock(folder / "lock")
    lock.take()
    try:
        yield
    except UserError:
        _leave_nothing(folder)
        raise
    finally:
        lock.release()


def _leave_nothing(folder: Path) -> None:
    """Take back a folder in which no work was begun."""
    if not (folder / PLAN).exists():
        shutil.rmtree(folder)
        if not any(folder.parent.iterdir()):
            folder.parent.rmdir()
