"""Answers of an endpoint kept as they come, so that none is paid for twice."""

from dataclasses import asdict, dataclass
from pathlib import Path

from overtone.runs import kept


@dataclass(frozen=True)
class Spoken:
    """What an endpoint said to one request."""

    text: str
    prompt_tokens: int
    completion_tokens: int
    seconds: float
    finish: str


class Kept:
    """Requests and what was said to them; may be used by several threads."""

    def __init__(self, path: Path) -> None:
        self._kept = kept.Kept(path)

    def find(self, request: str) -> Spoken | None:
        """What was said to a request, or None."""
        found = self._kept.find(request)
        return None if found is None else Spoken(**found)

    def add(self, request: str, spoken: Spoken) -> None:
        """Keep what was said."""
        self._kept.add(request, asdict(spoken))
