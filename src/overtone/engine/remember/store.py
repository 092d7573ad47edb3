"""The store of remembered work as one run sees it: its folder, its limit, what it counts and what it says."""

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path

from overtone.engine.remember.account import Account
from overtone.engine.remember.book import Book
from overtone.engine.remember.bound import Bound
from overtone.engine.remember.recipe import Recipe
from overtone.engine.remember.settings import cache_folder, limit_bytes

Say = Callable[[str], None]


def unheard(message: str) -> None:
    """What a store says where nobody listens."""


class Store:
    """Remembers in a folder. Trouble with the disk ends its writing, with a word, and never the run."""

    def __init__(self, folder: Path, limit: int, say: Say = unheard) -> None:
        self.folder, self.bound, self.account = folder, Bound(folder, limit), Account()
        self.writes = True
        self._books: dict[str, Book] = {}
        self._say, self._said = say, set[str]()

    def book(self, recipe: Recipe) -> Book:
        """The folder of a recipe."""
        return self._books.setdefault(recipe.digest, Book(self.folder, recipe))

    def reopen(self, recipe: Recipe) -> Book:
        """Read a recipe's folder afresh: another process may have cleared it and begun it anew."""
        self._books.pop(recipe.digest, None)
        return self.book(recipe)

    def renew(self, recipe: Recipe) -> Book:
        """Delete the folder of a recipe whose ledger is damaged, and begin it anew."""
        self.damaged("The ledger of remembered work was damaged; the work is done again.")
        shutil.rmtree(self.book(recipe).folder, ignore_errors=True)
        return self.reopen(recipe)

    def damaged(self, message: str) -> None:
        """Count damage; the first is told."""
        self.account.damaged += 1
        self.tell(message)

    def tell(self, message: str) -> None:
        """Say something once."""
        if message not in self._said:
            self._said.add(message)
            self._say(message)

    def stop(self, trouble: Exception) -> None:
        """Write no more in this run; what is there is still read."""
        if self.writes:
            self.writes = False
            self.tell(f"Nothing more is remembered in {self.folder} in this run: {trouble}")

    def flush(self) -> None:
        """Bring the counts of rows served to the disk, for `overtone cache show`."""
        for book in self._books.values() if self.writes else ():
            counted, book.counted = book.counted, Account()
            try:
                if (counted.hits or counted.misses) and book.folder.exists():
                    book.ledger.count(counted.hits, counted.misses)
            except (OSError, sqlite3.Error) as trouble:
                self.stop(trouble)


_current: ContextVar[Store | None] = ContextVar("overtone_store", default=None)


def open_store(say: Say = unheard) -> Store | None:
    """The user's store as the environment sets it, or None where its limit is 0."""
    limit = limit_bytes()
    return Store(cache_folder(), limit, say) if limit else None


def current_store() -> Store | None:
    """The store that work at this place remembers in, or None: then nothing reaches the disk."""
    return _current.get()


def spared_seconds() -> float:
    """What reading instead of computing has spared so far at this place: a clock of work adds what came to it."""
    store = current_store()
    return store.account.spared_seconds if store is not None else 0.0


@contextmanager
def remembering(store: Store | None) -> Iterator[Store | None]:
    """Remember frozen work in a store while the context lasts.

    Commands that answer strangers do not enter it, so that no question of theirs is ever kept.
    """
    token = _current.set(store)
    try:
        yield store
    finally:
        _current.reset(token)
        if store is not None:
            store.flush()
