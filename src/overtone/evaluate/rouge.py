"""Words as ROUGE counts them, and the F1 of shared runs of words."""

import re
from collections import Counter

_WORD = re.compile(r"[a-z0-9]+")


def rouge_words(text: str) -> list[str]:
    """Runs of a-z and 0-9 in lower case, as in the common implementations, so that figures compare."""
    return _WORD.findall(text.lower())


def rouge_n(wanted: str, given: str, n: int) -> float:
    """F1 of the runs of n words that two texts share, each counted as often as it stands in both."""
    first, second = (_runs(rouge_words(text), n) for text in (wanted, given))
    common = (first & second).total()
    return 2 * common / (first.total() + second.total()) if common else 0.0


def _runs(words: list[str], n: int) -> Counter[tuple[str, ...]]:
    return Counter(zip(*(words[start:] for start in range(n))))
