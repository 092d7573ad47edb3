"""Made-up results of any size: a tuned and an untuned system that are right as often as asked."""

import math

import numpy as np

from overtone.core.answer import Answer
from overtone.core.example import Example, Message
from overtone.core.tasks.answer import AnswerTask
from overtone.core.tasks.classify import ClassifyTask
from overtone.evaluate.chapter import Results
from overtone.evaluate.metrics.accuracy import Accuracy
from overtone.evaluate.metrics.rouge_l import RougeL
from overtone.evaluate.report.contents import Curve
from overtone.evaluate.scores import score

WORDS = (
    "my",
    "bill",
    "is",
    "twice",
    "what",
    "it",
    "was",
    "and",
    "nobody",
    "answers",
    "about",
    "roaming",
    "Spain",
)
CURVES = (
    Curve("fine_tune", "train", tuple((step, 2 * math.exp(-step / 60) + 0.1) for step in range(1, 401, 4))),
    Curve("fine_tune", "validation", ((100, 0.6), (200, 0.41), (300, 0.44), (400, 0.52))),
)
FACTS = {"fine_tune": {"epochs": 4.0, "learning_rate": 3e-5, "stage": "stages.0"}}


def classified(classes=3, n=600, seed=0, several=False, labels=None, **settings) -> Results:
    """Texts sorted by two systems; long texts are harder, and the systems are surer than they should be."""
    task = ClassifyTask(multi_label=several, **settings)
    draw = np.random.default_rng(seed)
    labels = tuple(labels or (f"class_{index:02d}" for index in range(classes)))
    wanted = [draw.choice(len(labels), size=1 + several, replace=False) for _ in range(n)]
    texts = [" ".join(draw.choice(WORDS, size=draw.integers(2, 30))) for _ in range(n)]
    rows = [
        Example(
            str(index),
            text,
            tuple(labels[one] for one in found),
            source=f"test.csv:{index + 2}",
            traits=(("language", "de" if index % 5 == 0 else "en"),),
        )
        for index, (text, found) in enumerate(zip(texts, wanted))
    ]
    skills = {"fine_tune": 3.2, "embedding_head": 2.2}
    answers = {
        key: [_answer(row, labels, skill, draw, several) for row in rows] for key, skill in skills.items()
    }
    return results(task, labels, rows, answers, Accuracy())


def _answer(row, labels, skill, draw, several) -> Answer:
    hard = 0.5 if len(row.text.split()) > 20 else 1.0
    logits = draw.normal(size=len(labels)) + [skill * hard * (label in row.labels) for label in labels]
    if several:
        given = 1 / (1 + np.exp(-2 * (logits - 1.2)))
    else:
        powers = np.exp(2.5 * logits)
        given = powers / powers.sum()
    return Answer(probabilities=dict(zip(labels, given.tolist())))


def written(n=120, seed=0) -> Results:
    """Texts written by two systems, the second of which stops too soon."""
    draw = np.random.default_rng(seed)
    rows, answers = [], {"fine_tune": [], "few_shot": []}
    for index in range(n):
        wanted = " ".join(draw.choice(WORDS, size=draw.integers(8, 40)))
        rows.append(
            Example(str(index), messages=(Message("user", f"question {index}"), Message("assistant", wanted)))
        )
        kept = wanted.split()
        answers["fine_tune"].append(
            Answer(text=" ".join(kept[: max(1, len(kept) - int(draw.integers(0, 6)))]))
        )
        answers["few_shot"].append(Answer(text=" ".join(kept[: len(kept) // 3]), finish="length"))
    return results(AnswerTask(), (), rows, answers, RougeL())


def results(task, labels, rows, answers, metric) -> Results:
    """The results of systems of which the first was tuned."""
    scores = {key: score(metric, rows, given, task, 0) for key, given in answers.items()}
    tuned, untuned = answers
    return Results(
        task=task,
        labels=tuple(labels),
        train=rows[:10],
        test=rows,
        answers=answers,
        titles={tuned: "tuned", untuned: untuned.replace("_", " ")},
        scores=scores,
        metric=metric,
        best=max(scores, key=lambda key: scores[key].value),
        best_tuned=tuned,
        best_untuned=untuned,
        seed=0,
        curves=CURVES,
        facts=FACTS,
    )
