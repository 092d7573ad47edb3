import json

import pytest

from overtone.core.errors import UserError
from overtone.demo.library import articles
from overtone.demo.write import write_demo

SIZES = {"train": 40, "validation": 20, "test": 40}


def read(path):
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_files_and_columns(tmp_path) -> None:
    written = write_demo(tmp_path / "demo", sizes=SIZES)
    names = {str(path.relative_to(tmp_path / "demo")) for path in written}
    tasks = {f"{task}/{split}.jsonl" for task in ("sort", "sort_all", "answer") for split in SIZES}
    plans = {"sort.yaml", "sort_all.yaml", "answer.yaml"}
    assert names == tasks | plans | {"articles.jsonl"}
    assert {path for path in tmp_path.rglob("*") if path.is_file()} == set(written)
    columns = {"sort": ["id", "text", "label"], "sort_all": ["id", "text", "labels"]}
    columns["answer"] = ["id", "prompt", "completion", "article", "category"]
    for task, expected in columns.items():
        for split, size in SIZES.items():
            rows = read(tmp_path / "demo" / task / f"{split}.jsonl")
            assert len(rows) == size and all(list(row) == expected for row in rows)


def test_more_rows_to_learn_answers_from_leave_all_others_as_they_are(tmp_path) -> None:
    for name, rows in (("usual", 30), ("more", 60)):
        write_demo(tmp_path / name, sizes=SIZES, answer_rows=rows)
    changed = {
        str(path.relative_to(tmp_path / "usual"))
        for path in (tmp_path / "usual").rglob("*.*")
        if path.read_bytes() != (tmp_path / "more" / path.relative_to(tmp_path / "usual")).read_bytes()
    }
    assert changed == {"answer/train.jsonl"}
    assert len(read(tmp_path / "more" / "answer" / "train.jsonl")) == 60


def test_tasks_tell_the_same_mails(tmp_path) -> None:
    write_demo(tmp_path, sizes=SIZES)
    sort, sort_all, answer = (read(tmp_path / task / "test.jsonl") for task in ("sort", "sort_all", "answer"))
    for one, many, prompt in zip(sort, sort_all, answer, strict=True):
        assert one["text"] == many["text"] == prompt["prompt"]
        assert one["label"] == many["labels"][0] == articles()[prompt["article"]].category


def test_articles_file_holds_every_article(tmp_path) -> None:
    write_demo(tmp_path, sizes=SIZES)
    rows = read(tmp_path / "articles.jsonl")
    assert {row["id"] for row in rows} == set(articles())
    assert all(list(row) == ["id", "title", "text", "category"] for row in rows)


def test_the_same_content_is_left_alone(tmp_path) -> None:
    before = {path: path.stat().st_mtime_ns for path in write_demo(tmp_path, sizes=SIZES)}
    assert {path: path.stat().st_mtime_ns for path in write_demo(tmp_path, sizes=SIZES)} == before


def test_different_content_is_refused_and_nothing_is_written(tmp_path) -> None:
    taken = tmp_path / "sort" / "test.jsonl"
    taken.parent.mkdir()
    taken.write_text("mine\n")
    with pytest.raises(
        UserError, match=r"test\.jsonl holds something other than the demo; name another folder"
    ):
        write_demo(tmp_path, sizes=SIZES)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == [taken]
    assert taken.read_text() == "mine\n"


def test_another_seed_is_other_content(tmp_path) -> None:
    write_demo(tmp_path, sizes=SIZES)
    with pytest.raises(UserError, match="holds something other"):
        write_demo(tmp_path, seed=1, sizes=SIZES)


def test_a_file_in_the_place_of_a_folder_is_refused(tmp_path) -> None:
    (tmp_path / "sort").write_text("mine")
    with pytest.raises(UserError, match="holds something other"):
        write_demo(tmp_path, sizes=SIZES)
    assert [path.name for path in tmp_path.iterdir()] == ["sort"]


def test_the_plans_hold_and_find_their_rows(tmp_path):
    from overtone.data.load import load_data
    from overtone.plan import read_plan

    write_demo(tmp_path)
    for name in ("sort", "sort_all", "answer"):
        plan = read_plan(tmp_path / f"{name}.yaml")
        data = load_data(plan.data, plan.task, plan.seed, tmp_path)
        assert data.train and data.validation and not data.leaked and not data.account.files[0].dropped
        assert bool(data.documents) == (name == "answer")
