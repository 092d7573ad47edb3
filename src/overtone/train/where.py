"""Which stage a message speaks of."""

from collections.abc import Iterator
from contextlib import contextmanager

from overtone.core.errors import UserError


@contextmanager
def in_stage(number: int) -> Iterator[None]:
    """Within, parts of a stage that know nothing of its place call it `stages[0]`; what is told names the right one."""
    try:
        yield
    except UserError as error:
        told = str(error)
        named = told.replace("stages[0]", f"stages[{number}]").replace("stages.0.", f"stages.{number}.")
        if named == told:
            raise
        raise UserError(named) from error
