"""Runs that learned from different languages: the matrix, and what not having a language costs."""

from dataclasses import replace

import pytest
import yaml

from overtone.evaluate.statistics.mcnemar import mcnemar
from overtone.job.comparing.result import compare_runs
from tests.job.comparing.finished import finish, texts


def spoken(count=120):
    """Half of the rows in one language, then half in another."""
    return [
        replace(row, language="en" if place < count // 2 else "de") for place, row in enumerate(texts(count))
    ]


def run(folder, learned, right, rows=None):
    """The first rows are right, so that `right` of 60 to 120 is all of English and a part of German."""
    made = finish(folder, rows or spoken(), {"tfidf": 50, "fine_tune": right})
    plan = yaml.safe_load((folder / "plan.yaml").read_text())
    plan["data"]["languages"] = {"column": "lang", "train": learned}
    (folder / "plan.yaml").write_text(yaml.safe_dump(plan, sort_keys=False))
    return made


def sections(*runs):
    return {section.name: section for section in compare_runs(runs).sections}


def test_the_matrix_has_a_row_for_what_was_learned_and_a_column_for_what_is_judged(tmp_path):
    found = sections(run(tmp_path / "a", ["en"], 75), run(tmp_path / "b", {"en": 1, "de": 0.1}, 90))
    matrix = found["transfer"].tables[0]
    assert [column.title for column in matrix.columns[3:]] == ["en (n = 60)", "de (n = 60)"]
    assert [row[:2] for row in matrix.rows] == [("en", "a"), ("en, de (0.1 of its rows)", "b")]
    assert matrix.rows[0][3].startswith("100.0 [") and matrix.rows[0][4].startswith("25.0 [")
    assert matrix.rows[1][4].startswith("50.0 [")


def test_each_cell_is_held_against_the_language_s_own_run(tmp_path):
    """English alone loses 30 German rows to German alone; nothing is lost on English, where all are right."""
    found = sections(run(tmp_path / "a", ["en"], 75), run(tmp_path / "b", ["de"], 105))
    section = found["transfer"]
    losses = section.tables[1]
    by_cell = {row[:2]: row for row in losses.rows}
    assert set(by_cell) == {("en", "de"), ("de", "en")}
    lost = by_cell["en", "de"]
    assert lost[2:6] == pytest.approx((60, 0.25, 0.75, -0.5))
    assert lost[7] == pytest.approx(2 * mcnemar(0, 30)) and by_cell["de", "en"][5] == 0
    assert section.sentences == (
        "In 1 of 2 cells the run is clearly worse than the run that learned from that language.",
    )


def test_cells_are_of_the_rows_that_all_runs_share(tmp_path):
    runs = run(tmp_path / "a", ["en"], 75), run(tmp_path / "b", ["de"], 75, rows=spoken()[:100])
    heads = [column.title for column in sections(*runs)["transfer"].tables[0].columns[3:]]
    assert heads == ["en (n = 60)", "de (n = 40)"] or heads == ["en (n = 50)", "de (n = 50)"]


def test_no_matrix_without_two_sets_of_languages(tmp_path):
    first, again = run(tmp_path / "a", ["en"], 75), run(tmp_path / "b", ["en"], 80)
    plain = finish(tmp_path / "c", spoken(), {"fine_tune": 100})
    assert "transfer" not in sections(first, again, plain)
    assert "transfer" not in sections(plain)


def test_without_a_run_of_one_language_alone_there_is_a_matrix_and_no_loss(tmp_path):
    mixed = [run(tmp_path / name, {"en": 1, "de": share}, 80) for name, share in (("a", 0.1), ("b", 0.5))]
    section = sections(*mixed)["transfer"]
    assert len(section.tables) == 1 and "nothing to lose against" in section.sentences[0]
