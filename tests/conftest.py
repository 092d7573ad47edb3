"""What all tests share: one thread each, no network, and small bases made once a session."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

os.environ.setdefault("HF_HUB_OFFLINE", "1")
os.environ.setdefault("OMP_NUM_THREADS", "1")


@pytest.fixture(scope="session", autouse=True)
def cache_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Remembered work of the tests lies in a folder of their own, never in the user's."""
    folder = tmp_path_factory.mktemp("cache")
    os.environ["OVERTONE_CACHE"] = str(folder)
    return folder


@pytest.fixture(scope="session")
def small_base(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """Gives the folder of a small random base of a family, made on first use."""
    from tests.small import write_base

    made: dict[str, Path] = {}

    def folder(model_type: str) -> Path:
        if model_type not in made:
            made[model_type] = write_base(tmp_path_factory.mktemp("base") / model_type, model_type)
        return made[model_type]

    return folder


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of public data beside the project; tests that need it are skipped where it is not there."""
    folder = Path(__file__).parent.parent.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("the public data sets are not beside the project")
    return folder
