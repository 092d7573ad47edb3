"""Split one file's rows with a seed: whole questions and groups, by label and language, in any order of them."""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence

from overtone.core.example import Example
from overtone.data.units import units

FEWEST = 3  # different questions (or groups) that a class needs to stand in train, validation and test


def split_rows(
    examples: Sequence[Example], shares: Sequence[float], seed: int, by_label: bool
) -> list[list[Example]]:
    """One list of examples for each share, then the rest.

    Rows that ask the same or share a group stay together, so none of either stands in two splits. Each share is taken
    from the rows of each language (of a group: its set of languages), and with `by_label` of each class (of a group:
    its most frequent one), at least one unit of rows; what has fewer than FEWEST units stays in the rest. The same
    rows, seed and shares give the same split in any order of the rows.
    """
    parts: list[list[Example]] = [[] for _ in range(len(shares) + 1)]
    for questions in _strata(examples, _class_and_languages if by_label else _languages_of).values():
        ordered = sorted(questions, key=lambda question: _draw(question, seed))
        for part, members in zip(parts, _deal([questions[name] for name in ordered], shares), strict=True):
            part += members
    places = {id(example): place for place, example in enumerate(examples)}
    return [sorted(part, key=lambda example: places[id(example)]) for part in parts]


def small_classes(examples: Sequence[Example]) -> dict[str, int]:
    """The number of different questions or groups of each class that has too few of them to be split."""
    strata = _strata(examples, _class_of)
    return {label: len(strata[label]) for label in sorted(strata) if len(strata[label]) < FEWEST}


def _strata(
    examples: Sequence[Example], stratum: Callable[[Sequence[Example]], str]
) -> dict[str, dict[str, list[Example]]]:
    """Rows by the stratum of their unit, then by unit."""
    strata: dict[str, dict[str, list[Example]]] = defaultdict(dict)
    for name, rows in units(examples).items():
        strata[stratum(rows)][name] = rows
    return strata


def _languages_of(rows: Sequence[Example]) -> str:
    """The languages of a unit: those of a text and its translations."""
    return "\x1f".join(sorted({row.language for row in rows}))


def _class_and_languages(rows: Sequence[Example]) -> str:
    return f"{_class_of(rows)}\x1f{_languages_of(rows)}"


def _class_of(rows: Sequence[Example]) -> str:
    """The class that a unit is counted for: the most frequent first label in a group, else the first by name."""
    labels = [row.labels[0] for row in rows if row.labels]
    if not any(row.group for row in rows):
        return min(labels, default="")
    counts = Counter(labels)
    return min(counts, key=lambda label: (-counts[label], label), default="")


def _draw(question: str, seed: int) -> bytes:
    """A place in the order that only the question and the seed decide."""
    return hashlib.blake2b(f"{seed}\x1f{question}".encode(errors="surrogatepass"), digest_size=16).digest()


def _deal(questions: Sequence[list[Example]], shares: Sequence[float]) -> list[list[Example]]:
    """Fill each share in turn with whole units, and leave the rest for the last part."""
    total = sum(map(len, questions))
    parts: list[list[Example]] = [[] for _ in shares]
    small = min((share * total for share in shares), default=0)
    # a group larger than the smallest share comes last, where it falls to the rest
    left = sorted(questions, key=lambda rows: any(row.group for row in rows) and len(rows) > small)[::-1]
    if len(questions) >= FEWEST:
        for number, (part, share) in enumerate(zip(parts, shares, strict=True)):
            reserved = len(shares) - number  # one unit for each part that is still to be filled
            while (
                left
                and len(left) > reserved
                and (not part or len(part) + len(left[-1]) <= round(share * total))
            ):
                part += left.pop()
    return [*parts, [row for rows in reversed(left) for row in rows]]
