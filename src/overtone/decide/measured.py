"""What was measured of one rival: its answers to the frozen test rows, and what they cost."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, fields
from typing import Any, Protocol

from overtone.core.answer import Answer


@dataclass(frozen=True)
class Measured:
    """One rival on the test rows; `kind` is the part's name, `settings` what it was measured with.

    `prepare_seconds` holds the time of shared work too, where an earlier rival had done it already. `facts`
    are numbers that only some systems have: parameters, trainable_parameters, recall of gold documents.
    """

    key: str
    title: str
    kind: str
    tuned: bool
    ids: tuple[str, ...]  # of the questions, in the order of the answers
    answers: tuple[Answer, ...]
    prepare_seconds: float
    answer_seconds: float
    peak_mb: float
    facts: dict[str, float | str] = field(default_factory=dict)
    settings: dict[str, Any] = field(default_factory=dict)

    @property
    def errors(self) -> int:
        """Questions that got no answer."""
        return sum(answer.error is not None for answer in self.answers)

    @property
    def tokens(self) -> tuple[int, int]:
        """Tokens read and tokens written, over all answers."""
        read = sum(answer.prompt_tokens for answer in self.answers)
        return read, sum(answer.completion_tokens for answer in self.answers)

    @property
    def seconds_per_answer(self) -> float:
        """Mean seconds of an answer, as answered in chunks."""
        return self.answer_seconds / max(1, len(self.answers))


class Store(Protocol):
    """Where finished measurements are kept; `write` puts a whole text in place or nothing."""

    def read(self, name: str) -> str | None:
        """The text called `name`, such as `answers/tfidf.json`; None where there is none."""
        ...

    def write(self, name: str, text: str) -> None:
        """Put a text in place."""
        ...


def save_measured(measured: Measured, store: Store) -> None:
    """Write the answers, then the facts about them: facts that exist stand for a finished measurement."""
    rows = zip(measured.ids, measured.answers, strict=True)
    # escaped as ASCII: some readers take U+2028 in a text for the end of a line
    lines = [json.dumps({"id": row, **_plain(answer)}) for row, answer in rows]
    about = {name: getattr(measured, name) for name in _about()}
    store.write(f"answers/{measured.key}.jsonl", "".join(f"{line}\n" for line in lines))
    store.write(f"answers/{measured.key}.json", json.dumps(about, indent=1, ensure_ascii=False) + "\n")


def load_measured(key: str, ids: Sequence[str], settings: dict[str, Any], store: Store) -> Measured | None:
    """A finished measurement of these questions with these settings; None where there is none."""
    found = read_measured(key, store)
    if found is None or found.ids != tuple(ids) or found.settings != json.loads(json.dumps(settings)):
        return None
    return found


def read_measured(key: str, store: Store) -> Measured | None:
    """A finished measurement as it was kept, of whatever questions; None where there is none."""
    about, lines = store.read(f"answers/{key}.json"), store.read(f"answers/{key}.jsonl")
    if about is None or lines is None:
        return None
    rows = [json.loads(line) for line in lines.split("\n") if line]
    ids = tuple(row.pop("id") for row in rows)
    return Measured(ids=ids, answers=tuple(_answer(row) for row in rows), **json.loads(about))


def _about() -> list[str]:
    return [part.name for part in fields(Measured) if part.name not in ("ids", "answers")]


def _plain(answer: Answer) -> dict[str, Any]:
    """An answer's fields that say something; what is left out is the default again when read."""
    written = asdict(answer)
    return {name: value for name, value in written.items() if value not in (None, (), 0, "stop")}


def _answer(row: dict[str, Any]) -> Answer:
    lists = {name: tuple(row.get(name, ())) for name in ("documents", "cited")}
    return Answer(**{**row, **lists})
