"""Choose the label of a text from a list given in the prompt, often after a few labelled examples."""

from __future__ import annotations

import random as randomness
from collections.abc import Iterator
from typing import Any

from base.generators.chat import chat
from base.generators.label_forms import FAMILIES, KINDS, Forms
from base.generators.phrase import one, say, some
from base.generators.words import WORDS

_MARKS = (
    ("Text: ", "Label: "),
    ("Input: ", "Output: "),
    ("", "=> "),
    ("Message: ", "Category: "),
    ("- ", "-> "),
)


def _text(random: randomness.Random, forms: tuple[str, ...], longer: float) -> str:
    """A text of one label; with a second sentence in a share of cases."""
    texts = [
        one(random, *forms, number=random.randint(2, 99)) for _ in range(2 if random.random() < longer else 1)
    ]
    return ". ".join(texts)


def _choices(random: randomness.Random) -> tuple[Forms, bool]:
    """Labels with the forms of their texts; true where the labels are blank and only examples explain them."""
    family = random.choice(FAMILIES)
    labels = random.sample(list(family), min(len(family), random.randint(2, 6)))
    if random.random() < 0.2:
        return dict(
            zip(random.sample(WORDS["any"], len(labels)), (family[label] for label in labels), strict=True)
        ), True
    return {label: family[label] for label in labels}, False


def _task(random: randomness.Random, labels: list[str]) -> str:
    listed = random.choice((", ", " / ", " | ", " or ")).join(labels)
    return say(
        random,
        "[choose|pick|give|name|find|which is] the [right|best|fitting|] [label|category|class|group|kind] "
        "[of the text|for each text|] [from|:|out of|. options:|among] {labels}[.|]",
        labels=listed,
    )


def _rows(random: randomness.Random, chosen: Forms, count: int, longer: float) -> list[tuple[str, str]]:
    """`count` labelled texts; every label occurs at least once where the count allows."""
    labels = [*random.sample(list(chosen), len(chosen)), *random.choices(list(chosen), k=count)][:count]
    random.shuffle(labels)
    return [(_text(random, chosen[label], longer), label) for label in labels]


def _single(random: randomness.Random) -> dict[str, Any]:
    """A task, examples in half of the cases, then one to four texts to label."""
    chosen, blank = _choices(random)
    longer = random.choice((0.0, 0.5))
    shots = (
        _rows(random, chosen, len(chosen) + random.randint(0, 5), longer)
        if blank or random.random() < 0.5
        else []
    )
    before, after = random.choice(_MARKS)
    lines = [_task(random, list(chosen)), *(f"{before}{text}\n{after}{label}" for text, label in shots)]
    turns: list[str] = []
    for text, label in _rows(random, chosen, random.randint(1, 4), longer):
        question = f"{before}{text}\n{after}".strip()
        turns += [question if turns else "\n".join([*lines, question]), label]
    return chat(random, turns, system=0.15)


def _as_list(random: randomness.Random) -> dict[str, Any]:
    """Plain text: a task, then texts with their labels."""
    chosen, _ = _choices(random)
    rows = _rows(random, chosen, random.randint(4, 10), 0.3)
    return {"text": "\n".join([_task(random, list(chosen)), *(f"{text} -> {label}" for text, label in rows)])}


def _odd_one(random: randomness.Random) -> dict[str, Any]:
    """Which word does not belong to the others, and why."""
    kind, odd_kind = random.sample(list(KINDS), 2)
    words = some(random, kind, random.randint(3, 5))
    odd = random.choice([word for word in WORDS[odd_kind] if word not in WORDS[kind]])
    mixed = random.sample([*words, odd], len(words) + 1)
    asked = say(
        random,
        "[which word does not fit|which is the odd one out|find the word that is different]: {words}",
        words=", ".join(mixed),
    )
    reason = (
        say(
            random,
            "{odd} is [a kind of {odd_kind}|in the group {odd_kind}], the [others|rest] [are|is] of the group {kind}.",
            odd=odd,
            odd_kind=odd_kind,
            kind=kind,
        )
        .replace("others is", "others are")
        .replace("rest are", "rest is")
    )
    return chat(random, [asked, odd, say(random, "[why|what are the others]?"), reason])


def documents(random: randomness.Random) -> Iterator[dict[str, Any]]:
    """Endless sorting tasks."""
    forms = (_single, _single, _single, _single, _as_list, _odd_one)
    while True:
        yield random.choice(forms)(random)
