from random import Random

from overtone.demo.families import shared
from overtone.demo.library import articles
from overtone.demo.replies import reply

ONE, TWO = articles()["late-parcel"], articles()["lost-sim"]


def test_one_problem_is_one_list_between_two_lines() -> None:
    first, *steps, last = reply([ONE], Random(0)).splitlines()
    assert first in shared()["openings"] and last in shared()["closing_lines"]
    assert steps == [f"{number}. {step}" for number, step in enumerate(ONE.steps, start=1)]


def test_two_problems_are_two_lists_under_headings_the_primary_first() -> None:
    lines = reply([ONE, TWO], Random(0)).splitlines()
    assert lines[1] == "For your first question:" and lines[2] == f"1. {ONE.steps[0]}"
    second = lines.index("For your second question:")
    assert lines[second + 1] == f"1. {TWO.steps[0]}"
