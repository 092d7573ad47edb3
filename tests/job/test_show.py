"""`data show --base`: what a trainer sees of rows whose targets are taken from all of them."""

from collections.abc import Callable
from pathlib import Path

import pytest

from overtone.core.errors import UserError
from overtone.job.show import show_file
from tests.job.plans import write_jsonl

SmallBase = Callable[[str], Path]


@pytest.mark.parametrize(
    ("task", "rows", "learned"),
    [
        ("regress", [{"text": "so it is", "score": number} for number in (1, 2, 6)], 0),
        (
            "tag",
            [{"tokens": ["so", "it"], "tags": ["O", "B-X"]}, {"tokens": ["is"], "tags": ["B-Y"]}],
            2,
        ),
    ],
)
def test_the_objective_has_seen_the_rows(
    small_base: SmallBase, tmp_path: Path, task: str, rows: list[dict[str, object]], learned: int
) -> None:
    write_jsonl(tmp_path / "rows.jsonl", rows)
    seen = show_file(tmp_path / "rows.jsonl", str(small_base("bert")), task, 1, {})
    assert len(seen["examples"]) == 1
    assert sum(wanted for _, wanted in seen["examples"][0]["pieces"]) == learned


def test_named_columns_say_what_a_file_is_for(tmp_path: Path) -> None:
    write_jsonl(tmp_path / "rows.jsonl", [{"facts": "name[X]", "wanted": "X is a pub."}] * 3)
    seen = show_file(tmp_path / "rows.jsonl", None, None, 0, {"prompt": "facts", "completion": "wanted"})
    assert (seen["task"], seen["kept"]) == ("answer", 3)


def test_a_plan_shows_the_rows_that_it_trains_on_as_it_reads_them(tmp_path: Path) -> None:
    (tmp_path / "likes.csv").write_text("before,after\na; b,c\nd,e\n")
    plan = tmp_path / "plan.yaml"
    plan.write_text(
        "task: embed\nbase: some/base\ndata: {train: likes.csv, columns: {query: before, positive: after}}\n"
        "stages: [{method: lora}]\n"
    )
    contents = show_file(plan, None, None, 3, {})
    assert contents["task"] == "embed" and contents["columns"] == {"query": "before", "positive": "after"}
    assert [row["target"] for row in contents["examples"]] == ["c", "e"]
    with pytest.raises(UserError, match="leave --task and --column out"):
        show_file(plan, None, "classify", 3, {})
