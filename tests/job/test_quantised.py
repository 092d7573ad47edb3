"""A plan on a quantised base: run, told, published, merged as another model, and refused where it cannot be."""

import json
from pathlib import Path
from typing import Any

import pytest

import overtone
from overtone.core.errors import MissingExtra, UserError
from overtone.core.event import Event
from overtone.job.base_name import base_of
from overtone.models import low_bits
from overtone.train.artifact import read_card
from tests.job.plans import LORA, write_sorting

STAGE = {**LORA, "precision": "nf4", "epochs": 1}


@pytest.fixture(scope="module")
def packed(
    small_base: Any, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, dict[str, Any], list[str]]:
    folder, said = tmp_path_factory.mktemp("packed"), list[str]()
    plan = write_sorting(folder, small_base("bert"), ["majority", "fine_tune"], stages=[STAGE])

    def watch(event: Event) -> None:
        said.append(event.message)

    result = overtone.run(plan, watch=watch, runs=folder / "runs")
    return result.folder, result.contents, said


def test_the_run_says_how_much_memory_the_weights_take(
    packed: tuple[Path, dict[str, Any], list[str]],
) -> None:
    (told,) = {message for message in packed[2] if "nf4" in message}
    assert (
        told == "cpu, nf4 (linear layers packed, dense in each product: 0.1 MB of weights; 0.1 MB in float32)"
    )
    estimate = json.loads((packed[0] / "estimate.json").read_text())
    tuned = next(one for one in estimate["rivals"] if one["key"] == "fine_tune")
    assert 65_216 < tuned["weights"] < 80_000  # with its pairs; the base alone has 125,056 in float32


def test_the_published_model_answers_on_the_packed_base(
    packed: tuple[Path, dict[str, Any], list[str]],
) -> None:
    folder, contents, _ = packed
    assert read_card(folder / "adapter").precision == "nf4"
    places = {place["place"]: place["ok"] for place in contents["parity"]}
    assert places == {"reloaded from disk": True, "served over HTTP": True}
    assert len(overtone.predict(folder, folder.parent.parent / "test.csv")) == 18


def test_merged_it_is_told_to_be_another_model(packed: tuple[Path, dict[str, Any], list[str]]) -> None:
    folder, contents, _ = packed
    (section,) = (one for one in contents["sections"] if one["name"] == "merge_gap")
    gap = json.loads((folder / "merge_gap.json").read_text())
    assert gap["largest_difference"] > 1e-6
    assert f"differs by at most {gap['largest_difference']:.3g} " in section["sentences"][0]
    assert [row[0] for row in section["tables"][0]["rows"]] == ["on nf4", "merged onto float32"]
    assert (
        "merged"
        not in (folder / "report.html").read_text().split("<span>answers in memory")[1].split("</span>")[0]
    )
    merged = Path(base_of(str(folder), Path()))
    note = json.loads((merged / "merge.json").read_text())
    assert note["learned_on"] == "nf4" and note["largest_difference"] > 0 and note["texts"] > 10
    assert json.loads((merged / "lineage.json").read_text())["lineage"][0]["precision"] == "nf4"


@pytest.mark.parametrize("method", ["full", "top_layers"])
def test_weights_that_stay_packed_cannot_learn(small_base: Any, tmp_path: Path, method: str) -> None:
    stage = {"method": method, "precision": "int8"}
    plan = write_sorting(tmp_path, small_base("bert"), ["majority", "fine_tune"], stages=[stage])
    with pytest.raises(
        UserError,
        match=rf"stages\[0\].precision: 'int8' keeps the matrices .* packed, and '{method}' moves them: choose lora",
    ):
        overtone.run(plan, runs=tmp_path / "runs")
    assert not (tmp_path / "runs").exists()


def test_what_packs_must_be_there_before_any_work(
    small_base: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    find = low_bits.find_spec
    monkeypatch.setattr(low_bits, "find_spec", lambda name: None if name == low_bits.PACKAGE else find(name))
    plan = write_sorting(tmp_path, small_base("bert"), ["majority", "fine_tune"], stages=[STAGE])
    with pytest.raises(MissingExtra, match=r"pip install 'overtone\[quantized\]'"):
        overtone.run(plan, runs=tmp_path / "runs")
    assert not (tmp_path / "runs").exists()


def test_an_unknown_precision_is_refused_with_those_that_are_known(small_base: Any, tmp_path: Path) -> None:
    stage = {**LORA, "precision": "nf5"}
    plan = write_sorting(tmp_path, small_base("bert"), ["fine_tune"], stages=[stage])
    with pytest.raises(
        UserError, match=r"stages\[0\].precision: .*'nf4'.* not 'nf5'\..* Did you mean 'nf4'\?"
    ):
        overtone.load_plan(plan)
