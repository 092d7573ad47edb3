"""Questions answered from a given passage: spans, names and numbers are copied, or said to be missing."""

from __future__ import annotations

import random as randomness
from collections.abc import Iterator
from typing import Any

from base.generators.chat import ask, chat
from base.generators.phrase import code, made_up_name, one, person, say, some
from base.generators.words import WORDS

# Each fact: how a passage states it, how it is asked, and how a whole-sentence answer gives it.
_FACTS: dict[str, tuple[str, str, str]] = {
    "town": (
        "{who} [lives|works|was born|stays|grew up] in {town}.",
        "[where does {who} live|which town is {who} in|what is the town of {who}]?",
        "{who} is in {town}.",
    ),
    "job": (
        "{they} [works as|is|became|trained as] a~{job}.",
        "[what does {who} do|what is the job of {who}|what work does {who} do]?",
        "{who} is a~{job}.",
    ),
    "age": (
        "{they} [is {age} years old|is {age}|turned {age} in {month}].",
        "[how old is {who}|what is the age of {who}]?",
        "{who} is {age} years old.",
    ),
    "thing": (
        "[{when}, |]{they} [bought|found|received|won] a~{thing} [made of {material}|].",
        "[what did {who} get|which object does {who} have]?",
        "{who} got a~{thing}.",
    ),
    "price": (
        "[it cost|the price was|{they} paid] {price} coins.",
        "[how much did it cost|what was the price|how many coins were paid]?",
        "it cost {price} coins.",
    ),
    "animal": (
        "{their} {animal} is called {pet}.",
        "[what is the {animal} called|what is the name of the {animal}]?",
        "the {animal} is called {pet}.",
    ),
    "day": (
        "every {day}, {they} [goes|walks|cycles|drives] to the {place}.",
        "[on which day does {who} go to the {place}|when does {who} visit the {place}]?",
        "on {day}.",
    ),
    "code": (
        "[the|{their}] {device} [has|shows|carries] the [code|number] {code}.",
        "[what is the code of the {device}|which number is on the {device}]?",
        "{code}.",
    ),
    "hobby": (
        "{they} [enjoys|likes|loves] {hobby} [and|more than] {sport}.",
        "[what does {who} enjoy|what is the hobby of {who}]?",
        "{who} enjoys {hobby}.",
    ),
    "relative": (
        "{their} {relative} {helper} [lives|has a shop|stays] in {second}.",
        "[who is {helper}|what is {helper} to {who}]?",
        "{helper} is the {relative} of {who}.",
    ),
    "dish": (
        "for [lunch|dinner|supper], {they} [made|cooked|ate] {food} with {fruit} and {vegetable}.",
        "[what did {who} eat|what was in the meal]?",
        "{food} with {fruit} and {vegetable}.",
    ),
    "room": (
        "the {object} [is kept|stays|is] in the {room}.",
        "[where is the {object}|in which room is the {object}]?",
        "in the {room}.",
    ),
}
_MISSING = (
    "[the text does not say|that is not stated|it is not in the text|the passage does not tell][.|, sorry.|, i am afraid.]",
)


def _values(random: randomness.Random) -> dict[str, Any]:
    """One value for each slot of the facts."""
    who = person(random)
    names = some(random, "name", 2)
    drawn = {
        slot: random.choice(WORDS[slot])
        for slot in [
            "job",
            "thing",
            "animal",
            "day",
            "place",
            "device",
            "hobby",
            "sport",
            "relative",
            "food",
            "fruit",
            "vegetable",
            "object",
            "room",
        ]
    }
    town, second = some(random, "town", 2)
    made_up = random.random() < 0.3
    if made_up:
        town, who["who"] = made_up_name(random), made_up_name(random)
    return {
        **who,
        **drawn,
        "town": town,
        "second": second,
        "age": random.randint(5, 95),
        "helper": names[0],
        "price": random.randint(2, 400),
        "pet": made_up_name(random),
        "code": code(random),
    }


