"""Whether contrastive tuning finds more passages than the frozen encoder: covidqa, small enough for two cores.

    python -m benchmarks.passage_embeddings DATA FOLDER [ROWS]

DATA is the folder of public data sets. The passages that are searched are those of the test articles, and those that
the training and validation questions ask for; ROWS (400) questions are learned from, in the order of the file.
"""

import json
import sys
from pathlib import Path
from typing import Any

import overtone

ROWS, WORDS = 400, 60
STAGE = {"method": "full", "epochs": 2, "learning_rate": 3e-5, "batch_rows": 32}


def main(data: Path, folder: Path, rows: int) -> None:
    """Write the smaller set, run its plan, and say the scores."""
    folder.mkdir(parents=True, exist_ok=True)
    splits = {name: _lines(data / "covidqa" / f"{name}.jsonl") for name in ("train", "validation", "test")}
    splits["train"] = splits["train"][:rows]
    articles = {row["doc_id"]: row["text"] for row in _lines(data / "covidqa" / "corpus.jsonl")}
    searched = {row["doc_id"] for row in splits["test"]}
    _write(folder / "documents.jsonl", [{"id": name, "text": articles[name]} for name in sorted(searched)])
    for name, found in splits.items():
        read = (
            [{**row, "source": row["doc_id"]} for row in found]
            if name == "test"
            else [_with_passage(row, articles[row["doc_id"]]) for row in found]
        )
        _write(folder / f"{name}.jsonl", read)
    plan = {
        "task": {"name": "embed", "chunk_words": WORDS},
        "base": "builtin:minilm",
        "data": {name: f"{name}.jsonl" for name in (*splits, "documents")} | {"group": "source"},
        "stages": [STAGE],
    }
    (folder / "passages.yaml").write_text(json.dumps(plan))
    result = overtone.run(folder / "passages.yaml", runs=folder / "runs")
    for system in result.contents["systems"]:
        scores = {
            key: (one["value"], one["low"], one["high"], one["n"]) for key, one in system["scores"].items()
        }
        print(system["name"], json.dumps(scores), f"{system['training_seconds']:.0f} s")
        print("   against the best:", json.dumps(system["comparisons"].get("recall_at", {})))


def _with_passage(row: dict[str, Any], article: str) -> dict[str, Any]:
    """A question with the piece of its article in which its answer begins."""
    from overtone.core.example import Document, Example
    from overtone.job.pieces import found_piece, pieces_of

    whole = Document(row["doc_id"], article)
    labels = tuple(str(start) for start in row["answers"]["answer_start"])
    piece = found_piece(whole, pieces_of(whole, WORDS), Example("", labels=labels))
    return {"question": row["question"], "positive": piece.text, "source": row["doc_id"]}


def _lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def _write(path: Path, rows: list[dict[str, Any]]) -> None:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]) if len(sys.argv) > 3 else ROWS)
