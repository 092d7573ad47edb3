"""Definitions and facts from consistent tables: opposites, days, kinds, colours, young animals, letters."""

from __future__ import annotations

import random as randomness
from collections.abc import Callable, Iterator
from typing import Any

from base.generators.chat import chat
from base.generators.phrase import one, plural, say
from base.generators.words import WORDS

Pair = tuple[str, str]


def _table(text: str) -> list[Pair]:
    return [
        (left, right) for left, right in (" ".join(entry.split()).split("=") for entry in text.split(","))
    ]


_OPPOSITES = _table("""hot=cold, big=small, tall=short, fast=slow, light=dark, full=empty, wet=dry, old=new, hard=soft,
    happy=sad, early=late, open=closed, clean=dirty, loud=quiet, rich=poor, strong=weak, thick=thin, wide=narrow,
    near=far, high=low, first=last, left=right, up=down, in=out, on=off, day=night, good=bad, true=false, begin=end,
    buy=sell, push=pull, give=take, win=lose, come=go, laugh=cry, remember=forget, start=stop, ask=answer, sharp=blunt,
    smooth=rough, cheap=expensive, brave=afraid, deep=shallow, sweet=sour, black=white, summer=winter, north=south,
    east=west, top=bottom, front=back, before=after, inside=outside, always=never, more=less, safe=dangerous""")
_YOUNG = _table("""dog=puppy, cat=kitten, cow=calf, sheep=lamb, horse=foal, pig=piglet, hen=chick, duck=duckling,
    goose=gosling, frog=tadpole, bear=cub, deer=fawn, goat=kid, swan=cygnet, lion=cub, owl=owlet""")
_COLOURS = _table("""grass=green, snow=white, coal=black, a ripe banana=yellow, a clear sky=blue, blood=red, milk=white,
    a carrot=orange, chocolate=brown, a lemon=yellow, a strawberry=red, a pea=green, a raven=black, ash=grey""")
_WHERE = _table("""a fish=in water, a bee=in a hive, a bird=in a nest, a mole=under the ground, a cow=on a farm,
    a camel=in the desert, a penguin=on the ice, a spider=in a web, a whale=in the sea, a squirrel=in a tree""")
_USES = _table("""hammer=drive in nails, saw=cut wood, broom=sweep the floor, kettle=boil water, needle=sew cloth,
    oven=bake bread, spade=dig the soil, pen=write, knife=cut food, key=open a lock, clock=tell the time,
    umbrella=stay dry in the rain, ladder=climb up, lamp=give light, fridge=keep food cold, soap=wash your hands,
    map=find the way, camera=take photos, phone=speak to people far away, printer=put words on paper, brush=paint a wall,
    thermometer=measure the heat, calculator=do sums, telescope=look at the stars, scale=weigh things, tap=let water flow,
    router=join a home to the network, keyboard=type letters, battery=store power, charger=fill a battery, bell=call for attention,
    password=keep others out, cable=carry power or data, antenna=catch a signal, bucket=carry water, sieve=part fine from coarse""")
_PAST = _table("""go=went, see=saw, eat=ate, run=ran, buy=bought, find=found, give=gave, take=took, write=wrote, come=came,
    drink=drank, sing=sang, swim=swam, think=thought, bring=brought, catch=caught, drive=drove, fly=flew, know=knew,
    make=made, sleep=slept, speak=spoke, tell=told, wear=wore, break=broke, choose=chose, draw=drew, fall=fell""")
_PARTS = _table("""minute=60 seconds, hour=60 minutes, day=24 hours, week=7 days, year=12 months, metre=100 centimetres,
    kilometre=1000 metres, kilo=1000 grams, dozen=12 pieces, century=100 years, decade=10 years, litre=1000 millilitres""")
_KINDS = ["animal", "fruit", "vegetable", "colour", "tool", "job", "vehicle", "sport", "instrument", "tree"]


def _opposite(random: randomness.Random) -> Pair:
    left, right = random.choice(_OPPOSITES)
    left, right = random.choice(((left, right), (right, left)))
    return say(
        random, "[what is the opposite of {a}?|name the opposite of {a}.|opposite: {a}]", a=left
    ), right


