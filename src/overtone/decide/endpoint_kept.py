"""Answers of an endpoint kept as they come, so that none is paid for twice."""

import hashlib
import json
import threading
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from overtone.runs.lines import append_line, open_mended, read_lines


@dataclass(frozen=True)
class Spoken:
    """What an endpoint said to one request."""

    text: str
    prompt_tokens: int
    completion_tokens: int
    seconds: float
    finish: str


class Kept:
    """Requests and what was said to them, in a file of JSON lines; may be used by several threads."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file = open_mended(path)
        self._lock = threading.Lock()
        self._known = {line.pop("request"): Spoken(**line) for line in read_lines(path)}

    def find(self, request: str) -> Spoken | None:
        """What was said to a request, or None."""
        return self._known.get(request)

    def add(self, request: str, spoken: Spoken) -> None:
        """Keep what was said."""
        with self._lock:
            append_line(self._file, {"request": request, **asdict(spoken)})
            self._known[request] = spoken


def digest(base_url: str, body: Mapping[str, Any]) -> str:
    """A name of a request that its every part decides."""
    return hashlib.sha256(json.dumps([base_url, body], sort_keys=True).encode()).hexdigest()[:32]
