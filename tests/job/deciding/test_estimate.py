"""The estimate: told before the run, kept beside what it took, and without a trace in the run's bits."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from overtone import api
from overtone.core.event import Event
from overtone.core.example import Document
from overtone.decide.rivals.majority import Majority
from overtone.job.deciding import decision
from overtone.job.deciding.estimate import Estimate
from overtone.job.deciding.in_turn import characters
from overtone.job.deciding.probe import Foretold, _passages, few_rows
from tests.job.plans import LORA, write_sorting

RIVALS = ["majority", "tfidf", "fine_tune"]


@pytest.fixture(scope="module")
def write(small_base: Callable[[str], Path]) -> Callable[[Path], Path]:
    """A plan of two epochs."""
    return lambda folder: write_sorting(folder, small_base("bert"), RIVALS, stages=[LORA])


@pytest.fixture(scope="module")
def decided(write: Callable[[Path], Path], tmp_path_factory: pytest.TempPathFactory):
    folder, events = tmp_path_factory.mktemp("estimated"), list[Event]()
    result = api.decide(write(folder), runs=folder / "runs", watch=events.append)
    return result, events


def test_it_is_told_before_anything_is_prepared(decided) -> None:
    phases = [event.phase for event in decided[1]]
    assert phases.index("test rows") < phases.index("estimate") < phases.index("prepare majority")
    (told,) = [event.message for event in decided[1] if event.phase == "estimate"]
    assert told.startswith("measuring takes about ")
    assert "MB of disk" in told


def test_estimated_and_actual_stand_side_by_side(decided) -> None:
    result, _ = decided
    kept = json.loads((result.folder / "estimate.json").read_text())
    assert set(kept["actual"]) == {one["key"] for one in kept["rivals"]} == set(RIVALS)
    assert kept["estimated"]["work"] == pytest.approx(
        sum(one["work"] * (1 + kept["repeated"].get(one["key"], 0)) for one in kept["rivals"])
    )
    (section,) = (one for one in result.contents["sections"] if one["name"] == "estimate")
    (sentence,) = section["sentences"]
    error = sum(one["cpu"] for one in kept["rivals"]) / sum(one["cpu"] for one in kept["actual"].values()) - 1
    assert f"{error:+.0%}) of a processor" in sentence
    for row, one in zip(section["tables"][0]["rows"], kept["rivals"], strict=True):
        assert row[1] == one["work"]
        assert row[2] == kept["actual"][one["key"]]["work"] > 0
        assert row[3] == pytest.approx(row[1] / row[2] - 1)
        assert row[5] == kept["actual"][one["key"]]["cpu"] > 0


def test_the_disk_is_that_of_the_candidate(decided) -> None:
    result, _ = decided
    (tuned,) = (
        one for one in json.loads((result.folder / "estimate.json").read_text())["rivals"] if one["kept"]
    )
    places = (result.folder / "candidates" / "fine_tune", result.folder / "checkpoints" / "fine_tune")
    found = sum(path.stat().st_size for place in places for path in place.rglob("*") if path.is_file())
    assert tuned["kept"] == pytest.approx(found, rel=0.2)
    assert tuned["most"] > tuned["kept"]


def test_the_run_has_the_same_bits_with_and_without_it(decided, write, tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(decision, "read_or_make", lambda work: None)
    other = api.decide(write(tmp_path), runs=tmp_path / "runs")
    assert not (other.folder / "estimate.json").exists()

    def said(folder: Path) -> list:
        lines = (folder / "answers" / "fine_tune.jsonl").read_text().splitlines()
        return [json.loads(line)["probabilities"] for line in lines]

    assert said(other.folder) == said(decided[0].folder)


def test_parts_of_the_rows_share_none_and_hold_several_classes(write, tmp_path, monkeypatch) -> None:
    seen = []
    monkeypatch.setattr(
        decision,
        "read_or_make",
        lambda work: seen.append((few_rows(work, tmp_path / "stores"), work.data)) or exit_here(),
    )

    class Enough(Exception):
        pass

    def exit_here():
        raise Enough

    with pytest.raises(Enough):
        api.decide(write(tmp_path), runs=tmp_path / "runs")
    ((parts, data),) = seen
    ids = [{row.id for row in part.materials.train} for part in parts]
    assert not ids[0] & ids[1] | ids[1] & ids[2] | ids[0] & ids[2]
    whole = characters([*data.train, *data.validation])
    for part in parts:
        assert len({row.labels for row in part.materials.train}) > 1
        assert part.of * characters([*part.materials.train, *part.materials.validation]) == pytest.approx(
            whole
        )
    assert len({part.store.folder for part in parts}) == len(parts)


def test_the_command_foretells_alone_and_keeps_nothing(write, tmp_path, command, monkeypatch) -> None:
    monkeypatch.setattr(Majority, "probed", False)
    write(tmp_path)
    code, out, _ = command(tmp_path, "estimate", "sort.yaml", "--json")
    found = json.loads(out)
    assert code == 0
    assert [one["key"] for one in found["rivals"]] == ["tfidf", "fine_tune"]
    assert found["left_out"] == ["majority"]
    assert found["repeated"] == {"tfidf": 0.875}
    assert not (tmp_path / "runs").exists()


def test_repetitions_and_what_is_shared_are_counted() -> None:
    rivals = (
        Foretold("a", 10.0, 8.0, 100.0, fresh=0.5, kept=5, most=9),
        Foretold("b", 1.0, 1.0, 50.0, kept=2, most=8),
    )
    found = Estimate(rivals, {"a": 2.0}, 1.0, ("c",))
    assert (found.work, found.cpu, found.seconds) == (31.0, 25.0, 26.0)
    assert (found.megabytes, found.kept, found.most) == (100.0, 7, 13)
    assert "not tried: c" in found.told()


def test_of_many_documents_each_try_has_as_large_a_part_as_of_the_rows() -> None:
    documents = [Document(str(place), chr(97 + place) * 200_000) for place in range(4)]
    (first, second) = _passages(documents, 0.2, 0.375)
    assert (first.id, first.text) == ("0", "a" * 40_000)
    assert (second.id, second.text) == ("1", "b" * 100_000)
    (rest,) = _passages(documents, 0.375, 0.5)
    assert (rest.id, rest.text) == ("1", "b" * 100_000)
    few = [Document("short", "a" * 40_000)]
    assert _passages(few, 0.2, 0.3) == few
