"""The numbered steps of a wanted answer, and where another answer holds them."""

import re
from collections import Counter
from functools import lru_cache

from overtone.evaluate.written import words

_NUMBERED = re.compile(r"^\s*\d+\s*[.):]\s+(\S.*)$")
_BULLET = re.compile(r"^\s*(?:\d+\s*[.):]|[-*•])\s+")
ENOUGH = 0.8  # token F1 from which a line says the same as a step


@lru_cache(maxsize=4096)
def numbered_steps(text: str) -> tuple[tuple[str, ...], ...]:
    """The words of each line that begins with a number and a dot, bracket or colon."""
    found = map(_NUMBERED.match, text.splitlines())
    steps = (tuple(words(line.group(1))) for line in found if line)
    return tuple(step for step in steps if step)


def found_steps(wanted: str, given: str) -> list[int | None]:
    """For each wanted step the line of the given text that holds it, or None.

    A line holds a step from a token F1 of 0.8; each line answers one step, the best pairs being made first.
    """
    steps = numbered_steps(wanted)
    lines = [tuple(words(_BULLET.sub("", line))) for line in given.splitlines()]
    pairs = [
        (-overlap, step, line)
        for step, wanted_words in enumerate(steps)
        for line, line_words in enumerate(lines)
        if (overlap := token_f1(wanted_words, line_words)) >= ENOUGH
    ]
    place: dict[int, int] = {}
    for _, step, line in sorted(pairs):
        if step not in place and line not in place.values():
            place[step] = line
    return [place.get(step) for step in range(len(steps))]


def token_f1(first: tuple[str, ...], second: tuple[str, ...]) -> float:
    """F1 of two bags of words (as in Rajpurkar et al. 2016, section 6.1); 0 where one is empty."""
    common = (Counter(first) & Counter(second)).total()
    return 2 * common / (len(first) + len(second)) if common else 0.0
