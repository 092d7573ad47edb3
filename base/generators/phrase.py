"""A small grammar for text: `say` expands [one|or another] and {slot} into a plain sentence."""

from __future__ import annotations

import random as randomness
import re
from collections.abc import Iterable, Sequence

from base.generators.words import WORDS

_GROUP = re.compile(r"\[([^\[\]]*)\]")
_SLOT = re.compile(r"\{(\w+)\}")
_ARTICLE = re.compile(r"\b([Aa])~ ?(?=(\w))")
_START = re.compile(r'(^|[.!?] |")([a-z])')
_SYLLABLES = [
    "ba",
    "be",
    "bo",
    "da",
    "del",
    "do",
    "fa",
    "fen",
    "ga",
    "gor",
    "ha",
    "hil",
    "ka",
    "kel",
    "ko",
    "la",
    "lin",
    "lo",
    "ma",
    "mer",
    "mo",
    "na",
    "nel",
    "no",
    "pa",
    "pin",
    "ra",
    "ren",
    "ro",
    "sa",
    "sel",
    "so",
    "ta",
    "tor",
    "va",
    "ven",
    "wa",
    "wil",
    "zo",
    "za",
]
_KEYS = "ABCDEFGHJKLMNPRSTUVWXYZ"


def fill(random: randomness.Random, template: str, /, **given: object) -> str:
    """Choose one branch of each [group], then fill each {slot} from `given` or a random word of its list."""
    while found := _GROUP.search(template):
        template = template[: found.start()] + random.choice(found[1].split("|")) + template[found.end() :]
    text = _SLOT.sub(
        lambda slot: str(given[slot[1]]) if slot[1] in given else random.choice(WORDS[slot[1]]), template
    )
    text = _ARTICLE.sub(lambda found: found[1] + ("n " if found[2].lower() in "aeiou" else " "), text)
    return re.sub(r" +([,.?!;:])", r"\1", re.sub(r" {2,}", " ", text)).strip()


def say(random: randomness.Random, template: str, /, **given: object) -> str:
    """`fill`, with a capital at the start of every sentence."""
    text = _START.sub(lambda found: found[1] + found[2].upper(), fill(random, template, **given))
    return re.sub(r"\bi\b", "I", text)


def one(random: randomness.Random, *templates: str, **given: object) -> str:
    """`say` of one of several templates."""
    return say(random, random.choice(templates), **given)


def some(random: randomness.Random, kind: str, count: int) -> list[str]:
    """`count` different words of one list."""
    return random.sample(WORDS[kind], count)


def series(words: Sequence[str], last: str = "and") -> str:
    """ "a, b and c"."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} {last} {words[-1]}"


def numbered(lines: Iterable[str]) -> str:
    """Lines as a list "1. …"."""
    return "\n".join(f"{place}. {line}" for place, line in enumerate(lines, 1))


def made_up_name(random: randomness.Random) -> str:
    """A name that no list holds, so that it can only be recalled from the text."""
    return "".join(random.choices(_SYLLABLES, k=random.choice((2, 2, 3)))).capitalize()


def code(random: randomness.Random) -> str:
    """A short code such as "K7-204"."""
    form = random.choice(("{a}{i}-{n}", "{a}{b}{n}", "{n}{a}", "{n}-{i}", "{a}-{n}"))
    return form.format(
        a=random.choice(_KEYS), b=random.choice(_KEYS), i=random.randint(1, 9), n=random.randint(10, 999)
    )


def person(random: randomness.Random) -> dict[str, str]:
    """A first name with the pronouns that go with it."""
    if random.random() < 0.5:
        return {"who": random.choice(WORDS["she"]), "they": "she", "them": "her", "their": "her"}
    return {"who": random.choice(WORDS["he"]), "they": "he", "them": "him", "their": "his"}


def plural(word: str) -> str:
    """The regular plural of a noun."""
    irregular = {
        "mouse": "mice",
        "sheep": "sheep",
        "fish": "fish",
        "deer": "deer",
        "goose": "geese",
        "ox": "oxen",
        "wolf": "wolves",
        "knife": "knives",
        "shelf": "shelves",
        "loaf": "loaves",
        "leaf": "leaves",
        "dice": "dice",
        "scissors": "scissors",
        "trousers": "trousers",
        "pyjamas": "pyjamas",
        "scarf": "scarves",
        "pliers": "pliers",
        "tweezers": "tweezers",
        "salmon": "salmon",
        "trout": "trout",
        "shrimp": "shrimp",
        "potato": "potatoes",
        "tomato": "tomatoes",
        "mango": "mangoes",
        "calf": "calves",
        "moose": "moose",
    }
    if word in irregular:
        return irregular[word]
    if word.endswith("y") and word[-2] not in "aeiou":
        return word[:-1] + "ies"
    return word + ("es" if word.endswith(("s", "x", "ch", "sh", "z")) else "s")
