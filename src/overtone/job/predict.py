"""Answer each row of a file: the row's own columns as they are, then what the model says of it."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from overtone.core.answer import Answer, System
from overtone.core.event import Event, Watch
from overtone.core.example import Question
from overtone.core.tag_spans import spans
from overtone.core.tasks.classify import ClassifyTask
from overtone.core.tasks.regress import number_in
from overtone.data.questions import Asked, read_questions
from overtone.data.settings import DataSettings
from overtone.decide.measure import CHUNK
from overtone.plan import Plan

ADDED = ("prediction", "probability", "error")  # columns that answers are written to
SPANS = "prediction_spans"  # a further one, where words are tagged


def predict_file(plan: Plan, file: Path, system: System, watch: Watch) -> list[dict[str, Any]]:
    """Every row of a file with its answer; UserError where the file cannot be read as the plan's rows are."""
    settings = DataSettings(train=str(file), columns=plan.data.columns, format=plan.data.format)
    reading, asked = read_questions(file, plan.task, settings)
    watch(Event("read", message=reading.sentence))
    behind = free_suffix(name for one in asked for name in one.row.values)
    if behind:
        names = (*ADDED, SPANS) if plan.task.asks == "tag" else ADDED
        added = ", ".join(name + behind for name in names)
        watch(Event("predict", message=f"the file has such columns already; answers go into {added}"))
    answers = _answers(asked, system, watch)
    return [
        dict(one.row.values)
        | {name + behind: value for name, value in _said(answers.get(place), one, plan).items()}
        for place, one in enumerate(asked)
    ]


def free_suffix(taken: Iterable[str]) -> str:
    """What to put behind the added columns so that none is taken: nothing, else `_2`, `_3`, ..."""
    names = set(taken)
    suffixes = ("", *(f"_{number}" for number in range(2, len(names) + 3)))
    return next(suffix for suffix in suffixes if names.isdisjoint(name + suffix for name in (*ADDED, SPANS)))


def _answers(asked: tuple[Asked, ...], system: System, watch: Watch) -> dict[int, Answer]:
    """Answers by the place of their row, for the rows that can be asked."""
    questions = [(place, one.question) for place, one in enumerate(asked) if one.question]
    answers: dict[int, Answer] = {}
    for start in range(0, len(questions), CHUNK):
        chunk = questions[start : start + CHUNK]
        given = system.answer([question for _, question in chunk])
        answers |= dict(zip((place for place, _ in chunk), given, strict=True))
        watch(Event("predict", start + len(chunk), len(questions)))
    return answers


def _said(answer: Answer | None, asked: Asked, plan: Plan) -> dict[str, Any]:
    """What one row's answer adds to the row."""
    if answer is None or answer.error:
        return {"prediction": None, "error": answer.error if answer else asked.cause}
    if answer.probabilities is None or answer.label is None:
        told = TOLD.get(plan.task.asks, _text)
        return {**told(asked.question, answer.text), "error": ""}
    if isinstance(plan.task, ClassifyTask) and plan.task.multi_label:
        return {"prediction": "|".join(answer.labels(plan.task.threshold)), "error": ""}
    probability = round(answer.probabilities[answer.label], 6)
    return {"prediction": answer.label, "probability": probability, "error": ""}


def _text(question: Question | None, text: str | None) -> dict[str, Any]:
    return {"prediction": text}


def _number(question: Question | None, text: str | None) -> dict[str, Any]:
    return {"prediction": number_in(text)}


def _tags(question: Question | None, text: str | None) -> dict[str, Any]:
    """The tags, and what they name in words."""
    words = question.text.split() if question else []
    found = [
        {"label": one.kind, "text": " ".join(words[one.start : one.end]), "start": one.start, "end": one.end}
        for one in spans((text or "").split())
    ]
    return {"prediction": text, SPANS: found}


TOLD = {
    "regress": _number,
    "tag": _tags,
}  # what a row gets from an answer's text, where that is not the text alone
