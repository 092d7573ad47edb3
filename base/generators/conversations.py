"""Dialogues over several turns in which what was said earlier is asked for again."""

from __future__ import annotations

import random as randomness
from collections.abc import Iterator
from typing import Any

from base.generators.chat import chat
from base.generators.phrase import code, made_up_name, one, say, series
from base.generators.words import WORDS

# What the user tells, what the assistant says to it, the later question, the later answer.
_TOLD: dict[str, tuple[str, str, str, str]] = {
    "me": (
        "[my name is|i am|call me|people call me] {me}.",
        "[hello|nice to meet you|good day], {me}[.|!]",
        "[what is my name|who am i|do you remember my name]?",
        "[your name is|you are] {me}.",
    ),
    "town": (
        "i [live in|come from|am in|moved to] {town}[, near the {place}|].",
        "{town} [sounds nice|is good to know|, i see]. [do you like the {place}?|]",
        "[where do i live|which town is mine|where am i from]?",
        "[you live in|your town is] {town}.",
    ),
    "job": (
        "i [work as|am|want to be] a~{job}.",
        "[a~{job}|being a~{job}] [is useful|must be hard work|is good work][.|!]",
        "[what is my job|what work do i do]?",
        "[you are|your job is] a~{job}.",
    ),
    "pet": (
        "[i have|we keep] a~{animal} [called|named] {pet}.",
        "{pet} is a [nice|good|fine|sweet] name for a~{animal}.",
        "[what is my {animal} called|how is the {animal} named]?",
        "[your {animal} is called|its name is] {pet}.",
    ),
    "food": (
        "[i like|i love|my favourite food is] {food} with {fruit}.",
        "[{food} with {fruit}|that] [is tasty|makes a good meal][.|!]",
        "[what do i like to eat|what is my favourite food]?",
        "[you like|it is] {food} with {fruit}.",
    ),
    "day": (
        "[we meet|the visit is|my class is] on {day} at {hour}.",
        "[i will keep in mind|good,|noted:] {day} at {hour}.",
        "[when do we meet|what day was it|when is it]?",
        "on {day} at {hour}.",
    ),
    "code": (
        "[the code|my number|the locker code] is {code}.",
        "[noted|fine|thanks], [the code is |]{code}.",
        "[what was the code|tell me the code again|which number did i give]?",
        "[it is|the code is|you said] {code}.",
    ),
    "thing": (
        "[i lost|i bought|i found] a~{colour} {thing} {where}.",
        "[a~{colour} {thing}?|i see, a~{thing}.] [when was that?|that is news.|good to know.]",
        "[which thing did i talk about|what did i tell you about]?",
        "[it was|you spoke of] a~{colour} {thing}.",
    ),
    "sport": (
        "[on {day} i go|my {relative} goes|i often go] to {sport} [with {friend}|in {month}|].",
        "{sport} [is healthy|is fun|keeps you fit][.|!]",
        "[which sport did i mention|what sport was it]?",
        "{sport}.",
    ),
    "friend": (
        "my {relative} {friend} [is {feeling}|plays the {instrument}|has {number} {tree} trees].",
        "[tell {friend} hello|{friend} must be special|i would like to meet {friend}].",
        "[who is {friend}|what is {friend} to me]?",
        "{friend} is your {relative}.",
    ),
}
_ASIDE = (
    ("[what is|tell me] {a} plus {b}?", "{c}."),
    ("[say|repeat] the word {any}.", "{any}."),
    (
        "[it is|we have] {weather} [here|today|in {second}].",
        "[{weather} can be pleasant|take care in the {weather}|then stay in the {room}].",
    ),
    ("[do you like|what about] {hobby}?", "[i have no body, but|people say] {hobby} is [fun|nice|fine]."),
    (
        "[i feel|today i am] {feeling}.",
        "[why are you {feeling}?|it is fine to be {feeling}.|i hear you are {feeling}.]",
    ),
)


def _values(random: randomness.Random) -> dict[str, Any]:
    drawn = {
        slot: random.choice(WORDS[slot])
        for slot in [
            "job",
            "animal",
            "food",
            "fruit",
            "day",
            "thing",
            "colour",
            "sport",
            "relative",
            "town",
            "instrument",
            "month",
            "weather",
            "hobby",
            "feeling",
            "any",
            "room",
            "where",
        ]
    }
    a, b = random.randint(1, 50), random.randint(1, 50)
    return {
        **drawn,
        "me": random.choice([made_up_name(random), random.choice(WORDS["name"])]),
        "pet": made_up_name(random),
        "hour": random.randint(1, 12),
        "code": code(random),
        "friend": random.choice(WORDS["name"]),
        "second": random.choice(WORDS["town"]),
        "number": random.randint(2, 40),
        "a": a,
        "b": b,
        "c": a + b,
    }


def _told_and_asked(
    random: randomness.Random, facts: list[str], values: dict[str, Any], asides: float
) -> list[str]:
    """Turns in alternation: every fact told, with asides between, then some facts asked for."""
    turns: list[str] = []
    for fact in facts:
        turns += [say(random, form, **values) for form in _TOLD[fact][:2]]
        if random.random() < asides:
            turns += [say(random, form, **values) for form in random.choice(_ASIDE)]
    for fact in random.sample(facts, random.randint(1, len(facts))):
        turns += [say(random, form, **values) for form in _TOLD[fact][2:]]
    return turns


def _memory(random: randomness.Random) -> dict[str, Any]:
    facts = random.sample(list(_TOLD), random.randint(2, 6))
    return chat(random, _told_and_asked(random, facts, _values(random), 0.25))


def _order(random: randomness.Random) -> dict[str, Any]:
    """An order at a counter that grows and shrinks, then is repeated."""
    goods: dict[str, int] = {}
    turns: list[str] = []
    for _ in range(random.randint(2, 6)):
        good, count = random.choice(WORDS["fruit"] + WORDS["vegetable"]), random.randint(1, 12)
        if len(goods) > 1 and random.random() < 0.3:
            good = random.choice(list(goods))
            del goods[good]
            turns += [
                say(
                    random,
                    "[no|leave out the|take away the|without the] {good}[, please|, i changed my mind|].",
                    good=good,
                )
            ]
        else:
            goods[good] = count
            turns += [
                say(
                    random,
                    "[i want|please give me|add|also|and] {count} {good}[, please|].",
                    good=good,
                    count=count,
                )
            ]
        now = series([f"{number} {name}" for name, number in goods.items()])
        turns += [say(random, "[so far|now you have|the order is|that makes] {now}.", now=now)]
    turns += [
        say(random, "[what did i order|repeat my order|is that all i have]?"),
        f"{now[0].upper()}{now[1:]}.",
    ]
    return chat(random, turns, system=0.4)


def _play(random: randomness.Random) -> dict[str, Any]:
    """Two people talk in a plain text; one repeats what the other said."""
    pair = random.sample(WORDS["name"], 2)
    facts = random.sample([fact for fact in _TOLD if fact != "me"], random.randint(2, 5))
    turns = _told_and_asked(random, facts, _values(random), 0.1)
    ending = one(
        random,
        "[{first} and {second}|both] [laughed|went home|had {drink}] {when}.",
        first=pair[0],
        second=pair[1],
    )
    return {"text": "\n".join([*(f"{pair[place % 2]}: {turn}" for place, turn in enumerate(turns)), ending])}


def documents(random: randomness.Random) -> Iterator[dict[str, Any]]:
    """Endless dialogues."""
    forms = (_memory, _memory, _memory, _order, _play)
    while True:
        yield random.choice(forms)(random)
