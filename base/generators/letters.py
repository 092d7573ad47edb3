"""Short letters, plans and notices: written to order from given details, or questioned for them."""

from __future__ import annotations

import random as randomness
from collections.abc import Iterator
from typing import Any

from base.generators.chat import ask, chat
from base.generators.phrase import numbered, one, say, some
from base.generators.words import WORDS

_ABOUT = {
    "invitation": (
        "[please come to|i invite you to|will you join us at] [my|our] {event} [on {day}|] at {hour} [in the {place}|in {town}]",
        "[bring|do not forget] [a~{thing}|some {food}|your {instrument}]",
    ),
    "thanks": (
        "{thanks} for the {colour} {thing} [you sent in {month}|from {day}|]",
        "[it stands|i keep it] {where} [in the {room}|] and makes me {feeling}",
    ),
    "apology": (
        "i am sorry that i [lost|broke|forgot] your {thing} [on {day}|{when}]",
        "[i will|let me] [pay {number} coins|buy a~{colour} one|mend it] [before {month}|soon|]",
    ),
    "news": (
        "[since {month}|now] i [work as a~{job}|learn {subject}|play the {instrument}] in {town}",
        "my {relative} [is well|has a~{animal}|asks about you]",
    ),
    "request": (
        "[could you|would you] [lend|send|bring] me [the|a] {quality} {thing} [by {day}|]",
        "i need it [for {sport}|because {because}|in the {place}]",
    ),
}
_MORE = (
    "[here|in {town}] we have {weather} and [much|little] {drink}.",
    "[yesterday|on {day}] [i saw|we met] a~{quality} {animal} {where}.",
    "{name} the {job} [says hello|asks for you|sends you a~{object}].",
    "[do you remember|i often think of] the {place} and the {colour} {vehicle}.",
    "[the {tree} in the garden|our {furniture}] is [now |]{quality}.",
    "i have been {hobby} [with {name}|since {month}|].",
)
_NOTICES = (
    "[lost|found|for sale|wanted]: a~{colour} {thing} made of {material}, [{where}|near the {place}].",
    "the {place} [is closed|opens late] on {day} because {because}.",
    "{sport} for beginners, {day} at {hour}, with {name} {family}.",
    "[fresh|cheap] {fruit} and {vegetable} at the {place}, {number} coins a kilo.",
    "[we look for|wanted:] a~{quality} {job} who [likes|knows] {hobby}.",
)
_EVENTS = [
    "party",
    "dinner",
    "lunch",
    "wedding",
    "picnic",
    "concert",
    "match",
    "dance",
    "game",
    "meeting",
    "birthday",
    "breakfast",
]


def _details(random: randomness.Random) -> dict[str, Any]:
    sender, receiver = some(random, "name", 2)
    drawn = {
        slot: random.choice(WORDS[slot])
        for slot in ["day", "town", "thing", "month", "place", "colour", "job"]
    }
    return {
        **drawn,
        "sender": sender,
        "receiver": receiver,
        "hour": random.randint(1, 11),
        "number": random.randint(2, 80),
        "event": random.choice(_EVENTS),
    }


def _letter(random: randomness.Random, kind: str, details: dict[str, Any]) -> str:
    """A letter of one kind with the given details in it."""
    body = [say(random, form, **details) + "." for form in _ABOUT[kind]]
    body += [say(random, form, **details) for form in random.sample(_MORE, random.randint(0, 3))]
    hello = say(random, "[dear|hello|my dear|good day] {receiver},", **details)
    bye = say(random, "[yours|love|best wishes|see you|with love|take care|warm greetings],")
    return f"{hello}\n{' '.join(body)}\n{bye}\n{details['sender']}"


def _written(random: randomness.Random) -> dict[str, Any]:
    kind, details = random.choice(list(_ABOUT)), _details(random)
    wish = say(
        random,
        "[write|draft|make] a [short |kind |][letter|note|card] of {kind} from {sender} to {receiver}[, please|]. "
        "[details|use|with]: {day}, {town}, {thing}, {month}, {place}, {colour}.",
        kind=kind,
        **details,
    )
    return chat(random, [wish, _letter(random, kind, details)])


def _questions(random: randomness.Random) -> dict[str, Any]:
    """Who wrote, to whom, and what kind of letter it is."""
    kind, details = random.choice(list(_ABOUT)), _details(random)
    text = _letter(random, kind, details)
    forms = (
        ("[who wrote the letter|who is the sender|from whom is it]?", details["sender"]),
        ("[who gets the letter|to whom is it written|who is the reader]?", details["receiver"]),
        ("[what kind of letter is it|is it news, thanks, request, apology or invitation]?", kind),
    )
    turns: list[str] = []
    for form, answer in random.sample(forms, random.randint(1, 3)):
        turns += [say(random, form) if turns else ask(random, text, say(random, form)), f"{answer}."]
    return chat(random, turns)


def _plan(random: randomness.Random) -> dict[str, Any]:
    """A plan of the week, listed and then asked for."""
    days = sorted(random.sample(range(7), random.randint(3, 6)))
    act = "[{sport} with {name}|buy {food} and {fruit}|clean the {room}|visit {town}|mend the {thing}|call the {job}]"
    rows = {WORDS["day"][day]: fill_act for day in days for fill_act in [say(random, act)]}
    asked, other = random.choice(list(rows)), random.choice(list(rows))
    table = "\n".join(f"{day}: {plan}" for day, plan in rows.items())
    turns = [
        f"{table}\n{say(random, '[what is planned|what happens|what do i do] on {day}?', day=asked)}",
        f"{rows[asked]}.",
        say(random, "[when|on which day] do i have this: {plan}?", plan=rows[other]),
        f"{other}.",
    ]
    if random.random() < 0.5:
        turns += [say(random, "[list|number] the [plans|tasks] without the days."), numbered(rows.values())]
    return chat(random, turns)


def _plain(random: randomness.Random) -> dict[str, Any]:
    """A letter or a board of notices as plain text."""
    if random.random() < 0.5:
        return {"text": _letter(random, random.choice(list(_ABOUT)), _details(random))}
    title = say(random, "[notices|news] [of|from] {town}, {month} {number}", number=random.randint(1, 30))
    lines = [
        one(random, *_NOTICES, hour=random.randint(1, 11), number=random.randint(1, 20))
        for _ in range(random.randint(2, 6))
    ]
    return {"text": "\n".join([title, *lines])}


def documents(random: randomness.Random) -> Iterator[dict[str, Any]]:
    """Endless letters, plans and notices."""
    while True:
        yield random.choice((_written, _questions, _plan, _plain))(random)
