"""Work whose bits depend on its companions, as a matrix product's may, and a recipe for it."""

from dataclasses import dataclass, field

import pytest
import torch

from overtone.engine.remember import Recipe, Store, Values

ROWS = [tuple(range(start, start + 3 + start % 5)) for start in range(0, 400, 7)]


@dataclass
class Worker:
    """Computes three numbers a token; the last bits of each depend on which rows are computed together."""

    rows: list = field(default_factory=list)
    calls: int = 0

    def __call__(self, rows):
        self.calls += 1
        self.rows += rows
        together = sum(sum(row) for row in rows)
        results = [torch.tensor(row, dtype=torch.float32)[:, None] * torch.ones(3) for row in rows]
        return Values.one_each([result + together * 2**-10 for result in results])


@pytest.fixture
def worker():
    return Worker()


@pytest.fixture
def recipe():
    return Recipe(name="builtin:fake", base="weights", kind="states", versions={"torch": "1"})


@pytest.fixture
def said():
    return []


@pytest.fixture
def open_again(tmp_path, said):
    """Opens the same folder as another process would: with nothing in memory."""

    def again(limit=10**9):
        return Store(tmp_path / "store", limit, said.append)

    return again
