"""Summaries of short generated texts: one sentence, a title, the key points, first and last event."""

from __future__ import annotations

import random as randomness
from collections.abc import Iterator
from typing import Any

from base.generators.chat import ask, chat
from base.generators.phrase import one, person, say, series, some

# An event: how the long text tells it and how the short one does.
_EVENTS = (
    (
        "[{when}, |]{who} {went} to the {place} [{adverb} |]and [bought|found|picked up] a~{quality} {thing}.",
        "got a~{thing}",
    ),
    (
        "{they} [met|saw|greeted] {friend}, [a~{feeling} {job}|who felt {feeling}|who carried a~{object}].",
        "met {friend}",
    ),
    (
        "[then|{when},] the {device} [broke|stopped|fell down], [because {because}|and {they} felt {feeling}].",
        "had trouble with the {device}",
    ),
    (
        "{they} [cooked|made|prepared] {food} with {fruit} [for {number} guests|in the {room}|and a bit of {vegetable}].",
        "made {food}",
    ),
    (
        "{they} [learnt|practised|tried] {sport} [for {number} hours|with a~{job}|until {day}] and [felt {feeling}|got better].",
        "tried {sport}",
    ),
    (
        "{they} [took|drove|used] the {vehicle} to {town}, [where|and there] {weather} [fell|came|waited].",
        "travelled to {town}",
    ),
    (
        "[since {because}, |]{they} painted the {furniture} {colour} and [moved it {where}|left it to dry].",
        "painted the {furniture} {colour}",
    ),
    (
        "{they} lost {number} coins {where} [but stayed calm|and looked for them {adverb}|].",
        "lost {number} coins",
    ),
    (
        "a~{quality} {animal} came {where}, and {they} [fed it|followed it|drew it] {adverb}.",
        "saw a~{animal}",
    ),
)


def _events(random: randomness.Random, count: int) -> tuple[str, list[str], str]:
    """A long text, the short form of its events, and its main person."""
    slots = ["thing", "friend", "device", "food", "sport", "vehicle", "town", "furniture", "colour", "animal"]
    cast: dict[str, Any] = {**person(random), "number": random.randint(2, 60)}
    cast |= {slot: some(random, "name" if slot == "friend" else slot, 1)[0] for slot in slots}
    chosen = random.sample(_EVENTS, count)
    opening = say(
        random,
        "[on {day}|in {month}|{when}], {who} [left the house|had a~{quality} day|got up {feeling}|was in the {room}].",
        **cast,
    )
    long = " ".join([opening, *(say(random, event[0], **cast) for event in chosen)])
    short = [say(random, "x " + event[1], **cast)[2:] for event in chosen]
    return long, short, str(cast["who"])


def _summary(random: randomness.Random) -> dict[str, Any]:
    long, short, who = _events(random, random.randint(2, 5))
    title = one(
        random,
        "{who} and the {word}",
        "the day {who} {act}",
        who=who,
        act=short[0],
        word=short[0].split()[-1],
    )
    forms = (
        ("[sum up|summarise|shorten] [this|the text] [in one sentence|briefly|]", f"{who} {series(short)}."),
        ("[list|give|note] the [main|key] points [of the text|]", "\n".join(f"- {part}" for part in short)),
        ("[what happened first|which came first]", f"{who} {short[0]}."),
        ("[what happened last|how did it end]", f"{who} {short[-1]}."),
        ("[who is it about|who is the text about|name the main person]", f"{who}."),
        ("[give|find|write] a title", title),
    )
    turns: list[str] = []
    for task, answer in random.sample(forms, random.randint(1, 3)):
        question = say(random, task + "[, please.|.|]")
        turns += [question if turns else ask(random, long, question), answer]
    return chat(random, turns)


def _plain(random: randomness.Random) -> dict[str, Any]:
    """A long text followed by its short form, or the other way round."""
    long, short, who = _events(random, random.randint(3, 6))
    brief = f"{say(random, '[in short|summary|briefly|to sum up]')}: {who} {series(short)}."
    return {"text": "\n\n".join([long, brief] if random.random() < 0.6 else [brief, long])}


def documents(random: randomness.Random) -> Iterator[dict[str, Any]]:
    """Endless texts with summaries."""
    while True:
        yield _summary(random) if random.random() < 0.7 else _plain(random)
