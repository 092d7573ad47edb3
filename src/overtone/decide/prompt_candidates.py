"""What a prompt search tries: instructions given, our own, and rewritten by the base; with and without examples."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from overtone.core.example import Example, Message, Question
from overtone.decide.diverse import diverse_order, pool
from overtone.decide.extract_ranks import inverse_frequencies, tfidf
from overtone.decide.rival import Materials

if TYPE_CHECKING:
    from overtone.models.base import Base

WAYS = ("in other words", "more briefly", "more precisely", "as one question")
REWRITE = "Rewrite this instruction {way}. Answer with the new instruction alone.\n\n{instruction}"
REWRITE_TOKENS = 96
FEWEST_WORDS, MOST_WORDS = 3, 60  # of a rewritten instruction
DIVERSE_ROWS = 300  # training rows among which the diverse ones are looked for


@dataclass(frozen=True)
class ExampleSet:
    """Solved examples that stand in every prompt; `name` says how they were found."""

    name: str
    rows: tuple[Example, ...]


@dataclass(frozen=True)
class Candidate:
    """An instruction with a set of examples."""

    instruction: str
    examples: ExampleSet


NONE = ExampleSet("none", ())


def example_sets(materials: Materials, count: int) -> list[ExampleSet]:
    """Diverse ones, none, and random ones: the same for every question, so that they are read once."""
    rows = pool(materials.train, materials.seed)
    if not rows or not count:
        return [NONE]
    near = rows[:DIVERSE_ROWS]
    texts = [row.input for row in near]
    classes = [row.labels[:1] if materials.labels else () for row in near]
    places = diverse_order(tfidf(texts, inverse_frequencies(texts)), classes, count)
    diverse = ExampleSet("diverse", tuple(near[place] for place in places))
    return [diverse, NONE, ExampleSet("random", tuple(rows[:count]))]


def crossed(instructions: Sequence[str], sets: Sequence[ExampleSet]) -> list[Candidate]:
    """Every instruction with every set of examples, instruction by instruction."""
    return [Candidate(instruction, one) for instruction in dict.fromkeys(instructions) for one in sets]


def rewritten(base: "Base", instruction: str, count: int) -> list[str]:
    """Up to `count` other wordings by the base itself; those that are no instruction are left out."""
    from overtone.generate.writer import Writer

    head, mark, tail = _parted(instruction)
    asked = [REWRITE.replace("{way}", way).replace("{instruction}", head or tail) for way in WAYS[:count]]
    questions = [Question(str(place), messages=(Message("user", text),)) for place, text in enumerate(asked)]
    texts = [(answer.text or "").strip() for answer in Writer(base, REWRITE_TOKENS).answer(questions)]
    usable = [text for text in texts if FEWEST_WORDS <= len(text.split()) <= MOST_WORDS and "{" not in text]
    return [f"{text}{mark}" for text in usable]


def _parted(instruction: str) -> tuple[str, str, str]:
    """The words of an instruction, what must follow them for it to work, and the words behind that."""
    for place, following in (("{labels}", " Labels: {labels}."), ("{request}", "\n\n{request}")):
        if place in instruction:
            head, _, tail = instruction.partition(place)
            return head.removesuffix("Labels: ").strip(), following, tail.strip()
    return instruction, "", ""
