"""How often the right passage is found: `python -m benchmarks.retrieval [SET ...] [--words-only]`.

The public sets lie in `../shared/data`. Only the texts of the passages are searched, not their titles. A passage with
the same score as the right one counts as ranked before it. `builtin:minilm` knows English alone: its figures in other
languages show what happens when it is used for them all the same.
"""

import argparse
import json
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.record import machine
from overtone.core.errors import UserError
from overtone.core.example import Document
from overtone.engine.remember import open_store, remembering
from overtone.evaluate.statistics.bca import bca
from overtone.evaluate.statistics.wilson import wilson
from overtone.retrieve.dense import DenseIndex
from overtone.retrieve.encoder import BaseEncoder, load_encoder
from overtone.retrieve.fused import FusedIndex
from overtone.retrieve.hit import Searcher
from overtone.retrieve.index import Index, LoadBase
from overtone.retrieve.indexes.bm25 import Bm25
from overtone.retrieve.library import Library
from overtone.retrieve.measures import ranks, recall_at, reciprocal_rank

DATA = Path(__file__).parents[2] / "shared" / "data"
LANGUAGES = ("en", "de", "es", "ru", "tr", "ar", "zh", "hi")
COUNTS = (1, 5, 20)
SETS = ("squadshifts", "covidqa", "xquad", "cross")
HEAD = (
    "| questions | passages | index | n | recall@1 | recall@5 | recall@20 | MRR | processor seconds |\n"
    "|---|---|---|---|---|---|---|---|---|"
)


@dataclass(frozen=True)
class Search:
    """Questions over passages; with `chunk_words`, over chunks of the passages."""

    questions: str  # a file
    passages: str
    chunk_words: int | None = None
    overlap_words: int = 0

    @property
    def over(self) -> str:
        """The passages in words."""
        return f"{self.passages}, chunks of {self.chunk_words} words" if self.chunk_words else self.passages


class KnownTexts:
    """An encoder that embeds each text once for all searches, and notes the seconds that this took."""

    def __init__(self, encoder: BaseEncoder) -> None:
        self.encoder = encoder
        self.vectors: dict[str, Any] = {}

    def embed(self, texts: Sequence[str]) -> Any:
        """Vectors of the texts: (texts, hidden)."""
        new = [text for text in dict.fromkeys(texts) if text not in self.vectors]
        if new:
            self.vectors |= dict(zip(new, self.encoder.embed(new), strict=True))
        return np.stack([self.vectors[text] for text in texts])

    def cut(self, texts: Sequence[str]) -> int:
        """How many are longer than what the encoder reads."""
        return self.encoder.cut(texts)


class Built(Index):
    """An index that gives what `make` makes; for this comparison alone."""

    kind: str
    encoder: Any = None

    def build(self, texts: Sequence[str], base: LoadBase) -> Searcher:
        """By words, by the shared encoder, or by both."""
        makers = {
            "bm25": lambda: Bm25().build(texts, base),
            "dense": lambda: DenseIndex(texts, self.encoder),
            "fused": lambda: FusedIndex([Bm25().build(texts, base), DenseIndex(texts, self.encoder)]),
        }
        found: Searcher = makers[self.kind]()
        return found


def main() -> None:
    """Measure the named sets and print a table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("sets", nargs="*", default=SETS, metavar="SET", help=", ".join(SETS))
    parser.add_argument("--words-only", action="store_true", help="BM25 alone, which takes seconds")
    given = parser.parse_args()
    if unknown := set(given.sets) - set(SETS):
        sys.exit(f"Error: no set is called {', '.join(sorted(unknown))}; allowed: {', '.join(SETS)}")
    try:
        indexes = [Built(kind="bm25")] if given.words_only else all_indexes()
        print(f"{machine()}\n\n{HEAD}")
        with remembering(open_store(print)):  # what an interrupted call has embedded is read again
            for search in searches(given.sets):
                for line in measure(search, indexes):
                    print(line, flush=True)
    except UserError as error:
        sys.exit(f"Error: {error}")
    except FileNotFoundError as error:
        sys.exit(f"Error: {error.filename} is not there; the public sets lie in {DATA}")


def all_indexes() -> list[Built]:
    """By words, by the built-in encoder, and both."""
    encoder = KnownTexts(load_encoder("builtin:minilm", missing_base))
    return [Built(kind=kind, encoder=encoder) for kind in ("bm25", "dense", "fused")]


def missing_base() -> Any:
    """No plan, no base."""
    raise LookupError("the encoder is named, so no base is asked for")


def searches(sets: Sequence[str]) -> Iterator[Search]:
    """The searches of the named sets, in their order."""
    if "squadshifts" in sets:
        yield Search("squadshifts_wiki/test", "squadshifts_wiki/corpus")
    if "covidqa" in sets:
        yield Search("covidqa/test", "covidqa/corpus")
        yield Search("covidqa/test", "covidqa/corpus", chunk_words=150, overlap_words=30)
    if "xquad" in sets:
        yield from (Search(f"xquad/{language}", f"xquad/corpus_{language}") for language in LANGUAGES)
    if "cross" in sets:
        yield from (Search(f"xquad/{language}", "xquad/corpus_en") for language in LANGUAGES[1:])
        yield from (Search("xquad/en", f"xquad/corpus_{language}") for language in LANGUAGES[1:])


def measure(search: Search, indexes: Sequence[Built]) -> Iterator[str]:
    """A line of the table for each index."""
    rows = read(search.questions)
    documents = [Document(row["doc_id"], row["text"]) for row in read(search.passages)]
    for index in indexes:
        start = time.process_time()
        library = Library(documents, index, missing_base, search.chunk_words, search.overlap_words)
        hits = library.search([row["question"] for row in rows], len(documents))
        seconds = time.process_time() - start
        gold = [
            {place for place, passage in enumerate(library.passages) if passage.id == row["doc_id"]}
            for row in rows
        ]
        found = [ranks(*pair) for pair in zip(hits, gold, strict=True)]
        cells = [
            search.questions,
            search.over,
            told(index, library),
            str(len(rows)),
            *figures(found),
            f"{seconds:.1f}",
        ]
        yield f"| {' | '.join(cells)} |"


def told(index: Built, library: Library) -> str:
    """The index, and how many texts its encoder read only in part."""
    cut = int(library.facts.get("texts_cut_by_encoder", 0))
    return f"{index.kind}, {cut} of {len(library.passages)} texts cut" if cut else index.kind


def figures(found: Sequence[Sequence[int]]) -> list[str]:
    """Recall with Wilson's interval and the mean reciprocal rank with its BCa interval, over the questions."""
    cells = []
    for count in COUNTS:
        right = sum(recall_at(one, 1, count) for one in found)
        low, high = wilson(right, len(found))
        cells.append(f"{right / len(found):.1%} ({low:.1%} to {high:.1%})")
    values = np.array([reciprocal_rank(one) for one in found])
    low, high = bca(values, seed=0)
    return [*cells, f"{values.mean():.3f} ({low:.3f} to {high:.3f})"]


def read(name: str) -> list[dict[str, Any]]:
    """The rows of a file of the public sets."""
    with (DATA / f"{name}.jsonl").open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


if __name__ == "__main__":
    main()
