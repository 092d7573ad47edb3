"""Split one file's rows with a seed: whole questions, stratified by label, whatever the order of the rows."""

import hashlib
from collections import defaultdict
from collections.abc import Sequence

from overtone.core.example import Example
from overtone.data.leakage import key

FEWEST = 3  # different questions that a class needs to stand in train, validation and test


def split_rows(
    examples: Sequence[Example], shares: Sequence[float], seed: int, by_label: bool
) -> list[list[Example]]:
    """One list of examples for each share, then the rest.

    Rows that ask the same stay together, so no question stands in two splits. `by_label` takes each share
    from each class, at least one row; a class with fewer than FEWEST questions stays in the rest.
    The same rows, seed and shares give the same split in any order of the rows.
    """
    parts: list[list[Example]] = [[] for _ in range(len(shares) + 1)]
    for questions in _strata(examples, by_label).values():
        ordered = sorted(questions, key=lambda question: _draw(question, seed))
        for part, members in zip(parts, _deal([questions[name] for name in ordered], shares), strict=True):
            part += members
    places = {id(example): place for place, example in enumerate(examples)}
    return [sorted(part, key=lambda example: places[id(example)]) for part in parts]


def small_classes(examples: Sequence[Example]) -> dict[str, int]:
    """The number of different questions of each class that has too few of them to be split."""
    strata = _strata(examples, by_label=True)
    return {label: len(strata[label]) for label in sorted(strata) if len(strata[label]) < FEWEST}


def _strata(examples: Sequence[Example], by_label: bool) -> dict[str, dict[str, list[Example]]]:
    """Rows by class (the first label of the question's rows), then by question."""
    questions: dict[str, list[Example]] = defaultdict(list)
    for example in examples:
        questions[key(example)].append(example)
    strata: dict[str, dict[str, list[Example]]] = defaultdict(dict)
    for question, rows in questions.items():
        label = min((row.labels[0] for row in rows if row.labels), default="") if by_label else ""
        strata[label][question] = rows
    return strata


def _draw(question: str, seed: int) -> bytes:
    """A place in the order that only the question and the seed decide."""
    return hashlib.blake2b(f"{seed}\x1f{question}".encode(errors="surrogatepass"), digest_size=16).digest()


def _deal(questions: Sequence[list[Example]], shares: Sequence[float]) -> list[list[Example]]:
    """Fill each share in turn with whole questions, and leave the rest for the last part."""
    total = sum(map(len, questions))
    parts: list[list[Example]] = [[] for _ in shares]
    left = list(reversed(questions))
    if len(questions) >= FEWEST:
        for number, (part, share) in enumerate(zip(parts, shares, strict=True)):
            reserved = len(shares) - number  # one question for each part that is still to be filled
            while (
                left
                and len(left) > reserved
                and (not part or len(part) + len(left[-1]) <= round(share * total))
            ):
                part += left.pop()
    return [*parts, [row for rows in reversed(left) for row in rows]]
