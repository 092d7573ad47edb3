"""The error a user can act on: what is wrong, where, what is allowed, what to do."""

from collections.abc import Iterable, Mapping
from difflib import get_close_matches


class UserError(Exception):
    """A slip of the user's, told in one sentence; commands print it and exit with code 2."""

    exit_code = 2


class RunFailed(Exception):
    """A run that did its work and must not be believed (parity broken, loss not finite); exit code 1."""

    exit_code = 1


class MissingExtra(UserError):
    """A feature whose packages are not installed, with the command that installs them."""

    def __init__(self, feature: str, extra: str) -> None:
        super().__init__(f"{feature} needs packages that are not installed: pip install 'overtone[{extra}]'")


def said_here(name: str, elsewhere: Mapping[str, str]) -> str:
    """Return ` Here it is 'x'.` for a name that other tools have for it, or nothing."""
    said = elsewhere.get(str(name).lower().replace("-", "_").replace(" ", "_"))
    return f" Here it is '{said}'." if said else ""


def nearest(name: str, known: Iterable[str]) -> str:
    """Return ` Did you mean 'x'?` for the closest known name, or nothing when none is close."""
    originals = {option.lower(): option for option in known}
    near = get_close_matches(str(name).lower(), originals, n=1)
    return f" Did you mean '{originals[near[0]]}'?" if near else ""
