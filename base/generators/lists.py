"""Work on lists of words and numbers: sort, count, reverse, copy, first and last, filter, join."""

from __future__ import annotations

import random as randomness
from collections.abc import Callable, Iterator
from typing import Any

from base.generators.chat import chat
from base.generators.phrase import one, say
from base.generators.words import NOUN_KINDS, WORDS

Items = list[str]
# What is asked, and how the answer is found.
_WORD_TASKS: dict[str, Callable[[Items], Items]] = {
    "[sort|order|arrange] [these|the] words [by the alphabet|from a to z|alphabetically]": sorted,
    "[reverse|turn round] the [list|order]": lambda items: items[::-1],
    "[copy|repeat|write again] the [list|words]": list,
    "[what is|give|name] the first [word|one]": lambda items: items[:1],
    "[what is|give|name] the last [word|one]": lambda items: items[-1:],
    "[what is|give|name] the second [word|one]": lambda items: items[1:2],
    "[what is|give|name] the third [word|one]": lambda items: items[2:3],
    "[give|keep|name] the first two": lambda items: items[:2],
    "[give|keep|name] the last two": lambda items: items[-2:],
    "[how many|count the] [words|items]": lambda items: [str(len(items))],
    "[drop|leave out|remove] the first": lambda items: items[1:],
    "[drop|leave out|remove] the last": lambda items: items[:-1],
    "[which is|find|name] the longest word": lambda items: [max(items, key=len)],
    "[which is|find|name] the shortest word": lambda items: [min(items, key=len)],
    "[write|put] [them|the words] in capitals": lambda items: [item.upper() for item in items],
    "[give|write] the first letter of each": lambda items: [item[0] for item in items],
    "[swap|exchange] the first and the last": lambda items: [items[-1], *items[1:-1], items[0]],
    "[keep|give] every second word": lambda items: items[1::2],
    "number the words": lambda items: [f"{place}. {item}" for place, item in enumerate(items, 1)],
}
_NUMBER_TASKS: dict[str, Callable[[list[int]], list[int]]] = {
    "[sort|order] [these|the] numbers [upwards|from small to large]": sorted,
    "[sort|order] [these|the] numbers [downwards|from large to small]": lambda numbers: sorted(
        numbers, reverse=True
    ),
    "[what is|find|name] the [largest|biggest|highest] number": lambda numbers: [max(numbers)],
    "[what is|find|name] the [smallest|lowest] number": lambda numbers: [min(numbers)],
    "[which|find the] numbers [are|that are] even": lambda numbers: [n for n in numbers if n % 2 == 0],
    "[which|find the] numbers [are|that are] above fifty": lambda numbers: [n for n in numbers if n > 50],
    "[copy|repeat] the numbers": list,
    "[reverse|turn round] the numbers": lambda numbers: numbers[::-1],
    "add one to each": lambda numbers: [n + 1 for n in numbers],
}


def _items(random: randomness.Random) -> Items:
    """Three to eight words whose lengths name one longest and one shortest word."""
    kind = random.choice(
        (*NOUN_KINDS, "any", "any", "any", "name", "object", "computer_word", "message_word")
    )
    pool = WORDS[kind]
    while True:
        items = random.sample(pool, min(len(pool), random.randint(3, 8)))
        lengths = sorted(map(len, items))
        if lengths[0] < lengths[1] and lengths[-2] < lengths[-1]:
            return items


def _joined(random: randomness.Random, items: Items) -> str:
    return random.choice((", ", ", ", "\n", " ", "; ", " - ")).join(items)


def _words(random: randomness.Random) -> dict[str, Any]:
    """One to four tasks on the same words."""
    turns: list[str] = []
    items = _items(random)
    for form in random.sample(list(_WORD_TASKS), random.randint(1, 4)):
        task, answer, shown = say(random, form), ", ".join(_WORD_TASKS[form](items)), _joined(random, items)
        first = random.choice((f"{task}: {shown}", f"{shown}\n{task}.", f"{task}, please.\n{shown}"))
        turns += [f"{task}." if turns else first, answer]
    return chat(random, turns, system=0.15)


def _numbers(random: randomness.Random) -> dict[str, Any]:
    turns: list[str] = []
    numbers = random.sample(range(1, random.choice((20, 100, 100, 1000))), random.randint(3, 7))
    for form in random.sample(list(_NUMBER_TASKS), random.randint(1, 3)):
        answer = ", ".join(map(str, _NUMBER_TASKS[form](numbers))) or "none"
        task = say(random, form)
        turns += [f"{task}." if turns else f"{task}: {', '.join(map(str, numbers))}", answer]
    return chat(random, turns, system=0.15)


def _mixed(random: randomness.Random) -> dict[str, Any]:
    """Pick the words of one kind out of a mixed list."""
    kind, other = random.sample([kind for kind in NOUN_KINDS if kind not in ("day", "month")], 2)
    wanted = random.sample(WORDS[kind], random.randint(1, 4))
    rest = [word for word in random.sample(WORDS[other], 3) if word not in WORDS[kind]]
    items = random.sample([*wanted, *rest], len(wanted) + len(rest))
    task = say(random, "[find|keep|pick|list] [only |]the words of the [kind|group] {kind}", kind=kind)
    turns = [f"{task}: {_joined(random, items)}", ", ".join(item for item in items if item in wanted)]
    if random.random() < 0.4:
        turns += [say(random, "how many [are there|of them|words of that kind]?"), str(len(wanted))]
    return chat(random, turns, system=0.15)


def _member(random: randomness.Random) -> dict[str, Any]:
    """Yes or no: is the word in the list, and where."""
    items = _items(random)
    asked = random.choice([random.choice(items), random.choice(WORDS["any"])])
    inside = asked in items
    answer = (
        "yes[.|, it is there.|, {asked} is in the list.]"
        if inside
        else "no[.|, it is not there.|, {asked} is missing.]"
    )
    question = say(
        random,
        "[is|do you see] the word {asked} [in|on] [this|the] list? {items}",
        asked=asked,
        items=", ".join(items),
    )
    turns = [question, one(random, answer, asked=asked)]
    if inside:
        turns += [say(random, "[at which place|where|what position]?"), str(items.index(asked) + 1)]
    return chat(random, turns, system=0.15)


def _example_pairs(random: randomness.Random) -> dict[str, Any]:
    """A rule shown by examples only, in plain text."""
    rule = _WORD_TASKS[random.choice([form for form in _WORD_TASKS if "number the" not in form])]
    mark = random.choice((" -> ", " => ", ": "))
    lists = [_items(random)[:5] for _ in range(random.randint(3, 7))]
    return {"text": "\n".join(f"{' '.join(items)}{mark}{' '.join(rule(items))}" for items in lists)}


def documents(random: randomness.Random) -> Iterator[dict[str, Any]]:
    """Endless list tasks."""
    forms = (_words, _words, _words, _numbers, _mixed, _member, _example_pairs)
    while True:
        yield random.choice(forms)(random)
