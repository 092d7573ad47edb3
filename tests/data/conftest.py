"""What the data tests share: files written for a test, the tasks, and the public data where they are."""

from collections.abc import Callable
from pathlib import Path

import pytest

from overtone.core.task import Task

PUBLIC = Path(__file__).resolve().parents[3] / "shared" / "data"


@pytest.fixture
def public() -> Path:
    if not PUBLIC.is_dir():
        pytest.skip("the public data are not beside the project")
    return PUBLIC


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str, str | bytes], Path]:
    def write_file(name: str, content: str | bytes) -> Path:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write_file


@pytest.fixture
def classify() -> Task:
    return Task.model_validate("classify")


@pytest.fixture
def several() -> Task:
    return Task.model_validate({"name": "classify", "multi_label": True})


@pytest.fixture
def answer() -> Task:
    return Task.model_validate("answer")


@pytest.fixture
def prefer() -> Task:
    return Task.model_validate("prefer")
