"""A small job to train on: which of three words a text holds."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from random import Random

from overtone.core.example import Example, Message
from overtone.core.task import Task
from overtone.core.tasks.approve import BAD, GOOD, marking
from overtone.models.base import load_base
from overtone.train.stage import Stage
from overtone.train.tune import Tuning

SmallBase = Callable[[str], Path]
WORDS = ("sun", "rain", "wind")


def labelled(count: int, seed: int) -> list[Example]:
    """Texts with one of the words among others, labelled by it."""
    random = Random(seed)
    rows = []
    for index in range(count):
        word = random.choice(WORDS)
        others = [random.choice(("red", "tree", "go", "far")) for _ in range(random.randint(1, 5))]
        others.insert(random.randint(0, len(others)), word)
        rows.append(
            Example(id=f"{seed}-{index}", text=" ".join(others), labels=(word,), source=f"rows:{index + 1}")
        )
    return rows


def answered(count: int, seed: int) -> list[Example]:
    """The same as questions with answers."""
    return [
        Example(
            id=row.id,
            messages=(Message("user", row.text), Message("assistant", row.labels[0])),
            source=row.source,
        )
        for row in labelled(count, seed)
    ]


def preferred(count: int, seed: int) -> list[Example]:
    """Pairs of answers of equal length: the chosen one holds a kind word, the rejected one a rude word elsewhere."""
    random = Random(seed)
    rows = []
    for index in range(count):
        others = [random.choice(("red", "tree", "go", "far", "moon")) for _ in range(4)]
        answers = []
        for word in ("kind", "rude"):
            words = random.sample(others, len(others))
            words.insert(random.randint(0, len(words)), word)
            answers.append(" ".join(words))
        messages = (Message("user", " ".join(others[:2])), Message("assistant", answers[0]))
        rows.append(
            Example(id=f"{seed}-{index}", messages=messages, rejected=answers[1], source=f"pairs:{index + 1}")
        )
    return rows


def approved(count: int, seed: int) -> list[Example]:
    """One answer of each of these pairs, the kind or the rude one, marked on its own."""
    return [
        marked(pair, Random(f"{seed}-{place}").random() < 0.5)
        for place, pair in enumerate(preferred(count, seed))
    ]


def marked(pair: Example, good: bool) -> Example:
    """The better or the worse answer of a pair, marked as such."""
    said = pair.completion if good else pair.rejected
    return replace(judged(pair.id, pair.messages[:-1], said, good), source=pair.source)


def judged(name: str, turns: Sequence[Message], said: str, good: bool) -> Example:
    """An answer to a conversation with its mark."""
    asked = marking(name, turns, said)
    labels = (GOOD if good else BAD,)
    return Example(name, text=asked.text, labels=labels, messages=asked.messages, choices=asked.choices)


ROWS = {"classify": labelled, "answer": answered, "prefer": preferred, "approve": approved}
LABELS = {"classify": WORDS, "approve": (BAD, GOOD)}


def tuning(small_base: SmallBase, model_type: str, task: str, stage: dict[str, object]) -> Tuning:
    """A tuning of a small base on these rows."""
    rows, settings = ROWS[task], Stage.model_validate(stage)
    base = load_base(str(small_base(model_type)), settings.precision)
    part = Task.model_validate(task)
    return Tuning(base, part, LABELS.get(task, ()), rows(120, 0), rows(20, 1), settings, 7)
