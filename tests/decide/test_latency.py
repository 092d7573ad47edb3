"""Latency: questions asked one by one, as many as a slow system allows."""

from dataclasses import replace

import pytest

from overtone.core.answer import Answer
from overtone.decide import latency
from overtone.decide.latency import latencies, latency_facts
from overtone.decide.measure import measure
from overtone.decide.rivals.fine_tune import FineTune
from tests.decide.materials import TunedFake, answering


class Slow(TunedFake):
    def __init__(self, clock, seconds):
        super().__init__()
        self.clock, self.seconds, self.asked = clock, seconds, []

    def answer(self, questions):
        self.asked.append([question.id for question in questions])
        self.clock.now += self.seconds * len(questions)
        return [Answer(text="", seconds=7.0) for _ in questions]


@pytest.fixture
def clock(monkeypatch):
    class Clock:
        now = 0.0

    monkeypatch.setattr(latency.time, "perf_counter", lambda: Clock.now)
    return Clock


def test_each_question_is_asked_alone_and_the_same_ones_of_every_system(clock):
    rows = [replace(answering().train[0], id=f"{number:03}") for number in range(100)]
    quick, again = Slow(clock, 0.01), Slow(clock, 0.02)
    assert latencies(quick, rows) == pytest.approx([0.01] * latency.SAMPLE)
    latencies(again, rows[::-1])
    assert quick.asked == again.asked == [[f"{number:03}"] for number in range(latency.SAMPLE)]


def test_a_slow_system_is_asked_few(clock):
    rows = [replace(answering().train[0], id=f"{number:03}") for number in range(100)]
    assert len(latencies(Slow(clock, 9.0), rows)) == latency.FEWEST
    assert len(latencies(Slow(clock, 0.25), rows)) == 9


def test_percentiles():
    facts = latency_facts([0.01 * number for number in range(101)])
    assert facts == pytest.approx({"latency_p50": 0.5, "latency_p95": 0.95, "latency_questions": 101})
    assert latency_facts([]) == {}


def test_a_system_that_asks_for_each_alone_anyway_is_not_asked_again(clock):
    class Remote(Slow):
        asked_alone = True

    system = Remote(clock, 0.0)
    materials = answering(tune=lambda *call: system)
    measured, _ = measure(FineTune(), materials, materials.train)
    assert len(system.asked) == 1
    assert measured.facts["latency_p50"] == 7.0
