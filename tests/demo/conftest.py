from typing import Any

import pytest

from overtone.demo.emails import generate

Splits = dict[str, list[dict[str, Any]]]


@pytest.fixture(scope="session")
def splits() -> Splits:
    """The demo at its default sizes and seed."""
    return generate()
