"""The demo on disk: rows to sort (one label, all labels) and to answer, help articles, and a plan for each."""

import json
from collections.abc import Iterable, Mapping
from importlib import resources
from pathlib import Path
from typing import Any

from overtone.core.errors import UserError
from overtone.demo.emails import SIZES, generate
from overtone.demo.library import articles

PLANS = resources.files("overtone.demo") / "plans"
# The columns of each task's files, and what they are called in a row of the generator.
TASKS: dict[str, dict[str, str]] = {
    "sort": {"id": "id", "text": "text", "label": "label"},
    "sort_all": {"id": "id", "text": "text", "labels": "labels"},
    "answer": {
        "id": "id",
        "prompt": "text",
        "completion": "answer",
        "article": "article",
        "category": "label",
    },
}

# Writing answers takes a hundred times as long as sorting: the demo's five minutes hold fewer of them.
FEWER = {"train": 320, "validation": 60, "test": 100}


def write_demo(
    folder: Path, seed: int = 0, sizes: Mapping[str, int] = SIZES, answer_rows: int | None = None
) -> list[Path]:
    """Write the demo's files under `folder` and return their paths.

    Answers are learned from `answer_rows` e-mails, where that is given.
    A file that already holds the same bytes is left alone. If any file holds something else, UserError is
    raised before anything is written.
    """
    contents = {folder / name: text.encode() for name, text in render(seed, sizes, answer_rows).items()}
    for path, content in contents.items():
        if is_taken(path, content):
            raise UserError(f"{path} holds something other than the demo; name another folder or remove it.")
    for path, content in contents.items():
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            part = path.with_name(f"{path.name}.part")
            part.write_bytes(content)
            part.replace(path)
    return list(contents)


def is_taken(path: Path, content: bytes) -> bool:
    """Say whether something else stands at the path, or a file where one of its folders must be."""
    if any(parent.exists() and not parent.is_dir() for parent in path.parents):
        return True
    return path.exists() and not (path.is_file() and path.read_bytes() == content)


def render(seed: int, sizes: Mapping[str, int], answer_rows: int | None = None) -> dict[str, str]:
    """Return every file's text by its name under the demo's folder."""
    files = {"articles.jsonl": json_lines(article_rows())}
    files |= {path.name: path.read_text("utf-8") for path in PLANS.iterdir() if path.name.endswith(".yaml")}
    usual = generate(sizes, seed)
    answered = {split: rows[: FEWER[split]] for split, rows in usual.items()}
    if answer_rows is not None:
        answered["train"] = generate({"train": answer_rows}, seed)["train"]
    for task, columns in TASKS.items():
        for split, rows in (answered if task == "answer" else usual).items():
            files[f"{task}/{split}.jsonl"] = json_lines(pick(row, columns) for row in rows)
    return files


def article_rows() -> list[dict[str, str]]:
    """Return the help articles as documents for retrieval."""
    return [
        {"id": article.id, "title": article.title, "text": article.text, "category": article.category}
        for article in articles().values()
    ]


def pick(row: Mapping[str, Any], columns: Mapping[str, str]) -> dict[str, Any]:
    """Return the named columns of a row under their new names."""
    return {new: row[old] for new, old in columns.items()}


def json_lines(rows: Iterable[Mapping[str, Any]]) -> str:
    """Return the rows as JSON Lines."""
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
