"""Rows of a batch: what any way of computing the next logits offers to the decoder."""

from collections.abc import Iterable, Mapping
from typing import Any, Protocol

from torch import Tensor

from overtone.engine.hidden import plain
from overtone.generate.request import Request


class Rows(Protocol):
    """The keys and values of rows under way, whichever family they are of."""

    def add(self, row: int, request: Request) -> None:
        """A new row; its prompt is read in the next passes."""

    def drop(self, rows: Iterable[int]) -> None:
        """Forget rows."""

    def forward(self, newest: Mapping[int, int]) -> tuple[list[int], Tensor]:
        """One pass, given the newest token of the rows that have one: rows that are ready, and their logits.

        Logits are (ready rows, vocabulary). A row whose prompt is not yet read through is not ready.
        """


def rows_of(body: Any) -> Rows:
    """Our own network where the model's family is declared lean, else the library's model and cache."""
    from overtone.generate.beginning import BegunRows, beginning_of
    from overtone.generate.lean_rows import LeanRows
    from overtone.generate.library_rows import LibraryRows
    from overtone.generate.network import is_lean
    from overtone.generate.source_rows import SourceRows

    model = plain(body)
    if model.config.is_encoder_decoder:
        return SourceRows(body)
    beginning = beginning_of(body)
    if is_lean(model):
        return LeanRows(model, beginning)
    return LibraryRows(model) if beginning is None else BegunRows(model, beginning)
