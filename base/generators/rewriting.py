"""Edit a given sentence: copy, capitals, replace a word, extract words and numbers, polite or past form."""

from __future__ import annotations

import random as randomness
import re
from collections.abc import Callable, Iterator
from typing import Any

from base.generators.chat import chat
from base.generators.phrase import code, made_up_name, one, say, some

_SENTENCES = (
    "{name} [{did}|saw] the {colour} {thing} [{where}|in the {room}|{when}].",
    "the {job} and the {job} {went} to {town} {when}.",
    "[{when}, |]{name} gave {name} a~{quality} {object} and {number} coins.",
    "a~{quality} {animal} [sat|slept|waited] {where} with a~{animal}.",
    "on {day}, {name} ate {food}, {fruit} and {vegetable}.",
    "the {device} {code} stands in the {room} of {name} {family}.",
    "{made} [lives|works] in {town} as a~{job} since {month}.",
    "{name} felt {feeling} because {because}.",
)
_PRESENT = {
    "walked": "walks",
    "ran": "runs",
    "drove": "drives",
    "went": "goes",
    "rode": "rides",
    "climbed": "climbs",
    "found": "finds",
    "bought": "buys",
    "cleaned": "cleans",
    "painted": "paints",
    "carried": "carries",
    "washed": "washes",
    "kept": "keeps",
    "sold": "sells",
    "pushed": "pushes",
    "held": "holds",
    "drew": "draws",
}
_MOVES = {"walked", "ran", "drove", "went", "rode", "climbed"}
Edit = tuple[str, str]


def sentence(random: randomness.Random) -> str:
    """One sentence rich in names, words and numbers."""
    return one(
        random, *_SENTENCES, number=random.randint(2, 200), code=code(random), made=made_up_name(random)
    )


def _copy(random: randomness.Random, text: str) -> Edit:
    return say(random, "[copy|repeat|write again|say again] [this|the sentence|word for word]"), text


def _capitals(random: randomness.Random, text: str) -> Edit:
    return say(random, "[write|put|turn] [this|it] [in|into] capitals"), text.upper()


def _small(random: randomness.Random, text: str) -> Edit:
    return say(random, "[write|put|turn] [this|it] [in|into] small letters"), text.lower()


def _replace(random: randomness.Random, text: str) -> Edit:
    old, new = random.choice(re.findall(r"\b[a-z]{4,}\b", text)), some(random, "any", 1)[0]
    task = say(random, "[replace|change] {old} [with|by|to] {new}", old=old, new=new)
    return task, re.sub(rf"\b{old}\b", new, text)


def _names(random: randomness.Random, text: str) -> Edit:
    found = [word for word in re.findall(r"\b[A-Z][a-z]+", text) if text.find(word) > 0]
    task = say(random, "[list|find|give] the words with a capital [after the first word|except the first]")
    return task, ", ".join(found) or "none"


def _numbers(random: randomness.Random, text: str) -> Edit:
    return say(random, "[which|find all|list the] numbers [are in the text|you see|]"), ", ".join(
        re.findall(r"\d+", text)
    ) or "none"


def _first(random: randomness.Random, text: str) -> Edit:
    return say(random, "[what is|give] the first word"), text.split()[0].strip(",.")


def _last(random: randomness.Random, text: str) -> Edit:
    return say(random, "[what is|give] the last word"), text.split()[-1].strip(",.")


def _count(random: randomness.Random, text: str) -> Edit:
    return say(random, "[how many|count the] words"), str(len(text.split()))


def _quote(random: randomness.Random, text: str) -> Edit:
    return say(random, "[put|set] [it|this] in quotes"), f'"{text}"'


def _between(random: randomness.Random, text: str) -> Edit:
    words = [word.strip(",.") for word in text.split()]
    place = random.randrange(len(words) - 1)
    if words.count(words[place]) > 1:
        return _last(random, text)
    return say(random, "[which word comes|what stands] [right after|after] {word}", word=words[place]), words[
        place + 1
    ]


_EDITS: tuple[Callable[[randomness.Random, str], Edit], ...] = (
    _copy,
    _capitals,
    _small,
    _replace,
    _replace,
    _names,
    _numbers,
    _first,
    _last,
    _count,
    _quote,
    _between,
)


def _edited(random: randomness.Random) -> dict[str, Any]:
    text = sentence(random)
    turns: list[str] = []
    for edit in random.sample(_EDITS, random.randint(1, 3)):
        task, answer = edit(random, text)
        shown = random.choice(
            (f"{task}: {text}", f"{task}.\n{text}", f"{text}\n{task}.", f'{task}: "{text}"')
        )
        turns += [f"{task}." if turns else shown, answer]
    return chat(random, turns, system=0.15)


def _tense(random: randomness.Random) -> dict[str, Any]:
    """Between past and present."""
    turns = []
    for _ in range(random.randint(1, 3)):
        past, now = random.choice(list(_PRESENT.items()))
        target = (
            "to the [{place}|{room}|{quality} {place}]"
            if past in _MOVES
            else "[the {colour} {thing}|a~{quality} {object}]"
        )
        rest = say(random, "x " + target + " [{adverb}|{where}|with {name}|].")[2:]
        name = some(random, "name", 1)[0]
        pair = [f"{name} {past} {rest}", f"{name} {now} {rest}"]
        to_past = random.random() < 0.5
        task = say(
            random, "[put|write|say] [it|this] in the {tense}:", tense="past" if to_past else "present"
        )
        turns += [f"{task} {pair[to_past]}", pair[not to_past]]
    return chat(random, turns, system=0.15)


def _polite(random: randomness.Random) -> dict[str, Any]:
    """A command turned into a polite question."""
    act = say(
        random, "[bring|lend|show|give|send] me the {colour} {thing} [{when}|of {name}|from the {room}|]"
    )
    low = act[0].lower() + act[1:]
    task = say(random, "[make this polite|say it politely|ask more kindly|turn this into a polite question]")
    return chat(
        random,
        [f"{task}: {act}!", one(random, "could you please {low}?", "would you {low}, please?", low=low)],
        system=0.15,
    )


def documents(random: randomness.Random) -> Iterator[dict[str, Any]]:
    """Endless edits."""
    forms = (_edited, _edited, _edited, _edited, _tense, _polite)
    while True:
        yield random.choice(forms)(random)
