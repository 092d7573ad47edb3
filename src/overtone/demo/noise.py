"""Seeded slips of the keyboard: swapped, lost, doubled and wrong letters, case, missing punctuation."""

from random import Random

KEYBOARD = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
NEIGHBOURS = {
    row[at]: row[max(at - 1, 0) : at] + row[at + 1 : at + 2] for row in KEYBOARD for at in range(len(row))
}


def swap(word: str, at: int, rng: Random) -> str:
    """Exchange two letters that stand side by side."""
    return word[:at] + word[at + 1] + word[at] + word[at + 2 :]


def drop(word: str, at: int, rng: Random) -> str:
    """Leave a letter out."""
    return word[:at] + word[at + 1 :]


def double(word: str, at: int, rng: Random) -> str:
    """Type a letter two times."""
    return word[:at] + word[at] + word[at:]


def miss(word: str, at: int, rng: Random) -> str:
    """Hit a key beside the right one."""
    return word[:at] + rng.choice(NEIGHBOURS[word[at].lower()]) + word[at + 1 :]


EDITS = (swap, drop, double, miss)


def typos(text: str, rate: float, rng: Random) -> str:
    """Return the text with about `rate` of its longer words misspelt; the first letter stays."""
    return " ".join(misspell(word, rng) if rng.random() < rate else word for word in text.split(" "))


def misspell(word: str, rng: Random) -> str:
    """Return a plain word of four or more letters with one slip; any other word as it is."""
    if len(word) < 4 or not (word.isascii() and word.isalpha()):
        return word
    return rng.choice(EDITS)(word, rng.randrange(1, len(word) - 1), rng)


def without_punctuation(text: str, rng: Random) -> str:
    """Return the text as somebody writes who leaves out full stops and commas."""
    return "".join(character for character in text if character not in ".,?!")


def lower(text: str, rng: Random) -> str:
    """Return the text in small letters."""
    return text.lower()


def upper(text: str, rng: Random) -> str:
    """Return the text in capitals."""
    return text.upper()


def some_typos(text: str, rng: Random) -> str:
    """Return the text with one word in twelve misspelt."""
    return typos(text, 1 / 12, rng)


# What a writer does to the text, and the share of the e-mails in which it happens.
HABITS = ((some_typos, 0.35), (without_punctuation, 0.08), (lower, 0.08), (upper, 0.03))


def roughen(text: str, rng: Random) -> str:
    """Return the text as this e-mail's writer types it."""
    for habit, share in HABITS:
        if rng.random() < share:
            text = habit(text, rng)
    return text
