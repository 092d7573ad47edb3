"""Which smaller sets of rows a learning curve is measured on."""

from collections.abc import Sequence
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

from overtone.core.answer import Answer
from overtone.core.example import Example
from overtone.core.tasks.classify import ClassifyTask
from overtone.decide.learning_curve import LearningCurve
from overtone.decide.measured import Measured
from overtone.decide.power_law import Estimate
from overtone.decide.rival import Materials, Rival
from overtone.decide.rivals.tfidf import TfidfLinear
from overtone.job.deciding.bench import Bench
from overtone.job.deciding.learning_curve import measure_curves, smaller
from tests.decide.materials import sorting

ROWS = tuple(Example(str(place), text=f"row {place}", labels=(f"class {place % 8}",)) for place in range(32))


def test_shares_of_equally_many_rows_are_measured_once() -> None:
    found = smaller(replace(sorting(), train=ROWS), (0.125, 0.25, 0.5))
    assert {size: share for size, (share, _) in found.items()} == {8: 0.25, 16: 0.5}
    assert all(len(part.train) == size for size, (_, part) in found.items())


def test_a_share_that_is_everything_is_left_out() -> None:
    few = ROWS[:8]  # one of each class
    assert smaller(replace(sorting(), train=few), (0.5,)) == {}


def test_the_law_is_as_unsure_as_the_groups_of_the_test_rows() -> None:
    """Six groups that are right or wrong as a whole tell less than as many rows that stand for themselves."""
    train = tuple(Example(str(place), text="x", labels=("a",)) for place in range(64))

    def gain(group: str) -> Estimate:
        test = [
            Example(f"t{place}", text="x", labels=("a",), group=group and f"{group}{place // 20}")
            for place in range(120)
        ]

        def measured(tag: str, rival: Rival, part: Materials, rows: Sequence[Example]) -> Measured:
            right = 2 + (len(part.train) >= 16) + (len(part.train) >= 32)  # of the groups
            answers = [
                Answer(probabilities={"a" if place // 20 < right else "b": 1.0}) for place in range(120)
            ]
            return Measured(
                rival.key, "", "", False, tuple(row.id for row in test), tuple(answers), 0.0, 0.0, 0.0
            )

        rival, materials = TfidfLinear(), replace(sorting(), train=train)
        work: Any = SimpleNamespace(
            plan=SimpleNamespace(decide=SimpleNamespace(learning_curve=LearningCurve())),
            rivals=[rival],
            materials=materials,
            data=SimpleNamespace(test=test, train=train),
            repeat=measured,
        )
        whole = measured("", rival, materials, test)
        (curve,) = measure_curves(work, [whole], Bench(ClassifyTask(metric="accuracy"), test, 0))
        assert curve.law is not None
        assert curve.law.judged == (6 if group else 120)
        return curve.law.gain(2.0)

    known, blind = gain("g"), gain("")
    assert (
        known.high is not None and known.low is not None and blind.high is not None and blind.low is not None
    )
    assert known.high - known.low > 1.3 * (blind.high - blind.low)
