"""A case to judge: what was asked, what was given, and what was wanted where the judge is to know it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Case:
    """One answer with its question. `wanted` is empty where the judge is not shown it."""

    question: str
    given: str
    wanted: str = ""
