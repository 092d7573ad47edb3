from dataclasses import replace

from overtone.core.tasks.classify import ClassifyTask
from overtone.evaluate.before import detectable_before
from tests.evaluate.rows import SINGLE, WRITE, labelled, written


def test_the_gap_and_what_it_rests_on_are_said():
    assert detectable_before(SINGLE, labelled(*["a", "b"] * 100)) == (
        "200 clean test rows can show a gap of 6.4 points in Accuracy between two systems of which only one is right "
        "on 10 % of the rows (80 % power at a 5 % level). A gap of 1 point takes about 7,947 rows."
    )


def test_few_rows_show_large_gaps_and_very_few_none():
    assert "a gap of 36.6 points" in detectable_before(SINGLE, labelled(*["a"] * 20))
    assert "only one is right on 37 % of the rows" in detectable_before(SINGLE, labelled(*["a"] * 20))
    assert detectable_before(SINGLE, labelled("a", "b", "a")) == (
        "3 clean test rows can show no gap in Accuracy, however large; add test rows."
    )


def test_groups_are_counted():
    rows = [replace(row, group=f"g{place // 5}") for place, row in enumerate(labelled(*["a"] * 400))]
    assert (
        "They come from 80 groups; were the rows of a group all alike, they could show one of 9.8 points."
        in (detectable_before(SINGLE, rows))
    )
    few = [replace(row, group=f"g{place // 200}") for place, row in enumerate(labelled(*["a"] * 400))]
    assert "from 2 groups; were the rows of a group all alike, they could show none." in (
        detectable_before(SINGLE, few)
    )


def test_a_mean_and_a_value_of_the_set_have_their_own_words():
    assert detectable_before(WRITE, written(*["a b"] * 400)).endswith(
        "between two systems whose values for a row differ by 0.2 as a rule (80 % power at a 5 % level)."
    )
    assert "in Macro-F1" in detectable_before(ClassifyTask(metric="macro_f1"), labelled(*["a", "b"] * 50))


def test_rows_that_cannot_be_judged_say_nothing():
    assert detectable_before(SINGLE, []) == ""
