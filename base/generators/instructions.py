"""Free instructions: sentences with given words, descriptions from lists, forms of the answer, who the assistant is."""

from __future__ import annotations

import random as randomness
from collections.abc import Iterator
from typing import Any

from base.generators.chat import chat
from base.generators.phrase import fill, made_up_name, numbered, one, say, series, some
from base.generators.words import WORDS

_WITH_TWO = (
    "the {a} [stood|lay] [next to|under|behind] the {b} [in the {room}|{where}|{when}].",
    "{name} [{did}|saw] the {a} and the {b} {when}.",
    "[in {town}|{when}] [a~|the ]{a} was [sold|swapped] for [a~|the ]{b}.",
    "{name} needs [a~|the ]{a} before [a~|the ]{b}, because {because}.",
)
_SCENE = (
    "[in the {room}|here|inside] [there is|you find|i see] {things}.",
    "the {first} is {quality} and {colour}.",
    "{name} keeps the {second} {where}.",
    "[the {last} [smells|looks|feels] {quality}|nobody uses the {last}].",
    "[through|by] the window you see {weather} and a~{animal}.",
)


def _sentence(random: randomness.Random) -> dict[str, Any]:
    """One to three sentences, each with two words that were asked for."""
    turns: list[str] = []
    for _ in range(random.randint(1, 3)):
        first, second = some(random, "object", 2)
        ask = say(
            random,
            "[write|make|give me|form] a [short |]sentence [with|that has|using] [the words |]{a} and {b}[, please|].",
            a=first,
            b=second,
        )
        turns += [ask, one(random, *_WITH_TWO, a=first, b=second)]
    return chat(random, turns)


def _scene(random: randomness.Random) -> dict[str, Any]:
    """A description of a room with the things that were listed."""
    things, room = some(random, "object", random.randint(3, 5)), random.choice(WORDS["room"])
    ask = say(
        random,
        "[describe|write about|paint in words] [a~|the ]{room} with {things}[, please|].",
        room=room,
        things=series(things),
    )
    facts = {
        "room": room,
        "things": series([fill(random, "a~{it}", it=thing) for thing in things]),
        "first": things[0],
        "second": things[1],
        "last": things[-1],
    }
    body = [say(random, _SCENE[0], **facts)]
    body += [say(random, form, **facts) for form in _SCENE[1 : random.randint(2, 5)]]
    return chat(random, [ask, " ".join(body)])


def _listing(random: randomness.Random) -> dict[str, Any]:
    """Words given in a sentence come back as bullets, numbers or one line."""
    goods = random.sample(WORDS["edible"], random.randint(3, 6))
    told = say(
        random,
        "[we need|please buy|the {job} wants|{name} asked for] {goods} [for {day}|before {month}|].",
        goods=series(goods),
    )
    task, answer = random.choice(
        (
            ("[as|make it] a list with dashes", "\n".join(f"- {good}" for good in goods)),
            ("[as|make it] a numbered list", numbered(goods)),
            ("[one|each] word on its own line", "\n".join(goods)),
            ("[with|split by] commas only", ", ".join(goods)),
            ("[in|with] capitals and commas", ", ".join(good.upper() for good in goods)),
        )
    )
    return chat(random, [f"{told} {say(random, task)}.", answer])


def _exactly(random: randomness.Random) -> dict[str, Any]:
    """Say exactly this, so many times, or choose one of two."""
    word, other = some(random, "any", 2)
    count = random.randint(2, 5)
    pairs = [
        (say(random, "[say|write|repeat] {a} {n} times.", a=word, n=count), " ".join([word] * count)),
        (say(random, "[answer|reply] [only |just |]with the word {a}.", a=word), word),
        (say(random, "[choose|pick] the [first|former]: {a} or {b}?", a=word, b=other), word),
        (say(random, "[choose|pick] the [second|latter]: {a} or {b}?", a=word, b=other), other),
        (say(random, "[say|write] {a}, then {b}.", a=word, b=other), f"{word}, {other}"),
        (say(random, "[put|write] {a} in [brackets|round brackets].", a=word), f"({word})"),
        (say(random, "[end|finish] with {a}: the {b} is", a=word, b=other), f"The {other} is {word}"),
    ]
    return chat(random, [part for pair in random.sample(pairs, random.randint(1, 4)) for part in pair])


def _persona(random: randomness.Random) -> dict[str, Any]:
    """The system prompt says who the assistant is; the user asks."""
    name = random.choice([made_up_name(random), random.choice(WORDS["name"])])
    town, job, day = (random.choice(WORDS[kind]) for kind in ("town", "job", "day"))
    facts = {"name": name, "town": town, "job": job, "day": day, "hour": random.randint(1, 12)}
    told = [
        (
            "[you are|your name is|act as] {name}.",
            "[who are you|what is your name|how are you called]?",
            "[i am|my name is] {name}.",
        ),
        (
            "[you work|the {place} is|you live] in {town}.",
            "[in which town are you|where are you]?",
            "[i am |]in {town}.",
        ),
        (
            "[you are|your work is that of] a~{job}.",
            "[what is your job|what do you do]?",
            "[i am|i work as] a~{job}.",
        ),
        ("[today is|it is] {day}.", "[what day is it|which day is today]?", "[it is|today is] {day}."),
        (
            "[we close|you close|the doors shut] at {hour}.",
            "[when do you close|until when are you open]?",
            "[we close at|at] {hour}.",
        ),
    ]
    chosen = random.sample(told, random.randint(2, 5))
    system = " ".join(say(random, one_told[0], **facts) for one_told in chosen)
    asked = random.sample(chosen, random.randint(1, len(chosen)))
    turns = [say(random, form, **facts) for one_told in asked for form in one_told[1:]]
    document = chat(random, turns, system=0)
    return {"messages": [{"role": "system", "content": system}, *document["messages"]]}


def documents(random: randomness.Random) -> Iterator[dict[str, Any]]:
    """Endless instructions with answers."""
    forms = (_sentence, _scene, _listing, _exactly, _persona)
    while True:
        yield random.choice(forms)(random)
