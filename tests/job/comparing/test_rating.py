"""Blind rating: nobody can tell whose an answer is, choices are kept, and the count is honest."""

import io
import json

import pytest

from overtone.core.errors import UserError
from overtone.evaluate.statistics.mcnemar import mcnemar
from overtone.job.comparing.rating import Rating, matches, tally
from overtone.job.comparing.session import Session
from overtone.job.comparing.standing import stand
from tests.job.comparing.finished import finish, texts


@pytest.fixture
def pair(tmp_path):
    rows = texts(60)
    return finish(tmp_path / "old", rows, {"fine_tune": 20}), finish(
        tmp_path / "new", rows, {"fine_tune": 50}
    )


def test_only_rows_answered_differently_are_shown_in_a_seeded_order(pair):
    first, second = map(stand, pair)
    found = matches(first, second, 0)
    assert {match.row for match in found} == {f"id{number}" for number in range(20, 50)}
    assert [match.row for match in found] == [match.row for match in matches(first, second, 0)]
    assert [match.row for match in found] != [match.row for match in matches(first, second, 1)]


def test_sides_are_drawn_and_the_owners_fit_the_answers(pair):
    first, second = map(stand, pair)
    found = matches(first, second, 0)
    firsts = [match.owners[0] for match in found]
    assert 5 < firsts.count("old") < 25
    for match in found:
        right = match.answers.index(match.wanted)
        assert match.owners[right] == "new"


def test_equal_answers_leave_nothing_to_rate(tmp_path):
    rows = texts(10)
    both = [stand(finish(tmp_path / name, rows, {"fine_tune": 5})) for name in ("a", "b")]
    with pytest.raises(UserError, match="no common test row that they answered differently"):
        matches(*both, 0)


def test_a_session_keeps_each_choice_and_goes_on(pair, tmp_path):
    file = tmp_path / "out" / "ratings.jsonl"
    session = Session(*pair, file, 0)
    match = session.next()
    session.keep(match, match.answers.index(match.wanted))
    session.keep(session.next(), None)
    again = Session(*pair, file, 0)
    assert again.rated == 2 and again.next().row not in {match.row}
    assert [json.loads(line)["better"] for line in file.read_text().splitlines()] == ["new", "tie"]
    assert again.tally().wins == (0, 1) and again.tally().ties == 1


def test_ratings_of_other_runs_are_refused(pair, tmp_path):
    file = tmp_path / "ratings.jsonl"
    file.write_text(json.dumps({"row": "x", "better": "stranger", "first": "old"}) + "\n")
    with pytest.raises(UserError, match="rates other runs \\(stranger\\)"):
        Session(*pair, file, 0)


def test_the_count_has_an_interval_a_test_and_the_pull_of_the_first_place():
    ratings = [Rating("r", "a", "a")] * 9 + [Rating("r", "b", "a")] * 3 + [Rating("r", "tie", "b")] * 4
    found = tally(ratings, ("a", "b"))
    assert (found.wins, found.ties, found.share) == ((9, 3), 4, 0.75)
    assert found.p == pytest.approx(mcnemar(9, 3)) and found.placed_first == 0.75
    assert found.interval[0] < 0.75 < found.interval[1]
    assert tally([], ("a", "b")).share is None


def test_the_command_asks_keeps_and_tells(pair, tmp_path, command, monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO("1\nt\nx\nq\n"))
    code, out, _ = command(tmp_path, "rate", "old", "new", "--out", "r.jsonl")
    asked, count = out.rsplit("\n\n", 1)
    assert code == 0 and asked.count("--- ") == 3 and "'x' is not one of" in asked + count
    assert "old" not in asked and "ties: 1" in count
    assert len((tmp_path / "r.jsonl").read_text().splitlines()) == 2


def test_the_command_counts_as_json_without_asking(pair, tmp_path, command):
    code, out, _ = command(tmp_path, "rate", "old", "new", "--json")
    assert code == 0 and json.loads(out)["wins"] == [0, 0]
