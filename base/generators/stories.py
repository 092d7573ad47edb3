"""Short stories in which people, things and places persist and are recalled later."""

from __future__ import annotations

import random as randomness
from collections.abc import Iterator
from typing import Any

from base.generators.chat import chat
from base.generators.phrase import code, made_up_name, one, person, say, series, some

_OPEN = (
    "[{when}, |]{who} the {job} [lived|stayed|worked] in {town}, [{where}|close to the {place}|not far from the {place}].",
    "[{who} was a~{quality} {job}|there was once a~{job} called {who}|this is the story of {who}, a~{job}] [from|in] {town}.",
    "[in {town}|near the {place} of {town}] [there lived|everyone knew] {who}, [a~{feeling} {job}|who loved {hobby}].",
    "{who} [loved|enjoyed|liked] {hobby} [and|but] [never|seldom|often|always] [had time for it|spoke about it|did it alone].",
)
_FIND = (
    "[{when}, |]{they} [{did}|saw|noticed] a~{thing_quality} {thing} [{where}|in the {room}|by the {place}].",
    "{they} had [a~{thing_quality} {thing}|one {thing}, {thing_quality} and {quality},] [from {their} {relative}|since {month}].",
    "[in the {room}|{where}] [stood|lay|was] a~{thing_quality} {thing}, and {who} {adverb} took it.",
)
_MIDDLE = (
    "[{when}, |]{who} {went} to the {place} with the {thing} [, because {because}|].",
    "{other} {went} [{adverb}|home|away] and [asked|wondered|said] [where the {thing} was|who had the {thing}|why {because}].",
    '"[have you seen|do you like|may I hold|where did you get] the {thing}?" [asked|said|whispered] {other} [{adverb}|].',
    '"[i like|this is|be careful with|look at] [the|my|that] {thing_quality} {thing}," [said|answered|called] {who}.',
    "{who} felt {feeling} [because {because}|and [sat|stayed] {where}|, but {other} was {feeling}].",
    "[{when}, |]the {weather} [came|stopped|began], and [they|both] [waited|hid|rested] {where}.",
    "{other} [gave|offered|showed] {who} {number} [{quality} |]{extras} [for the {thing}|and a {quality} {object}|].",
    "{they} put the {thing} [in a~{quality} {container}|{where}|under a~{quality} {object}] and {went} [away|home|to bed].",
    "a~{quality} {animal} [took|sniffed|followed|watched] [the {thing}|{who}|{other}] [{adverb}|near the {place}|].",
    "the {relative} of {other} [came|arrived|called] {when} with [some {food}|a~{object}|{number} {extras}].",
)
_CLOSE = (
    "[in the end|at last|{when}], {who} [still had|kept|gave {other}|sold] the {thing_quality} {thing}.",
    "[from that day|since then], the {thing} [stands|stays|hangs] {where} in {town}, and {who} is {feeling}.",
    "{other} [never forgot|often thinks of|still talks about] {who} and the {thing_quality} {thing} of {town}.",
    "so the {thing} [came back to|went to|stayed with] {who}, and {other} [got|had] the {number} {extras}.",
    '{who} the {job} [smiled|laughed|nodded]. "[it is only a~{thing}|my {thing} is safe|now i know]," {they} said.',
)


def _cast(random: randomness.Random) -> dict[str, Any]:
    """The people, the thing and the numbers of one story."""
    hero = person(random)
    if random.random() < 0.3:
        hero["who"] = made_up_name(random)
    friend = person(random)["who"]
    thing, extra = some(random, "thing", 2)
    return {
        **hero,
        "other": friend if friend != hero["who"] else made_up_name(random),
        "thing": thing,
        "extras": random.choice([extra + "s", "coins", "apples", "cards"]).replace("ss", "s"),
        "number": random.randint(2, 30),
        "town": some(random, "town", 1)[0],
        "job": some(random, "job", 1)[0],
        "thing_quality": random.choice([*some(random, "colour", 1), *some(random, "quality", 1)]),
    }


