"""Materials for rivals: rows of support mails, a base from a folder, a tuning that only notes its rows."""

from dataclasses import replace
from functools import cache
from pathlib import Path

from overtone.core.answer import Answer
from overtone.core.example import Document, Example, Message
from overtone.core.tasks.answer import AnswerTask
from overtone.core.tasks.classify import ClassifyTask
from overtone.decide.rival import Materials
from overtone.train.stage import Stage

ROWS = [
    ("the card is late", "card_arrival", "Please wait for the post."),
    ("where is my card", "card_arrival", "Please wait for the post today."),
    ("my card did not come", "card_arrival", "It is lost."),
    ("wifi is slow", "slow_wifi", "Move the router."),
    ("slow wifi at night", "slow_wifi", "Move the router up."),
    ("the wifi is so slow", "slow_wifi", "Move the router up high."),
]
DOCUMENTS = (
    Document("post", "Cards take a week by post.", "Card arrival"),
    Document("router", "Put the router up high.", "Slow wifi"),
    Document("bill", "Bills come monthly.", "Bills"),
)
GOLD = {"card_arrival": "post", "slow_wifi": "router"}


class TunedFake:
    """A tuned system that answers with what it was asked."""

    can = frozenset({"generate"})
    context, max_tokens = 400, 10

    def __init__(self, **call):
        self.call = call
        self.facts = {"trainable_parameters": 5.0}

    def encode(self, messages):
        return [0] * sum(len(turn.content) for turn in messages)

    def answer(self, questions):
        return [Answer(text=question.messages[-1].content, prompt_tokens=3) for question in questions]


def sorting_rows():
    return [
        Example(id=f"r{row}", text=text, labels=(label,), source=f"t.csv:{row}")
        for row, (text, label, _) in enumerate(ROWS)
    ]


def answering_rows():
    return [
        Example(
            id=f"r{row}",
            labels=(label,),
            messages=(Message("user", text), Message("assistant", reply)),
            documents=(GOLD[label],),
        )
        for row, (text, label, reply) in enumerate(ROWS)
    ]


def make(folder: Path | None, task, rows, **more) -> Materials:
    def load():
        from overtone.models.base import load_base

        return load_base(str(folder))

    def tune(stages, train, validation, folder, watch):
        return TunedFake(stages=stages, train=train, validation=validation, folder=folder)

    labels = tuple(dict.fromkeys(label for row in rows for label in row.labels))
    held = [replace(row, id=f"v-{row.id}") for row in rows]
    given = Materials(task, rows, held, labels, DOCUMENTS, cache(load), tune, [Stage()], Path("run"), 0)
    return replace(given, **more)


def sorting(folder: Path | None = None, multi_label: bool = False, **more) -> Materials:
    return make(folder, ClassifyTask(multi_label=multi_label), sorting_rows(), **more)


def answering(folder: Path | None = None, **more) -> Materials:
    return make(folder, AnswerTask(max_tokens=8), answering_rows(), **more)
