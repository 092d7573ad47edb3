"""The chapter on languages: scores, gaps to the language that was learned, corrected over all systems."""

from dataclasses import replace

import pytest

from overtone.evaluate.chapters.languages import Languages
from overtone.evaluate.metrics.macro_f1 import MacroF1
from overtone.evaluate.scores import score
from overtone.evaluate.statistics.share import share_interval
from tests.evaluate.chapters.made_up import classified

LANGUAGES = ("en", "de", "sw")


def spoken(learned, wrong_in="sw", metric=None):
    """Three languages in turn; the tuned system answers the rows of one as if they were others."""
    found = classified(n=300)
    rows = [replace(row, language=LANGUAGES[place % 3], traits=()) for place, row in enumerate(found.test)]
    answers = list(found.answers["fine_tune"])
    of_it = [place for place, row in enumerate(rows) if row.language == wrong_in]
    for place, other in zip(of_it, of_it[1:] + of_it[:1]):
        answers[place] = found.answers["fine_tune"][other]
    metric = metric or found.metric
    systems = {**found.answers, "fine_tune": answers}
    scores = {key: score(metric, rows, given, found.task, 0) for key, given in systems.items()}
    train = [replace(row, language="en") for row in found.train]
    changes = {"test": rows, "train": train, "answers": systems, "scores": scores, "metric": metric}
    return replace(found, languages=learned, **changes)


def test_nothing_is_told_where_the_plan_names_no_languages():
    assert Languages().write(spoken(())) is None
    one = spoken(("en",))
    alone = [replace(row, language="en") for row in one.test]
    assert Languages().write(replace(one, test=alone)) is None


def test_the_language_that_is_lost_is_named_with_its_gap():
    section = Languages().write(spoken(("en",)))
    assert section and section.name == "languages"
    assert section.sentences[0] == "Learned from: 'en' (10 rows)."
    tuned = next(one for one in section.sentences if one.startswith("tuned"))
    assert "in 'en' (n = 100); lower in 'sw' (−" in tuned and "not shown to differ in 'de'" in tuned
    untuned = next(one for one in section.sentences if one.startswith("embedding head"))
    assert untuned.endswith("not shown to differ in 'de', 'sw'.")


def test_every_system_has_a_row_for_each_language():
    results = spoken(("en",))
    overview, gaps = Languages().write(results).tables
    assert [column.title for column in overview.columns] == [
        "System",
        "en (n = 100)",
        "de (n = 100)",
        "sw (n = 100)",
    ]
    assert len(overview.rows) == 2 and len(gaps.rows) == 6
    by_place = {(row[0], row[1]): row for row in gaps.rows}
    home, lost = by_place["tuned", "en"], by_place["tuned", "sw"]
    assert home[2:4] == (10, 100) and home[6:] == (None, None, None)
    low, high = share_interval(round(100 * home[4]), 100)
    assert home[5] == f"{100 * low:.1f} to {100 * high:.1f}"
    assert lost[2] == 0 and lost[6] == pytest.approx(lost[4] - home[4]) and lost[8] < 0.001
    marked = {(gaps.rows[place][0], gaps.rows[place][1]) for place in gaps.marked}
    assert marked == {("tuned", "sw")}


def test_p_values_of_all_systems_are_one_family():
    """The smallest of four is multiplied by four: with two systems it is larger than with one."""
    both = spoken(("en",))
    alone = replace(both, scores={"fine_tune": both.scores["fine_tune"]}, best_untuned=None)
    worst = [min(row[8] for row in Languages().write(one).tables[1].rows if row[8]) for one in (both, alone)]
    assert worst[0] == pytest.approx(2 * worst[1], abs=0)


def test_gaps_are_to_the_first_language_that_is_judged():
    gaps = Languages().write(spoken(("fr", "sw", "en"))).tables[1]
    assert gaps.columns[6].title == "Gap to 'sw'" and gaps.rows[0][1] == "sw"
    section = Languages().write(spoken(("fr",)))
    assert len(section.tables) == 1 and "no gap to tell" in section.sentences[1]


def test_a_value_of_the_set_has_gaps_too():
    gaps = Languages().write(spoken(("en",), metric=MacroF1())).tables[1]
    lost = next(row for row in gaps.rows if row[:2] == ("tuned", "sw"))
    assert lost[6] < -0.2 and lost[8] < 0.05
