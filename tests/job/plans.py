"""Small jobs on disk: rows, documents and a plan beside them."""

import csv
import json
from pathlib import Path
from typing import Any

WORDS = ("sun", "rain", "wind")
OTHERS = ("red", "tree", "go", "far", "blue")
LORA = {"method": {"name": "lora", "rank": 4}, "epochs": 2, "batch_rows": 8, "checkpoint_steps": 3}
Rows = list[dict[str, str]]


def rows(count: int, first: int = 0) -> Rows:
    """Texts that hold one of three words and a number of their own, so that none stands twice."""
    found = []
    for number in range(first, first + count):
        word = WORDS[number % 3]
        found.append({"text": f"{OTHERS[number % 5]} {word} number {number}", "label": word})
    return found


def write_csv(path: Path, found: Rows) -> None:
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, list(found[0]))
        writer.writeheader()
        writer.writerows(found)


def write_jsonl(path: Path, found: list[dict[str, Any]]) -> None:
    path.write_text("".join(json.dumps(row) + "\n" for row in found))


def write_sorting(folder: Path, base: Path, rivals: list[str], **changes: Any) -> Path:
    """A plan that sorts: 72 rows to train on, 18 to test on, of which the first two stand in train too."""
    folder.mkdir(parents=True, exist_ok=True)
    train = rows(72)
    repeated = [{**row, "text": f"  {row['text'].upper()}!"} for row in train[:2]]
    write_csv(folder / "train.csv", train)
    write_csv(folder / "test.csv", [*repeated, *rows(16, first=100)])
    plan = {
        "task": {"name": "classify", "bar": 0.5},
        "base": str(base),
        "data": {"train": "train.csv", "test": "test.csv"},
        "stages": [LORA],
        "decide": {"rivals": rivals},
        **changes,
    }
    return save_plan(folder / "sort.yaml", plan)


def write_answering(folder: Path, base: Path) -> Path:
    """A plan that answers, with documents; the last rival reads one of them in its prompt."""
    folder.mkdir(parents=True, exist_ok=True)
    found = [
        {"prompt": row["text"], "completion": f"{row['label']} it is", "documents": [row["label"]]}
        for row in rows(60)
    ]
    write_jsonl(folder / "answers.jsonl", found)
    write_jsonl(
        folder / "articles.jsonl",
        [{"id": word, "title": word, "text": f"all about {word} and more"} for word in WORDS],
    )
    noted = {"name": "fine_tune", "label": "noted", "documents": 1}
    plan = {
        "task": {"name": "answer", "max_tokens": 8, "system_prompt": "Be brief."},
        "base": str(base),
        "data": {"train": "answers.jsonl", "documents": "articles.jsonl"},
        "stages": [{**LORA, "epochs": 1}],
        "decide": {"rivals": ["canned_reply", "retrieval", "fine_tune", noted]},
    }
    return save_plan(folder / "answer.yaml", plan)


def save_plan(path: Path, plan: dict[str, Any]) -> Path:
    """JSON is YAML too."""
    path.write_text(json.dumps(plan))
    return path
