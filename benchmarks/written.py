"""Answers that several seeds wrote to the same test rows, judged together: each row is one piece of evidence."""

from collections.abc import Sequence
from dataclasses import replace

from benchmarks.recipe import Recipe
from overtone.core.answer import Answer
from overtone.core.example import Example
from overtone.evaluate.metric import deciding
from overtone.evaluate.scores import compare, score

Seeds = Sequence[Sequence[Answer]]  # of each seed the answers to all test rows


def scored(recipe: Recipe, answers: Seeds) -> str:
    """The plan's metric, its interval and the number of rows, as cells of a table."""
    rows = _clean(recipe)
    found = score(
        deciding(recipe.plan.task), rows * len(answers), _judged(recipe, answers), recipe.plan.task, 0
    )
    return f"{100 * found.value:.1f} | {100 * found.low:.1f} to {100 * found.high:.1f} | {len(rows)}"


def each_seed(recipe: Recipe, answers: Seeds) -> str:
    """The metric of each seed's answers alone: how far seeds lie apart, which no interval over rows tells."""
    values = [_value(recipe, one) for one in answers]
    return ", ".join(f"{100 * value:.1f}" for value in values)


def each_less(recipe: Recipe, answers: Seeds, others: Seeds) -> str:
    """How many points each seed's answers are above the other ones of its seed."""
    gains = [_value(recipe, one) - _value(recipe, other) for one, other in zip(answers, others, strict=True)]
    return ", ".join(f"{100 * gain:+.1f}" for gain in gains)


def _value(recipe: Recipe, answers: Sequence[Answer]) -> float:
    return deciding(recipe.plan.task).value(_clean(recipe), _judged(recipe, [answers]), recipe.plan.task)


def less(recipe: Recipe, answers: Seeds, others: Seeds) -> str:
    """By how many points the metric is above that of other answers to the same rows, with its paired interval."""
    given = (_judged(recipe, answers), _judged(recipe, others))
    found = compare(
        deciding(recipe.plan.task), _clean(recipe) * len(answers), *given, recipe.plan.task, seed=0
    )
    return f"{100 * found.difference:+.1f} [{100 * found.low:+.1f}, {100 * found.high:+.1f}]"


def _clean(recipe: Recipe) -> list[Example]:
    """The test rows without those that also stand in train, each a group of its own answers."""
    rows = [row for row in recipe.data.test if row.id not in recipe.data.leaked]
    return [replace(row, group=row.group or row.id) for row in rows]


def _judged(recipe: Recipe, answers: Seeds) -> list[Answer]:
    test, leaked = recipe.data.test, recipe.data.leaked
    clean = [place for place, row in enumerate(test) if row.id not in leaked]
    return [one[place] for one in answers for place in clean]
