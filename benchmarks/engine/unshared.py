"""Overtone without shared beginnings: to measure what sharing is worth."""

from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def unshared() -> Iterator[None]:
    """While it lasts every sequence is computed for itself."""
    from overtone.engine import score

    usual = score.shares_beginnings
    score.shares_beginnings = lambda body: False  # type: ignore[assignment]
    try:
        yield
    finally:
        score.shares_beginnings = usual  # type: ignore[assignment]
