"""Which rows come when, in figures."""

from collections import Counter

import pytest
from pydantic import ValidationError

from overtone.curricula.by_difficulty import ByDifficulty
from overtone.curricula.curriculum import Seen
from overtone.curricula.mix import Mix
from overtone.curricula.rehearsal import Rehearsal


def seen(*parts: int) -> Seen:
    return Seen(parts, lambda: [])


def drawn(part: object, count: int, epoch: int = 0) -> Counter[int]:
    steps = part.steps([5] * count, 8, 0, epoch)  # type: ignore[attr-defined]
    return Counter(index for step in steps for index in step)


def test_rehearsal_shows_every_own_row_once_and_the_share_of_others() -> None:
    part = Rehearsal(share=0.2).over(seen(80, 200))
    first, second = drawn(part, 280), drawn(part, 280, epoch=1)
    assert [first[row] for row in range(80)] == [1] * 80
    others = [row for row in first if row >= 80]
    assert sum(first[row] for row in others) == 20 and max(first.values()) == 1
    assert set(others) != {row for row in second if row >= 80}


def test_few_rehearsed_rows_come_again() -> None:
    found = drawn(Rehearsal(share=0.5).over(seen(40, 10)), 50)
    assert {found[row] for row in range(40, 50)} == {4}


@pytest.mark.parametrize(
    ("temperature", "wanted"), [(1.0, [900, 100]), (2.0, [750, 250])]
)  # 900^(1/2) : 100^(1/2) = 3 : 1
def test_a_mix_by_size_and_temperature(temperature: float, wanted: list[int]) -> None:
    part = Mix(temperature=temperature).over(seen(900, 100))
    found = drawn(part, 1000)
    assert [sum(found[row] for row in range(900)), sum(found[row] for row in range(900, 1000))] == wanted
    assert part.counts([900, 100]) == wanted


def test_a_mix_by_weight_and_weights_of_another_number() -> None:
    assert Mix(weights=[1, 1]).over(seen(900, 100)).counts([900, 100]) == [500, 500]
    with pytest.raises(ValueError, match="3 weights are given for 2 sets"):
        Mix(weights=[1, 1, 1]).over(seen(900, 100))


def test_competence_grows_as_the_paper_says() -> None:
    """Platanios et al. 2019: with a start of 0.1, after half the time sqrt(0.5 (1 - 0.01) + 0.01) = 0.7106."""
    part = ByDifficulty(start=0.1, epochs=2)
    assert part.competence(0) == pytest.approx(0.1)
    assert part.competence(1) == pytest.approx(0.710634, abs=1e-6)
    assert part.competence(2) == part.competence(9) == 1
    assert ByDifficulty(start=0.1, epochs=2, pace="linear").competence(1) == pytest.approx(0.55)


def test_easy_rows_come_first_by_length_or_by_loss() -> None:
    lengths = list(range(100, 0, -1))
    by_length = ByDifficulty(start=0.1, pace="linear")
    first = by_length.steps(lengths, 10, 0, 0)
    assert set(first[0]) == set(range(90, 100))  # the ten shortest
    assert min(map(min, first[-1:])) < 20
    by_loss = ByDifficulty(measure="loss", start=0.1).over(
        Seen((100,), lambda: [float(row) for row in range(100)])
    )
    assert set(by_loss.steps(lengths, 10, 0, 0)[0]) == set(range(10))
    assert sorted(row for step in by_length.steps(lengths, 10, 0, 1) for row in step) == list(range(100))


def test_a_share_of_everything_is_refused() -> None:
    with pytest.raises(ValidationError):
        Rehearsal(share=1.0)
