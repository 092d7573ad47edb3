"""Small sums, comparisons and word problems with correct answers."""

from __future__ import annotations

import random as randomness
from collections.abc import Callable, Iterator
from typing import Any

from base.generators.chat import chat
from base.generators.phrase import one, person, plural, say, some
from base.generators.words import WORDS

_NUMBERS = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
    "twenty",
]


def _plain(random: randomness.Random) -> tuple[str, str]:
    top = random.choice((10, 20, 50, 100))
    first, second = random.randint(0, top), random.randint(0, top)
    if random.random() < 0.5:
        asked = say(
            random, "[what is|add up|how much is|work out] {a} [plus|+|and] {b}[?|]", a=first, b=second
        )
        return asked, one(
            random,
            "{c}",
            "{a} + {b} = {c}",
            "[it is|that makes|the sum is] {c}.",
            a=first,
            b=second,
            c=first + second,
        )
    first, second = max(first, second), min(first, second)
    asked = say(random, "[what is|how much is|work out] {a} [minus|-|less] {b}[?|]", a=first, b=second)
    return asked, one(
        random, "{c}", "{a} - {b} = {c}", "[it is|that leaves] {c}.", a=first, b=second, c=first - second
    )


def _times(random: randomness.Random) -> tuple[str, str]:
    first, second = random.randint(1, 10), random.randint(1, 10)
    asked = say(random, "[what is|how much is|work out] {a} times {b}[?|]", a=first, b=second)
    return asked, one(random, "{c}", "{a} x {b} = {c}", "that is {c}.", a=first, b=second, c=first * second)


def _compare(random: randomness.Random) -> tuple[str, str]:
    first, second = random.sample(range(200), 2)
    larger = random.random() < 0.5
    asked = say(
        random,
        "which is [larger|bigger|more]: {a} or {b}?" if larger else "which is [smaller|less]: {a} or {b}?",
        a=first,
        b=second,
    )
    return asked, str(max(first, second) if larger else min(first, second))


def _count_on(random: randomness.Random) -> tuple[str, str]:
    start, step = random.randint(0, 60), random.choice((1, 1, 2, 3, 5, 10))
    shown = [start + step * place for place in range(5)]
    asked = say(
        random, "[what comes next|which number follows|go on]: {row}", row=", ".join(map(str, shown[:4]))
    )
    return asked, str(shown[4])


def _in_words(random: randomness.Random) -> tuple[str, str]:
    number = random.randrange(21)
    if random.random() < 0.5:
        return say(random, "[write|say|spell] {a} [as a word|in letters|in words].", a=number), _NUMBERS[
            number
        ]
    return say(random, "[write|give] {a} [in digits|as a number].", a=_NUMBERS[number]), str(number)


def _problem(random: randomness.Random) -> tuple[str, str]:
    """A word problem with the working shown."""
    who, other, thing = (
        person(random),
        some(random, "name", 1)[0],
        plural(random.choice(WORDS["object"] + WORDS["fruit"])),
    )
    have, change = random.randint(2, 60), random.randint(1, 30)
    grows = random.random() < 0.5 or change > have
    act = (
        "[finds|buys|gets|makes|wins] {change} more [{where}|at the {place}|from {other}|]"
        if grows
        else "[gives {change} to {other}|loses {change} of them|sells {change} at the {place}|leaves {change} in the {room}]"
    )
    left = have + change if grows else have - change
    asked = say(
        random,
        "{who} has {have} [{colour} |{quality} |]{thing} [in a~{container}|{where}|]. [{when}, |then |]{they} "
        + act
        + ". how many {thing} [are there|does {who} have] now?",
        **who,
        have=have,
        change=change,
        other=other,
        thing=thing,
    )
    sign = "+" if grows else "-"
    return asked, one(
        random,
        "{have} {sign} {change} = {left}. {who} has {left} {thing}.",
        "{left} {thing}.",
        "{who} now has {left} {thing}.",
        who=who["who"],
        have=have,
        sign=sign,
        change=change,
        left=left,
        thing=thing,
    )


def _shopping(random: randomness.Random) -> tuple[str, str]:
    """Prices listed; a sum of two of them asked for."""
    goods = some(random, "object", random.randint(3, 5))
    prices = {thing: random.randint(1, 40) for thing in goods}
    first, second = random.sample(goods, 2)
    table = say(
        random,
        "[prices|today at {name}'s|list]: {rows}.",
        rows=", ".join(f"{thing} {price}" for thing, price in prices.items()),
    )
    asked = say(random, "[how much|what] [do|are] the {a} and the {b} [cost|together|]?", a=first, b=second)
    return f"{table} {asked}", f"{prices[first]} + {prices[second]} = {prices[first] + prices[second]}"


_FORMS: tuple[Callable[[randomness.Random], tuple[str, str]], ...] = (
    _plain,
    _plain,
    _times,
    _compare,
    _count_on,
    _in_words,
    _problem,
    _problem,
    _problem,
    _shopping,
    _shopping,
)


def documents(random: randomness.Random) -> Iterator[dict[str, Any]]:
    """Endless sums, one to four a document."""
    while True:
        pairs = [random.choice(_FORMS)(random) for _ in range(random.randint(1, 4))]
        if random.random() < 0.25:
            yield {"text": "\n".join(f"Q: {asked}\nA: {answer}" for asked, answer in pairs)}
        else:
            yield chat(random, [part for pair in pairs for part in pair], system=0.15)
