"""What was said to requests: kept whole, read again, made only when there is something to keep."""

import json

from overtone.runs.kept import Kept, digest


def test_what_was_said_is_there_again_without_a_line_that_a_crash_tore(tmp_path):
    path = tmp_path / "inner" / "said.jsonl"
    kept = Kept(path)
    assert kept.find("a") is None and not path.parent.exists()
    kept.add("a", {"reply": "é\ud800"})
    kept.add("a", {"reply": "another"})  # what is kept stays
    kept.close()
    with path.open("ab") as file:
        file.write(b'{"request": "b", "rep')
    again = Kept(path)
    assert (again.find("a"), again.find("b")) == ({"reply": "é\ud800"}, None)
    again.add("b", {"reply": "yes"})
    again.close()
    lines = path.read_bytes().splitlines()
    assert [json.loads(line)["request"] for line in lines] == ["a", "b"]
    assert Kept(path).find("b") == {"reply": "yes"}


def test_a_closed_file_is_opened_again(tmp_path):
    kept = Kept(tmp_path / "said.jsonl")
    for name in "ab":
        kept.add(name, {})
        kept.close()
    assert Kept(tmp_path / "said.jsonl").find("b") == {}


def test_every_part_of_a_request_decides_its_name():
    names = {digest(*one) for one in [("u", {"a": 1}), ("v", {"a": 1}), ("u", {"a": 2}), ("u", {"b": 1})]}
    assert len(names) == 4
    assert digest("u", {"a": 1, "b": 2}) == digest("u", {"b": 2, "a": 1})


def test_what_others_hold_is_known_and_they_stay_as_they_are(tmp_path):
    other = Kept(tmp_path / "other.jsonl")
    other.add("a", {"reply": "old"})
    other.close()
    kept = Kept(tmp_path / "own.jsonl", tmp_path / "other.jsonl", tmp_path / "absent.jsonl")
    kept.add("b", {"reply": "new"})
    kept.close()
    assert (kept.find("a"), kept.find("b")) == ({"reply": "old"}, {"reply": "new"})
    assert Kept(tmp_path / "other.jsonl").find("b") is None
