"""Seeds beside the plain loop: lines of the table and differences in words."""

import numpy as np

from benchmarks.against_plain import Pair, difference, tell_pairs

RIGHT = np.array([1.0] * 80 + [0.0] * 20)
WORSE = np.array([1.0] * 50 + [0.0] * 50)


class Stub:
    """A recipe whose frozen head got half of the rows right."""

    name, folder = "recipe", __import__("pathlib").Path("runs")

    def answers(self, folder, system):
        return WORSE

    def right(self, answers):
        return answers


def test_a_difference_is_told_in_points_with_its_interval():
    told = difference(RIGHT - WORSE)
    assert told.startswith("+30.00 points, 95 % interval +")
    assert told.endswith("on 100 rows")


def test_no_difference_has_an_interval_around_nothing():
    alternating = np.array([1.0, -1.0] * 50)
    low, high = (
        float(part) for part in difference(alternating).split("interval ")[1].split(", p")[0].split(" to ")
    )
    assert low < 0 < high


def test_pairs_are_told_seed_by_seed_and_only_those_beside_the_plain_loop_are_compared():
    pairs = [Pair(0, RIGHT, 10.0, WORSE, 20.0, 3.0), Pair(1, RIGHT, 12.0)]
    lines = tell_pairs(Stub(), pairs)
    assert lines[2] == "| 0 | 80.00% | 10 | 50.00% | 20 | 3 | 0.50 |"
    assert lines[3] == "| 1 | 80.00% | 12 | not run | – | – | – |"
    assert "Mean over 2 seeds: 80.00%." in lines
    assert "Against the plain loop, 1 seed(s): +30.00 points" in lines[-1]
    assert lines[-1].endswith("0.50 of its time.")
