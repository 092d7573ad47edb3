"""Work that does not change, remembered: computed once, kept on disk, read by epochs, folds, rivals and commands.

What is remembered is a pure function of a recipe (everything that the bytes depend on) and of a row. Rows are
computed in chunks, and which rows made a chunk stays known after its values are evicted, so that computing it
again gives the same bits. See `docs/why/remember.md`.
"""

from overtone.engine.remember.account import Account
from overtone.engine.remember.reading import Compute
from overtone.engine.remember.recipe import Recipe, make_recipe
from overtone.engine.remember.remembered import remembered
from overtone.engine.remember.store import Store, current_store, open_store, remembering, spared_seconds
from overtone.engine.remember.values import Row, Values

__all__ = [
    "Account",
    "Compute",
    "Recipe",
    "Row",
    "Store",
    "Values",
    "current_store",
    "make_recipe",
    "open_store",
    "remembered",
    "remembering",
    "spared_seconds",
]
