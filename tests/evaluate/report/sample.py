"""Made-up contents of a report, of any size, for the tests of this folder."""

import math
import random

from overtone.core.score import Comparison, Score
from overtone.evaluate.report.contents import (
    ClassRow,
    ConfusionTable,
    Contents,
    Curve,
    DataAccount,
    MetricName,
    ParityRow,
    SystemResult,
    WorstError,
)
from overtone.evaluate.report.section import Column, Line, Plot, Section, Table
from overtone.evaluate.statistics.wilson import wilson

SYSTEMS = (  # name, title, kind, accuracy, seconds an answer, trained weights
    ("majority", "Majority class", "baseline", 0.021, 0.000002, None),
    ("tfidf", "TF-IDF + linear", "rival", 0.747, 0.0004, None),
    ("zero_shot", "Zero-shot", "rival", 0.582, 0.011, None),
    ("few_shot", "Few-shot", "rival", 0.861, 0.0121, None),
    ("embedding_head", "Embedding + head", "rival", 0.918, 0.0113, 29_645),
    ("fine_tune", "Fine-tuned (full)", "tuned", 0.934, 0.0117, 22_742_861),
)


def share(value: float, n: int) -> Score:
    return Score(value, *wilson(value * n, n), n, "wilson")


def contents(classes: int = 12, n: int = 1240, **changes) -> Contents:
    metrics = (MetricName("accuracy", "Accuracy"), MetricName("macro_f1", "Macro-F1"))
    systems = tuple(system(*row, n) for row in SYSTEMS)
    labels = tuple(
        f"{word}_{index}" for index, word in zip(range(classes), ["billing", "roaming", "lost_sim"] * 99)
    )
    plain = {
        "run": "telecom-sorting",
        "date": "2031-05-04 10:22",
        "task": "Sort support e-mails into 12 categories",
        "base": "builtin:minilm",
        "metrics": metrics,
        "systems": systems,
        "best": "fine_tune",
        "verdict": (
            "Fine-tune: 93.4 % accuracy [91.9, 94.6] reaches the bar of 92 %.",
            "It beats the frozen embedding with a linear head by 1.6 points (p = 0.012).",
        ),
        "data": DataAccount(6300, 6214, {"empty text": 12, "repeated row": 74}, 4474, 500, 1240, 31),
        "reached": True,
        "bar": 0.92,
        "detectable": 0.014,
        "warnings": ("31 test rows also stand in train; they are set aside.",),
        "plan": {"Method": "full, rate 3e-5, 3 epochs", "Seed": "0", "Data": "mails.csv"},
        "curves": curves(),
        "sections": sections(),
        "confusion": confusion(labels),
        "averages": (ClassRow("macro average", 0.9, 0.8, 0.72, 240, 216),),
        "classes": tuple(
            ClassRow(label, 0.9, 0.6 + 0.4 * i / classes, 0.72, 20, 18) for i, label in enumerate(labels)
        ),
        "errors": (
            WorstError(
                "Hello,\nmy bill is twice what it was. Why?",
                "billing_0",
                "roaming_1",
                "test.csv:88, 97 % sure",
            ),
            WorstError("the sim is gone and i am in Spain", "lost_sim_2", "", "test.csv:9"),
        ),
        "parity": (
            ParityRow("reloaded from disk", 0.0, 0.0, True),
            ParityRow("merged", 3.1e-6, 1e-4, True),
            ParityRow("served over HTTP", 3.1e-6, 1e-4, True),
        ),
        "environment": {"Processor": "2 cores", "Python": "3.11.9", "torch": "2.11.0"},
        "costs": {"Wrong answers a month": "660 of 10,000", "Cost of wrong answers": "3,300"},
        "method": "full, 3 epochs",
        "licence": "Apache-2.0",
    }
    return Contents(**{**plain, **changes})


def system(name, title, kind, accuracy, seconds, weights, n) -> SystemResult:
    scores = {"accuracy": share(accuracy, n), "macro_f1": share(accuracy - 0.008, n)}
    gap = accuracy - 0.934
    versus = Comparison(gap, gap - 0.01, gap + 0.009, 0.006, 0.012, "exact McNemar")
    return SystemResult(
        name,
        title,
        kind,
        scores,
        all_rows={"accuracy": share(accuracy + 0.002, n + 31)},
        comparisons={} if name == "fine_tune" else {"accuracy": versus, "macro_f1": versus},
        tokens_per_answer=None if weights is None else 31.4,
        seconds_per_answer=seconds,
        training_seconds=243.0 if kind == "tuned" else 2.1,
        peak_memory_mb=812.0,
        trainable_parameters=weights,
        failed=2 if name == "zero_shot" else 0,
    )


def sections() -> tuple[Section, ...]:
    """One with every kind of column and of line, and one of a sentence alone."""
    columns = ("text", "percent", "signed", "number", "count", "seconds", "p")
    table = Table(
        tuple(Column(f"{one} column", one) for one in columns),
        (
            ("tuned", 0.934, -0.021, 1234.5678, 1240, 0.0117, 0.0004),
            ("untuned", None, None, None, None, None, None),
        ),
        "All kinds of numbers",
        "A note below the table.",
        (0,),
    )
    plot = Plot(
        "Quality against cost",
        "seconds an answer",
        "accuracy",
        (
            Line("tuned", ((0.01, 0.7), (0.1, 0.8), (1.0, 0.93)), (0.65, 0.75, 0.9), (0.75, 0.85, 0.95)),
            Line("others", ((0.02, 0.6), (0.5, 0.62)), dots=True),
        ),
        "seconds",
        "percent",
        logarithmic=True,
        level=0.92,
        note="A note below the plot.",
    )
    command = "overtone run plan.yaml --set stages.0.epochs=2 --name fewer-epochs"
    return (
        Section("costs", "What quality costs", ("A sentence before all.",), (table,), (plot,)),
        Section("fit", "How the training went", ("Overfitting.",), command=command),
    )


def curves() -> tuple[Curve, ...]:
    pick = random.Random(1)
    train = tuple(
        (step, 2.4 * math.exp(-step / 90) + 0.15 + pick.random() * 0.2) for step in range(1, 420, 3)
    )
    checked = tuple((step, 2.3 * math.exp(-step / 95) + 0.31) for step in range(30, 421, 30))
    return Curve("fine_tune", "train", train), Curve("fine_tune", "validation", checked)


def confusion(labels: tuple[str, ...]) -> ConfusionTable:
    pick, size = random.Random(2), len(labels) + 1
    counts = [[0] * size for _ in range(size)]
    for row in range(len(labels)):
        counts[row][row] = pick.randint(14, 40)
        for column in pick.sample(range(size), 2):
            counts[row][column] += pick.randint(0, 4)
    return ConfusionTable(labels, tuple(map(tuple, counts)))
