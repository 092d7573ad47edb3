"""Where trials are kept: a SQLite file of the search, or a database by its address."""

from pathlib import Path
from typing import Any

from overtone.core.errors import MissingExtra, UserError

PATIENCE_SECONDS = 60  # of a process that waits for another to finish writing
PACKAGES = {
    "psycopg": "'psycopg[binary]'",
    "psycopg2": "psycopg2-binary",
}  # by the names that SQLAlchemy gives drivers


def refuse_missing() -> None:
    """MissingExtra where the packages of searching are not installed."""
    from importlib.util import find_spec

    if find_spec("optuna") is None:
        raise MissingExtra("a search", "search")


def open_storage(address: str) -> Any:
    """Optuna's storage at an address such as `sqlite:///trials.db`; UserError where it cannot be reached."""
    import optuna
    from sqlalchemy.engine import make_url
    from sqlalchemy.exc import ArgumentError, NoSuchModuleError, SQLAlchemyError

    optuna.logging.set_verbosity(optuna.logging.ERROR)
    engine = {"connect_args": {"timeout": PATIENCE_SECONDS}} if address.startswith("sqlite") else {}
    try:
        return optuna.storages.RDBStorage(address, engine_kwargs=engine)
    except (ArgumentError, NoSuchModuleError, ValueError):
        raise UserError(
            f"--storage {without_password(address)} is no address of a database; give one such as "
            "postgresql://user@host/name, or leave it out for a file of the search."
        ) from None
    except ImportError:
        driver = make_url(address).get_dialect().driver
        package = PACKAGES.get(driver, driver)
        raise UserError(
            f"--storage {without_password(address)} needs a driver that is not installed: pip install {package}"
        ) from None
    except SQLAlchemyError as error:
        raise UserError(
            f"--storage {without_password(address)} cannot be used: {str(error).splitlines()[0]}"
        ) from None


def address_of(folder: Path) -> str:
    """The address of the SQLite file of a search."""
    return f"sqlite:///{(folder / 'trials.db').resolve()}"


def without_password(address: str) -> str:
    """The address as it may be shown."""
    scheme, separator, rest = address.partition("://")
    login, at, place = rest.rpartition("@")
    return f"{scheme}{separator}{login.partition(':')[0]}{at}{place}" if at else address
