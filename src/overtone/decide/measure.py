"""Measure rivals: prepare each, let it answer the frozen test rows in chunks, note what that cost."""

import time
from collections.abc import Callable, Sequence
from dataclasses import replace

from overtone.core.answer import Answer, System
from overtone.core.event import Event
from overtone.core.example import Example
from overtone.decide.citing import citation_facts, cites
from overtone.decide.latency import latencies, latency_facts
from overtone.decide.measured import Measured, Store, load_measured, save_measured
from overtone.decide.memory import PeakMemory
from overtone.decide.rival import Materials, Rival
from overtone.decide.wanted import with_wanted
from overtone.engine.remember import spared_seconds
from overtone.retrieve.recall import recall

CHUNK = 64  # questions answered between two signs of life

Finished = Callable[[Measured, System | None], None]


def measure_all(
    rivals: Sequence[Rival],
    materials: Materials,
    test: Sequence[Example],
    store: Store,
    finished: Finished,
    alone: bool = True,
) -> list[Measured]:
    """Measure each rival, or load what an interrupted run has measured already.

    `finished` hears of each as soon as it is there, with its system, or None where it was loaded. `alone` asks
    some questions one by one too, for what a person waits, and how likely the wanted answers are.
    """
    results = []
    ids = [row.id for row in test]
    for rival in rivals:
        system = None
        measured = load_measured(rival.key, ids, rival.model_dump(mode="json"), store)
        if measured is None:
            measured, system = measure(rival, materials, test, alone)
            save_measured(measured, store)
        finished(measured, system)
        results.append(measured)
    return results


def measure(
    rival: Rival, materials: Materials, test: Sequence[Example], alone: bool = True
) -> tuple[Measured, System]:
    """Prepare one rival and let it answer the test rows; also gives the prepared system."""
    memory = PeakMemory()
    materials.watch(Event(f"prepare {rival.key}"))
    start, spared, processor = unspared_clock(), spared_seconds(), time.process_time()
    system = rival.prepare(materials)
    prepared = unspared_clock()
    answers = answer_all(rival.key, system, test, materials)
    answered = unspared_clock()
    facts = {**getattr(system, "facts", {}), "cpu_seconds": time.process_time() - processor}
    if alone and materials.task.asks == "generate":
        answers = with_wanted(system, test, answers)
    measured = Measured(
        key=rival.key,
        title=rival.heading,
        kind=rival.name,
        tuned=rival.tuned,
        ids=tuple(row.id for row in test),
        answers=tuple(answers),
        prepare_seconds=prepared - start + facts.pop("spared_seconds", 0.0),
        answer_seconds=answered - prepared,
        # Work that was only read leaves no mark in memory: its peak is not known, which 0 stands for.
        peak_mb=memory.megabytes() if spared_seconds() == spared else 0.0,
        facts=facts | gold_recall(test, answers) | (citation_facts(test, answers) if cites(system) else {}),
        settings=rival.model_dump(mode="json"),
    )
    if alone:
        facts, seconds = measured.facts, seconds_alone(system, test, answers)
        measured = replace(measured, facts={**facts, **latency_facts(seconds)})
    return measured, system


def seconds_alone(system: System, test: Sequence[Example], answers: Sequence[Answer]) -> list[float]:
    """Seconds of questions asked one by one; those of the answers where a system asks for each alone anyway."""
    if getattr(system, "asked_alone", False):
        return [answer.seconds for answer in answers]
    return latencies(system, test)


def unspared_clock() -> float:
    """Seconds as they would have passed had nothing been remembered: no rival looks cheap by another's work."""
    return time.perf_counter() + spared_seconds()


def answer_all(key: str, system: System, test: Sequence[Example], materials: Materials) -> list[Answer]:
    """Answers to all test questions in order; RuntimeError where a system gives another number than asked."""
    answers: list[Answer] = []
    for first in range(0, len(test), CHUNK):
        questions = [row.question for row in test[first : first + CHUNK]]
        before = spared_seconds()
        given = system.answer(questions)
        spared = (spared_seconds() - before) / len(questions)
        if len(given) != len(questions):
            raise RuntimeError(f"'{key}' gave {len(given)} answers to {len(questions)} questions")
        answers += [replace(answer, seconds=answer.seconds + spared) for answer in given] if spared else given
        materials.watch(Event(f"answer {key}", len(answers), len(test)))
    return answers


def gold_recall(test: Sequence[Example], answers: Sequence[Answer]) -> dict[str, float]:
    """Recall of the documents that hold the answers, and its rows; nothing where none was retrieved."""
    if not any(answer.documents for answer in answers):
        return {}
    found = [answer.documents for answer in answers]
    share, rows = recall([row.documents for row in test], found, max(len(row) for row in found))
    return {"gold_document_recall": share, "gold_document_rows": float(rows)} if rows else {}
