"""A customer's letter and help notes in the prompt; the reply copies the steps of the note that fits."""

from __future__ import annotations

import random as randomness
from collections.abc import Iterator
from typing import Any

from base.generators.chat import chat
from base.generators.help_notes import Note, notes
from base.generators.phrase import numbered, one, say, series, some

_HELLO = "[hello|hi|good morning|good day|dear team|dear {agent}|to whom it may concern|good evening]"
_TROUBLE = (
    "[my|our|the] {item} [from {town}|of my {relative}|we got in {month}|number {number}|] {fault} [since {day}|again|, {when}|].",
    "i [need|want|hope for|would like] [help|advice|a hand] with [my|our|a~] {item}: it {fault}.",
    "[sadly|sorry to say|you may not believe it, but] [my|our] {item} {fault} [, and i am {feeling}|now|].",
    "the {item} {fault}. [this|it] [started|began|happened first] [on {day}|in {month}|{when}].",
)
_EXTRA = (
    "my {relative} [{adverb} |][tried|used] a~{quality} {tool} [, but it did not help|without luck|and gave up].",
    "[i am a~{job} and|we live in {town} and|with {number} guests coming, i] [cannot wait long|need it by {day}|have little time].",
    "[i already|we have] [looked|searched] {where} [and found only a~{object}|].",
    "[the {colour} one|it] [cost|was] {number} coins [in {month}|, and i expected more|].",
    "[could you|can you|please] [help me|tell me what to do|say how to fix it|answer soon][?|.]",
)
_BYE = "[bye|{thanks}|kind wishes|yours|see you|greetings from {town}|all the best|cheers],"
_OPENING = (
    "[i am sorry|what a pity|sorry to hear] that [your|the] {item} {fault}.",
    "[so|i see,] [your|the] {item} {fault}. [that is annoying|we can solve this|no need to worry|let us fix that].",
    "[{thanks} for your note|i read your note] [on|about] the {item} that {fault}.",
    "[a~{item} that {fault}|this trouble with the {item}] [can be|is easily] [fixed|solved|put right].",
)
_LEAD = "[here is what to do|do this|please try this|follow these steps|these steps help|go step by step][, in this order|]:"
_END = (
    "[write|tell us|come by] [if it still {fault}|if the {item} gives more trouble|how it went].",
    "[i hope|may] the {item} [works|is fine] [again|soon|by {day}].",
    "[have a good {day}|good luck with the {item}|all the best to {town}].",
)
_TASK = (
    "[write|send|draft] [a|the] [polite|friendly|kind|short] [reply|answer] [with the steps of the note|to {customer}|to this letter|that uses the help note][, please|].",
    "[answer|reply to] {customer} [with the right note|politely|and sign as {agent}|from the note][, please|].",
)


def _mistype(random: randomness.Random, text: str) -> str:
    """Swap two neighbouring letters in a few places, as a hurried writer does."""
    letters = list(text)
    for place in random.sample(range(1, len(letters) - 1), 3):
        if letters[place].isalpha() and letters[place + 1].isalpha():
            letters[place], letters[place + 1] = letters[place + 1], letters[place]
    return "".join(letters)


def _letter(random: randomness.Random, facts: dict[str, Any]) -> str:
    body = [one(random, *_TROUBLE, **facts)]
    body += [say(random, form, **facts) for form in random.sample(_EXTRA, random.randint(0, 3))]
    random.shuffle(body)
    sender = say(random, "{customer}[ {family}|]", **facts)
    text = f"{say(random, _HELLO, **facts)},\n{' '.join(body)}\n{say(random, _BYE, **facts)}\n{sender}"
    return _mistype(random, text) if random.random() < 0.2 else text


def _shown(random: randomness.Random, options: list[Note]) -> str:
    """The notes as a prompt shows them."""
    head = random.choice(("Note", "Help note", "Card", "Article", "Sheet"))
    names = random.choice(("ABCD", "1234"))
    shown = []
    for name, note in zip(names, options, strict=False):
        title = say(random, "[when|if] the {item} {fault}", item=note.item, fault=note.fault)
        label = head if len(options) == 1 else f"{head} {name}"
        shown.append(f"{label}: {title}\n{numbered(note.steps)}")
    return "\n\n".join(shown)


def _reply(random: randomness.Random, note: Note, facts: dict[str, Any]) -> str:
    opening = f"{one(random, *_OPENING, **facts)} {say(random, _LEAD)}"
    parts = [say(random, "[dear|hello|good day|hi] {customer},", **facts), opening, numbered(note.steps)]
    if random.random() < 0.6:
        parts.append(one(random, *_END, **facts))
    bye = say(random, "[kind wishes|yours|best wishes|greetings|your team|all the best],")
    return "\n".join([*parts, f"{bye}\n{facts['agent']}"])


def _case(random: randomness.Random, options: list[Note]) -> tuple[Note, dict[str, Any], str, str]:
    """The note that fits, the facts of the case, the letter, and the notes as shown."""
    note, (customer, agent) = random.choice(options), some(random, "name", 2)
    facts = {
        "item": note.item,
        "fault": note.fault,
        "customer": customer,
        "agent": agent,
        "number": random.randint(2, 90),
    }
    return note, facts, _letter(random, facts), _shown(random, options)


def _answered(random: randomness.Random) -> dict[str, Any]:
    note, facts, letter, shown = _case(random, notes(random, random.choice((1, 1, 2, 3, 4))))
    task = one(random, *_TASK, **facts)
    if facts["agent"] not in letter + task:
        task += " " + say(random, "[your name is|sign as|you are] {agent}.", **facts)
    layouts = (
        f"{shown}\n\nLetter:\n{letter}\n\n{task}",
        f"{task}\n\n{letter}\n\n{shown}",
        f"Letter:\n{letter}\n\n{shown}\n\n{task}",
    )
    return chat(random, [random.choice(layouts), _reply(random, note, facts)], system=0.2)


def _steps_only(random: randomness.Random) -> dict[str, Any]:
    """Only the steps, then a single step or what the letter is about."""
    note, facts, letter, shown = _case(random, notes(random, random.choice((2, 3))))
    place = random.randrange(len(note.steps))
    steps = say(
        random,
        "[which steps help|give only the steps|list the steps for {customer}|what should {customer} do]?",
        **facts,
    )
    turns = [f"{shown}\n\n{letter}\n\n{steps}", numbered(note.steps)]
    if random.random() < 0.6:
        turns += [
            say(random, "[what is|repeat|tell me] step {place}[, please|]?", place=place + 1),
            note.steps[place],
        ]
    if random.random() < 0.4:
        asked = say(random, "[what is the letter about|which thing has the trouble|what is broken]?")
        turns += [asked, say(random, "the {item}.", item=note.item)]
    return chat(random, turns, system=0.2)


def _guide(random: randomness.Random) -> dict[str, Any]:
    """A note as a plain text, its steps told once as a list and once in a sentence."""
    note = notes(random, 1)[0]
    title = say(
        random, "[what to do|help] [when|if] [your|the|a~] {item} {fault}", item=note.item, fault=note.fault
    )
    lowered = [step[0].lower() + step[1:-1] for step in note.steps]
    start = say(random, "[in short|that means|put together|{name} says]:")
    return {"text": f"{title}\n\n{numbered(note.steps)}\n\n{start} {series(lowered, 'and then')}."}


def documents(random: randomness.Random) -> Iterator[dict[str, Any]]:
    """Endless help-desk exchanges."""
    forms = (_answered, _answered, _answered, _answered, _steps_only, _guide)
    while True:
        yield random.choice(forms)(random)
