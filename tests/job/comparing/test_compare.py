"""Runs beside each other: paired on the rows they share, and the gate's reasons."""

import pytest

from overtone.core.errors import UserError
from overtone.evaluate.statistics.mcnemar import mcnemar
from overtone.evaluate.statistics.wilson import wilson
from overtone.job.comparing.pair import common_rows, pair, pair_all
from overtone.job.comparing.result import compare_runs, history_of
from overtone.job.comparing.standing import ROWS, stand
from tests.job.comparing.finished import finish, texts


@pytest.fixture
def runs(tmp_path):
    """A reference that gets 80 of 100 rows right, one that gets 60 of them, one 82, and a stranger."""
    rows = texts(100)
    return {
        "before": finish(tmp_path / "before", rows, {"tfidf": 50, "fine_tune": 80}),
        "worse": finish(tmp_path / "worse", rows, {"tfidf": 50, "fine_tune": 60}, "2026-01-02T00:00:00"),
        "alike": finish(tmp_path / "alike", rows, {"tfidf": 50, "fine_tune": 82}, "2026-01-03T00:00:00"),
        "other": finish(tmp_path / "other", texts(40, 500), {"fine_tune": 40}),
    }


def test_a_run_stands_for_its_best_tuned_system(runs):
    standing = stand(runs["before"])
    assert (standing.key, standing.tuned, standing.untuned) == ("fine_tune", "fine_tune", "tfidf")
    assert standing.score("fine_tune").value == 0.8
    assert (standing.score("tfidf").low, standing.score("tfidf").high) == pytest.approx(wilson(50, 100))


def test_runs_are_paired_on_the_rows_they_share(runs):
    one = pair(stand(runs["worse"]), stand(runs["before"]))
    assert (one.gained, one.lost, one.score.n) == (0, 20, 100)
    assert one.comparison.difference == pytest.approx(-0.2)
    assert one.comparison.p == pytest.approx(mcnemar(0, 20))
    assert one.worse


def test_a_row_whose_wanted_answer_changed_is_not_shared(runs, tmp_path):
    rows = texts(100)
    changed = [rows[0].__class__(rows[0].id, rows[0].text, ("rain",)), *rows[1:]]
    later = stand(finish(tmp_path / "later", changed, {"fine_tune": 90}))
    assert len(common_rows(later, stand(runs["before"]))) == 99


def test_p_values_are_corrected_for_the_number_of_runs(runs):
    standings = [stand(runs[name]) for name in ("before", "worse", "alike")]
    worse, alike = pair_all(standings, standings[0])
    assert worse.comparison.p_corrected == pytest.approx(min(1, 2 * worse.comparison.p))
    assert alike.comparison.p_corrected == alike.comparison.p and not alike.worse


def test_the_gate_tells_each_reason(runs):
    chosen = [runs[name] for name in ("before", "worse", "alike", "other")]
    assert compare_runs(chosen).failures == ()
    below, worse, stranger = compare_runs(chosen, fail_below=0.7, no_regression=True).failures
    assert "'worse' is below 70.0" in below and "n = 100" in below
    assert "'worse' is worse than 'before'" in worse
    assert "'other' shares no test row with 'before'" in stranger


def test_shown_asks_that_the_whole_interval_reach_the_bar(runs):
    assert compare_runs([runs["before"]], fail_below=0.75).failures == ()
    assert len(compare_runs([runs["before"]], fail_below=0.75, shown=True).failures) == 1


def test_a_margin_asks_to_be_shown_no_worse(runs):
    """82 against 80 of 100 is not worse, but so few rows do not show that it lies within a tenth of a point."""
    pairs = [runs["before"], runs["alike"]]
    assert compare_runs(pairs, no_regression=True).failures == ()
    assert "not shown to be within" in compare_runs(pairs, no_regression=True, margin=0.001).failures[0]
    assert compare_runs(pairs, no_regression=True, margin=0.05).failures == ()


def test_all_verdicts_stand_side_by_side(runs):
    section = compare_runs([runs["before"], runs["other"]]).sections[0]
    table = section.tables[0]
    assert [row[0].split(":")[0] for row in table.rows] == ["before", "other"]
    assert table.rows[0][0].startswith("before: sort each text into one of 2 classes, ")
    assert "80.0" in table.rows[0][4] and "+30.0" in table.rows[0][5]
    assert table.rows[0][6] == "tune" and table.rows[1][3] == "–"
    (forest,) = section.forests
    ((name, value),) = [(one.name, one.value) for one in forest.differences]
    assert name == "before" and value == pytest.approx(0.3), (
        "the other run has no untuned system to compare with"
    )


def test_history_keeps_runs_on_the_same_rows_in_the_order_of_time(runs, tmp_path):
    (section,) = history_of([runs["alike"], runs["other"], runs["worse"], runs["before"]]).sections
    assert [row[1] for row in section.tables[0].rows] == ["before", "worse", "alike"]
    assert [height for _, height in section.plots[0].lines[0].points] == [0.8, 0.6, 0.82]
    (sentence,) = section.sentences
    assert sentence.startswith("'worse' is worse than 'before': −20.0 [")


def test_a_run_without_its_test_rows_is_refused_in_words_and_left_out_of_history(runs):
    (runs["worse"].folder / ROWS).unlink()
    with pytest.raises(UserError, match="keeps no test rows"):
        stand(runs["worse"])
    (section,) = history_of([runs["before"], runs["worse"], runs["alike"]]).sections
    assert len(section.tables[0].rows) == 2


def test_lost_answers_are_named(runs):
    (runs["before"].folder / "answers" / "tfidf.jsonl").unlink()
    with pytest.raises(UserError, match=r"answers/tfidf\.jsonl"):
        stand(runs["before"])
