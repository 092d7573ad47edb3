import sys

import pytest

from overtone.core.errors import UserError
from overtone.search.storage import open_storage


@pytest.mark.parametrize(
    ("scheme", "module", "package"),
    [
        ("postgresql", "psycopg", "'psycopg[binary]'"),
        ("postgresql+psycopg2", "psycopg2", "psycopg2-binary"),
        ("mysql+pymysql", "pymysql", "pymysql"),
    ],
)
def test_a_driver_that_is_missing_is_named_as_pip_knows_it(monkeypatch, scheme, module, package):
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(UserError) as told:
        open_storage(f"{scheme}://me:secret@localhost/trials")
    assert str(told.value).endswith(f"needs a driver that is not installed: pip install {package}")
    assert "secret" not in str(told.value)
