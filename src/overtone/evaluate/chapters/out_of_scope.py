"""How well texts that belong to none of the classes are kept apart from those that do."""

from collections.abc import Sequence
from typing import ClassVar

import numpy as np

from overtone.core.tasks.classify import ClassifyTask
from overtone.evaluate.chapter import Chapter, Results
from overtone.evaluate.chosen import chosen
from overtone.evaluate.diagnosis.interval import share_of, sources
from overtone.evaluate.diagnosis.slices import Mask
from overtone.evaluate.report.numbers import percent
from overtone.evaluate.report.section import Column, Section, Table
from overtone.evaluate.statistics.groups import Places

WELL_KNOWN = ("oos", "out_of_scope", "out-of-scope", "out of scope", "none", "other")
HEADS = ("In-scope accuracy", "Out-of-scope recall", "Out-of-scope precision", "False alarms")


class OutOfScope(Chapter):
    """In-scope accuracy, and recall, precision and false alarms of the class that stands for everything else."""

    name: ClassVar[str] = "out_of_scope"
    order: ClassVar[int] = 30

    def write(self, results: Results) -> Section | None:
        """A row for each of the best systems; nothing where no class stands for everything else."""
        task = results.task
        if not isinstance(task, ClassifyTask):
            return None
        outside = scope_class(task, results.labels)
        if outside is None:
            return None
        rows = tuple((results.titles[key], *_shares(results, key, outside)) for key in results.pair)
        return Section(
            self.name,
            "Texts out of scope",
            _sentences(results, task, outside),
            (Table((Column("System"), *map(Column, HEADS)), rows, note=_note(results, outside)),),
        )


def scope_class(task: ClassifyTask, labels: Sequence[str]) -> str | None:
    """The class of texts that belong to no other: the task's own, else one with a well-known name."""
    if task.out_of_scope is not None:
        return task.out_of_scope if task.out_of_scope in labels else None
    return next((label for name in WELL_KNOWN for label in labels if label.casefold() == name), None)


def _sentences(results: Results, task: ClassifyTask, outside: str) -> tuple[str, ...]:
    wanted = sum(outside in row.labels for row in results.test)
    how = (
        "named by task.out_of_scope"
        if task.out_of_scope
        else "taken so for its name; task.out_of_scope sets it"
    )
    known = f"The class '{outside}' stands for texts out of scope ({how})"
    counted = f"{known}: {wanted} of {len(results.test)} rows want it."
    return (counted, *(_found(results, key, outside) for key in results.pair))


def _found(results: Results, key: str, outside: str) -> str:
    _, recall, _, alarms = _shares(results, key, outside)
    found = f"'{results.titles[key]}' finds {recall} % of them" if recall else "No row wants it"
    return f"{found}; {alarms} % of the others were taken for them." if alarms else f"{found}."


def _shares(results: Results, key: str, outside: str) -> tuple[str | None, ...]:
    """In-scope accuracy, then recall, precision and false alarms of the class outside, each with its interval."""
    picked = [chosen(answer, results.task) for answer in results.answers[key]]
    right = np.array([given == set(row.labels) for row, given in zip(results.test, picked)])
    beyond = np.array([outside in row.labels for row in results.test])
    alarm = np.array([outside in given for given in picked])
    place = sources(results.test)
    return (
        _share(right, ~beyond, place),
        _share(alarm, beyond, place),
        _share(beyond, alarm, place),
        _share(alarm, ~beyond, place),
    )


def _share(hits: Mask, among: Mask, place: Places | None) -> str | None:
    if not among.any():
        return None
    low, high = share_of(hits[among].astype(np.float64), None if place is None else place[among])
    return f"{percent(float(hits[among].mean()))} [{percent(low)}, {percent(high)}]"


def _note(results: Results, outside: str) -> str:
    inside = sum(outside not in row.labels for row in results.test)
    return f"False alarms: the share of the {inside} rows in scope that were answered '{outside}'."
