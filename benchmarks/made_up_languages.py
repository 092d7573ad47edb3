"""Three languages of our own making with the same meanings: a plain one, a kindred one, and a foreign one.

The plain one is English-like. The kindred one keeps half of the words that tell a class, each with an ending of its
own, and has words of its own for all others. The foreign one shares no word, and no letter, with either: what is
learned in the plain one must help in the kindred one and must not in the foreign one.
"""

import hashlib
import random
from collections.abc import Sequence
from itertools import count, product

PLAIN, KINDRED, FOREIGN = "plain", "kindred", "foreign"
CLASSES = {
    "weather": "storm rain snow wind cloud frost thunder fog sunshine hail breeze drought flood lightning ice heat",
    "kitchen": "bread butter soup onion oven pepper cheese flour salad garlic sauce potato spoon honey recipe dough",
    "music": "song violin drum melody concert guitar choir piano rhythm singer flute opera tune trumpet band chorus",
    "travel": "train airport ticket hotel luggage passport harbour ship map tourist bus station border flight road cab",
}
OTHERS = (
    "box",
    "window",
    "paper",
    "table",
    "corner",
    "garden",
    "letter",
    "stone",
    "chair",
    "friend",
    "street",
    "wall",
)
TEMPLATES = (
    "we talked about the {0} and the {2} near the {1}",
    "there was a {0} beside the {1} and then a {2}",
    "my {1} has to do with {0} or {2} today",
    "she wrote of {0} in her {1} but also of {2}",
)
LATIN = tuple(map("".join, product("bdfgklmnprstvz", "aeiou")))
GREEK = tuple(map("".join, product("βγδζθκλμνπρστφχ", "αεηιουω")))
ENDINGS = ("a", "en", "ik", "os")
WORDS = sorted(
    {word for text in (*CLASSES.values(), *OTHERS, *TEMPLATES) for word in text.split() if "{" not in word}
)
Vocabulary = dict[str, str]


def meanings(many: int) -> list[tuple[str, str]]:
    """Different sentences of the plain language with their classes, as many of each; the first ones stay the same."""
    draw, found = random.Random(0), dict[str, str]()
    while len(found) < many:
        label = tuple(CLASSES)[len(found) % len(CLASSES)]
        first, last = draw.sample(CLASSES[label].split(), 2)
        found.setdefault(draw.choice(TEMPLATES).format(first, draw.choice(OTHERS), last), label)
    return list(found.items())


def languages(seed: int) -> dict[str, Vocabulary]:
    """Each language as what becomes of every plain word."""
    kept = {
        word: word + _pick(ENDINGS, f"{seed} {word}")
        for words in CLASSES.values()
        for word in _half(words, seed)
    }
    plain = {word: word for word in WORDS}
    return {PLAIN: plain, KINDRED: _invented(LATIN, seed) | kept, FOREIGN: _invented(GREEK, seed)}


def rows(first: int, many: int, seed: int) -> list[dict[str, str]]:
    """Every meaning from `first` on in each language; translations of each other share their `meaning`."""
    known = languages(seed)
    return [
        {
            "text": " ".join(words[word] for word in text.split()),
            "label": label,
            "language": name,
            "meaning": str(number),
        }
        for number, (text, label) in enumerate(meanings(first + many)[first:], first)
        for name, words in known.items()
    ]


def _half(words: str, seed: int) -> list[str]:
    known = words.split()
    return sorted(known, key=lambda word: _digest(f"kept {seed} {word}"))[: len(known) // 2]


def _invented(syllables: Sequence[str], seed: int) -> Vocabulary:
    """Words of two syllables, no two alike, that only the plain word and the seed decide."""
    found: dict[str, str] = {}
    for word in WORDS:
        tries = (
            "".join(_pick(syllables, f"{seed} {word} {place} {number}") for place in "ab")
            for number in count()
        )
        found[word] = next(one for one in tries if one not in found.values())
    return found


def _pick(choices: Sequence[str], text: str) -> str:
    return choices[_digest(text) % len(choices)]


def _digest(text: str) -> int:
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "big")