def story(random: randomness.Random, length: int) -> tuple[str, dict[str, Any]]:
    """A story of about `length` sentences, with the facts that it states."""
    cast = _cast(random)
    middle = [say(random, form, **cast) for form in random.sample(_MIDDLE, min(length, len(_MIDDLE)))]
    sentences = [
        one(random, *_OPEN, **cast),
        one(random, *_FIND, **cast),
        *middle,
        one(random, *_CLOSE, **cast),
    ]
    breaks = [" " if random.random() < 0.85 else "\n\n" for _ in sentences]
    return "".join(part for pair in zip(sentences, breaks, strict=True) for part in pair).strip(), cast


def _told(random: randomness.Random) -> dict[str, Any]:
    """A story asked for in a chat; the request names what must occur."""
    text, cast = story(random, random.randint(2, 5))
    wish = one(
        random,
        "[write|tell me|make up|invent] a [short|little|brief|] story [about|with|that has] "
        "{who}, {other} and a~{thing}[, please|].",
        "{who}, {other}, a~{thing}, {town}: [a story please|make a story].",
        "[can you tell|i want to hear] a story [where|in which] {who} has a~{thing_quality} {thing}?",
        **cast,
    )
    return chat(random, [wish, text])


def _tracked(random: randomness.Random) -> dict[str, Any]:
    """Who holds what: hand-overs, then the state told at the end."""
    people, things = some(random, "name", 3), some(random, "object", 3)
    holder = dict(zip(things, people, strict=True))
    lines = [
        say(random, "{a} [has|holds|keeps|owns] the {b}.", a=who, b=what) for what, who in holder.items()
    ]
    for _ in range(random.randint(2, 7)):
        what, taker = random.choice(things), random.choice(people)
        if holder[what] == taker:
            lines.append(
                say(random, "{a} [{adverb} |]{went} [to the {place}|with the {b}] {when}.", a=taker, b=what)
            )
            continue
        lines.append(
            say(
                random,
                "[{when}, |]{a} [gives|hands|passes|lends|sells] the {b} to {c}.",
                a=holder[what],
                b=what,
                c=taker,
            )
        )
        holder[what] = taker
    text = " ".join(lines)
    if random.random() < 0.4:
        end = series([f"{who} has the {what}" for what, who in holder.items()])
        return {"text": f"{text} {say(random, '[now|in the end|at last], {end}.', end=end)}"}
    turns = []
    for what in random.sample(things, random.randint(1, 3)):
        question = say(
            random, "[who has the {b}|where is the {b}|who holds the {b}] [now|in the end|]?", b=what
        )
        turns += [f"{text}\n{question}" if not turns else question, f"{holder[what]} has the {what}."]
    return chat(random, turns)


def _remembered(random: randomness.Random) -> dict[str, Any]:
    """Objects left with codes in places, then found again in a different order."""
    things, spots = some(random, "object", 4), some(random, "room", 4)
    codes = [code(random) for _ in things]
    laid = [
        say(
            random,
            "[{who} put|there is|they left|you will find] the {a} [in|inside|near] the {b}[,| and] [with|under|marked] [the code|number] {c}.",
            who=random.choice(some(random, "name", 1)),
            a=a,
            b=b,
            c=c,
        )
        for a, b, c in zip(things, spots, codes, strict=True)
    ]
    order = random.sample(range(4), 4)
    found = [
        say(
            random,
            "[the {a} came from|the {a} was in|in] the {b} [and had|with|, marked] {c}.",
            a=things[i],
            b=spots[i],
            c=codes[i],
        )
        if random.random() < 0.5
        else f"Code {codes[i]}: the {things[i]} in the {spots[i]}."
        for i in order
    ]
    return {"text": "\n".join([" ".join(laid), " ".join(found)])}


def documents(random: randomness.Random) -> Iterator[dict[str, Any]]:
    """Endless stories: plain, asked for, tracked and remembered."""
    while True:
        kind = random.random()
        if kind < 0.4:
            yield {"text": story(random, random.randint(3, 9))[0]}
        elif kind < 0.6:
            yield _told(random)
        else:
            yield _tracked(random) if kind < 0.85 else _remembered(random)