def passage(random: randomness.Random, count: int) -> tuple[str, list[str], dict[str, Any]]:
    """A passage of `count` facts on one person, the names of the facts told, and their values."""
    values = _values(random)
    told = random.sample(list(_FACTS), count)
    if "price" in told and "thing" in told:
        told.remove("price")
        told.insert(told.index("thing") + 1, "price")
    first = say(
        random,
        "[{who} {family} is known in the {place}|this is about {who}|meet {who}|let me tell you about {who}|{who} is [{feeling}|a person of {month}]][.|, said {name}.]",
        **values,
    )
    lines = [first, *(say(random, _FACTS[fact][0], **values) for fact in told)]
    return " ".join(lines), told, values


def _answer(random: randomness.Random, fact: str, values: dict[str, Any]) -> str:
    """The short value or the whole sentence."""
    short = {"town", "age", "price", "hobby", "code"}
    if fact in short and random.random() < 0.5:
        return say(random, "{value}.", value=values[fact])
    return say(random, _FACTS[fact][2], **values)


def _several(random: randomness.Random) -> dict[str, Any]:
    text, told, values = passage(random, random.randint(2, 7))
    turns: list[str] = []
    for fact in random.sample(told, min(len(told), random.randint(1, 3))):
        question = say(random, _FACTS[fact][1], **values)
        turns += [question if turns else ask(random, text, question), _answer(random, fact, values)]
    if random.random() < 0.25:
        fact = random.choice([name for name in _FACTS if name not in told])
        turns += [say(random, _FACTS[fact][1], **values), one(random, *_MISSING)]
    return chat(random, turns)


def _two_people(random: randomness.Random) -> dict[str, Any]:
    """Two people in one passage; the question is about one of them."""
    fact_names = random.sample(["town", "job", "age", "hobby"], 3)
    people = [_values(random), _values(random)]
    texts = [
        " ".join(
            say(
                random,
                _FACTS[fact][0],
                **{**one_person, "they": one_person["who"], "their": one_person["who"]},
            )
            for fact in fact_names
        )
        for one_person in people
    ]
    turns: list[str] = []
    for _ in range(random.randint(1, 3)):
        fact, values = random.choice(fact_names), random.choice(people)
        question = say(random, _FACTS[fact][1], **values)
        turns += [
            question if turns else ask(random, " ".join(texts), question),
            _answer(random, fact, values),
        ]
    return chat(random, turns)


def _records(random: randomness.Random) -> dict[str, Any]:
    """Lines "key: value", with one value asked for."""
    keys = random.sample(
        ["name", "town", "job", "month", "day", "colour", "sport", "fruit", "instrument", "vehicle"],
        random.randint(4, 7),
    )
    values = {key: random.choice(WORDS[key]) for key in keys} | {"code": code(random)}
    mark = random.choice((": ", " = ", " - "))
    table = "\n".join(f"{key}{mark}{value}" for key, value in values.items())
    turns: list[str] = []
    for key in random.sample(list(values), random.randint(1, 3)):
        question = say(random, "[what is|give me|tell me|copy] the {key}[, please|]?", key=key)
        turns += [question if turns else f"{table}\n\n{question}", values[key]]
    return chat(random, turns)


def _as_exam(random: randomness.Random) -> dict[str, Any]:
    """A passage with its questions and answers as plain text."""
    text, told, values = passage(random, random.randint(3, 7))
    lines = [text, ""]
    for fact in random.sample(told, min(len(told), 3)):
        lines += [
            f"Question: {say(random, _FACTS[fact][1], **values)}",
            f"Answer: {_answer(random, fact, values)}",
        ]
    return {"text": "\n".join(lines)}


def documents(random: randomness.Random) -> Iterator[dict[str, Any]]:
    """Endless passages with questions."""
    forms = (_several, _several, _several, _two_people, _records, _as_exam)
    while True:
        yield random.choice(forms)(random)