def _next(random: randomness.Random) -> Pair:
    kind, (step, way) = random.choice(("day", "month")), random.choice(((1, "after"), (-1, "before")))
    row, place = WORDS[kind], random.randrange(len(WORDS[kind]))
    asked = say(
        random, "[which {kind} comes|what {kind} is] [right |]{way} {a}?", kind=kind, way=way, a=row[place]
    )
    return asked, row[(place + step) % len(row)]


def _days_on(random: randomness.Random) -> Pair:
    row, place, count = WORDS["day"], random.randrange(7), random.randint(2, 6)
    return say(
        random,
        "[if today is|it is] {a}[,|:] [what day is it|which day comes|name the day] [in {n} days|after {n} days|{n} days later]?",
        a=row[place],
        n=count,
    ), row[(place + count) % 7]


def _kind(random: randomness.Random) -> Pair:
    kind = random.choice(_KINDS)
    word = random.choice(WORDS[kind])
    return say(random, "[what kind of thing is|what is] [the word |]{a}?", a=word), say(
        random, "[it is|that is|{a} is] a kind of {kind}.", a=word, kind=kind
    )


def _examples(random: randomness.Random) -> Pair:
    kind, count = random.choice(_KINDS), random.randint(2, 5)
    return say(random, "[name|list|give me] {n} {kinds}.", n=count, kinds=plural(kind)), ", ".join(
        random.sample(WORDS[kind], count)
    )


def _letters(random: randomness.Random) -> Pair:
    word = random.choice(WORDS["any"])
    task, answer = random.choice(
        (
            ("[spell|write letter by letter] {a}.", "-".join(word)),
            ("how many letters [has|are in] {a}?", str(len(word))),
            ("[what is|give] the first letter of {a}?", word[0]),
            ("[what is|give] the last letter of {a}?", word[-1]),
            ("[write|put] {a} in capitals.", word.upper()),
        )
    )
    return say(random, task, a=word), answer


def _plural(random: randomness.Random) -> Pair:
    word = random.choice(WORDS["animal"] + WORDS["fruit"] + WORDS["furniture"] + WORDS["job"])
    return say(random, "[what is the plural of|more than one] {a}?", a=word), plural(word)


def _is_a(random: randomness.Random) -> Pair:
    kind, other = random.sample(["animal", "fruit", "vehicle", "job", "instrument", "tree", "furniture"], 2)
    word, asked = random.choice(WORDS[kind]), random.choice((kind, other))
    answer = "yes" if word in WORDS[asked] else "no"
    return (
        say(random, "is {a} a kind of {asked}?", a=word, asked=asked),
        one(
            random,
            "{answer}.",
            "{answer}, {a} is [of the kind|a kind of] {kind}.",
            answer=answer,
            a=word,
            kind=kind,
        ),
    )


def _from(pairs: list[Pair], question: str, answer: str) -> Callable[[randomness.Random], Pair]:
    """Questions on one table."""

    def asked(random: randomness.Random) -> Pair:
        left, right = random.choice(pairs)
        return say(random, question, a=left, b=right), say(random, answer, a=left, b=right)

    return asked


_FORMS: tuple[Callable[[randomness.Random], Pair], ...] = (
    _opposite,
    _opposite,
    _next,
    _days_on,
    _kind,
    _examples,
    _examples,
    _letters,
    _letters,
    _plural,
    _is_a,
    _from(_YOUNG, "[what is a young {a} called|what do we call a young {a}]?", "[a~|]{b}."),
    _from(_COLOURS, "[what colour is|colour of] {a}?", "{b}."),
    _from(_WHERE, "where does {a} [live|stay]?", "{b}."),
    _from(_USES, "[what is a~{a} for|what does a~{a} do|why use a~{a}]?", "[to|it helps to] {b}."),
    _from(_PAST, "[what is the past of {a}?|past form: {a}]", "{b}"),
    _from(_PARTS, "one {a} [is what|is how much|equals what]?", "{b}."),
)


def documents(random: randomness.Random) -> Iterator[dict[str, Any]]:
    """Endless quizzes of two to seven questions."""
    while True:
        pairs = [random.choice(_FORMS)(random) for _ in range(random.randint(2, 7))]
        if random.random() < 0.3:
            marks = random.choice((("Q: ", "A: "), ("", ""), ("- ", "  ")))
            yield {"text": "\n".join(f"{marks[0]}{asked}\n{marks[1]}{answer}" for asked, answer in pairs)}
        else:
            yield chat(random, [part for pair in pairs for part in pair])
