"""Measuring: answers in chunks, costs, what is kept, what is not repeated."""

import json
from dataclasses import replace

import numpy as np
import pytest

from overtone.core.answer import Answer
from overtone.decide import memory
from overtone.decide.measure import gold_recall, measure, measure_all
from overtone.decide.measured import load_measured, save_measured
from overtone.decide.memory import PeakMemory
from overtone.decide.rivals.fine_tune import FineTune
from overtone.decide.rivals.majority import Majority
from overtone.decide.rivals.tfidf import TfidfLinear
from tests.decide.materials import TunedFake, answering, answering_rows, sorting


class Shelf(dict):
    """A store in memory."""

    read = dict.get
    write = dict.__setitem__


def test_a_rival_is_prepared_answers_in_chunks_and_tells_its_progress():
    told = []
    materials = sorting(watch=told.append)
    test = [replace(row, id=str(number)) for number in range(150) for row in materials.train[:1]]
    measured, system = measure(Majority(), materials, test)
    assert [(event.phase, event.done) for event in told] == [
        ("prepare majority", 0),
        ("answer majority", 64),
        ("answer majority", 128),
        ("answer majority", 150),
    ]
    assert (measured.key, measured.title, measured.tuned) == ("majority", "majority class", False)
    assert measured.ids == tuple(str(number) for number in range(150))
    assert measured.prepare_seconds > 0 < measured.seconds_per_answer
    assert system.can == {"classify"}


def test_errors_tokens_and_spared_time_are_counted(monkeypatch):
    class Faulty(TunedFake):
        def __init__(self):
            self.facts = {"spared_seconds": 100.0, "trainable_parameters": 7.0}

        def answer(self, questions):
            return [Answer(error="no", prompt_tokens=2, completion_tokens=1) for _ in questions]

    materials = answering(tune=lambda *call: Faulty())
    measured, _ = measure(FineTune(), materials, materials.train)
    assert (measured.errors, measured.tokens, measured.tuned) == (6, (12, 6), True)
    assert measured.prepare_seconds > 100
    assert measured.facts["trainable_parameters"] == 7.0
    assert measured.facts["latency_questions"] == 6
    assert "spared_seconds" not in measured.facts
    repeated, _ = measure(FineTune(), materials, materials.train, alone=False)
    assert set(repeated.facts) == {"trainable_parameters", "cpu_seconds"}


def test_a_system_that_loses_an_answer_is_found_out():
    class Lossy(TunedFake):
        def answer(self, questions):
            return []

    materials = answering(tune=lambda *call: Lossy())
    with pytest.raises(RuntimeError, match="'fine_tune' gave 0 answers to 6 questions"):
        measure(FineTune(), materials, materials.train)


def test_what_is_kept_comes_back_equal():
    shelf = Shelf()
    answers = (
        Answer(
            text="ü\u2028x",
            prompt_tokens=3,
            completion_tokens=2,
            seconds=0.5,
            finish="length",
            documents=("d",),
        ),
        Answer(probabilities={"a": 0.25, "b": 0.75}),
        Answer(error="too long"),
        Answer(text=""),
    )
    measured, _ = measure(Majority(), sorting(), sorting().train[:4])
    measured = replace(measured, answers=answers, facts={"x": 1.5})
    save_measured(measured, shelf)
    assert load_measured("majority", measured.ids, measured.settings, shelf) == measured
    assert list(shelf) == ["answers/majority.jsonl", "answers/majority.json"]
    assert [json.loads(line)["id"] for line in shelf["answers/majority.jsonl"].splitlines()[:1]] == ["r0"]


def test_a_finished_rival_is_not_repeated_and_a_changed_one_is():
    materials, shelf, seen = sorting(), Shelf(), []

    def run(rivals, test):
        seen.clear()
        return measure_all(
            rivals, materials, test, shelf, lambda measured, system: seen.append(system is None)
        )

    first = run([Majority(), TfidfLinear()], materials.train)
    assert seen == [False, False]
    assert run([Majority(), TfidfLinear()], materials.train) == first
    assert seen == [True, True]
    run([Majority(), TfidfLinear()], materials.train[:2])
    assert seen == [False, False]
    del shelf["answers/tfidf.json"]
    run([Majority(), TfidfLinear()], materials.train[:2])
    assert seen == [True, False]


def test_other_settings_are_measured_again():
    shelf, materials = Shelf(), answering()
    for settings, repeated in [({}, False), ({}, True), ({"stages": [{"epochs": 9}]}, False)]:
        loaded = []
        measure_all(
            [FineTune(**settings)],
            materials,
            materials.train,
            shelf,
            lambda _, system, loaded=loaded: loaded.append(system is None),
        )
        assert loaded == [repeated]


def test_the_recall_of_gold_documents_is_stated_where_documents_were_retrieved():
    rows = answering_rows()[2:4]  # gold: post, router
    answers = [Answer(text="", documents=("post", "bill")), Answer(text="", documents=("bill", "post"))]
    assert gold_recall(rows, answers) == {"gold_document_recall": 0.5, "gold_document_rows": 2.0}
    assert gold_recall(rows, [Answer(text=""), Answer(text="")]) == {}
    assert gold_recall([replace(row, documents=()) for row in rows], answers) == {}


def test_peak_memory_sees_what_was_freed_again():
    peak = PeakMemory()
    np.ones(8_000_000).sum()  # 64 MB, gone at once
    assert 50 < peak.megabytes() < 200


def test_where_the_kernel_does_not_tell_the_process_peak_is_used(monkeypatch, tmp_path):
    monkeypatch.setattr(memory, "CLEAR", tmp_path / "none" / "clear_refs")
    peaks = iter([10_000_000, 25_000_000])
    monkeypatch.setattr(memory, "_process_peak", lambda: next(peaks))
    assert PeakMemory().megabytes() == 15.0
