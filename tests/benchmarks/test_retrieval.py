"""The benchmark of retrieval: its table on rows of our own, and the published figures of BM25 on public ones."""

import json

import pytest

from benchmarks import retrieval
from benchmarks.retrieval import Built, Search, figures, measure, searches


class Encoder:
    """Knows only how long a text is."""

    def embed(self, texts):
        import numpy as np

        angles = np.array([len(text) / 100 for text in texts])
        return np.stack([np.cos(angles), np.sin(angles)], axis=1).astype(np.float32)

    def cut(self, texts):
        return 1


@pytest.fixture
def own_rows(tmp_path, monkeypatch):
    passages = [{"doc_id": "a", "text": "red light. " * 20}, {"doc_id": "b", "text": "blue sea " * 3}]
    questions = [
        {"doc_id": "a", "question": "which light"},
        {"doc_id": "b", "question": "which light at sea"},
    ]
    for name, rows in (("passages", passages), ("questions", questions)):
        (tmp_path / f"{name}.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    monkeypatch.setattr(retrieval, "DATA", tmp_path)
    return Search("questions", "passages", chunk_words=10)


def test_a_line_for_each_index(own_rows):
    lines = list(
        measure(own_rows, [Built(kind=kind, encoder=Encoder()) for kind in ("bm25", "dense", "fused")])
    )
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    assert [row[2] for row in cells] == ["bm25", "dense, 1 of 5 texts cut", "fused, 1 of 5 texts cut"]
    assert all(row[:2] == ["questions", "passages, chunks of 10 words"] and row[3] == "2" for row in cells)
    assert cells[0][4].startswith("100.0% (34.2% to 100.0%)") and cells[0][7].startswith("1.000")


def test_figures_count_what_is_within_the_first():
    first, fifth, twentieth, mean = figures([[1], [3], [], [30]])
    assert (first[:5], fifth[:5], twentieth[:5]) == ("25.0%", "50.0%", "50.0%")
    assert mean.startswith(f"{(1 + 1 / 3 + 1 / 30) / 4:.3f}")


def test_every_search_is_named_once():
    found = list(searches(retrieval.SETS))
    assert len(set(found)) == len(found) == 1 + 2 + 8 + 14


@pytest.mark.data
@pytest.mark.parametrize(
    ("questions", "passages", "published"),
    [
        ("xquad/en", "xquad/corpus_en", "92.3"),
        ("xquad/zh", "xquad/corpus_zh", "93.0"),
        ("squadshifts_wiki/test", "squadshifts_wiki/corpus", "76.0"),
        ("covidqa/test", "covidqa/corpus", "56.0"),
    ],
)
def test_bm25_finds_as_often_as_published(shared_data, questions, passages, published):
    [line] = measure(Search(questions, passages), [Built(kind="bm25")])
    recall = line.split("|")[5].split("%")[0]
    assert float(recall) == pytest.approx(float(published), abs=1.0)
