"""What attention over a stream is asked for, beside queries, keys and values."""

from dataclasses import dataclass

from overtone.engine.attention.calls import Calls
from overtone.engine.stream import Segment


@dataclass(frozen=True, slots=True)
class Ask:
    """As `attend`; `window` is None where it is wider than every row."""

    segments: tuple[Segment, ...]
    calls: Calls
    causal: bool
    scale: float
    window: int | None = None
    softcap: float | None = None
    dropout: float = 0.0

    @property
    def is_plain(self) -> bool:
        """Whether nothing but causality hides a token of the same row, and nothing bends the products."""
        return self.window is None and self.softcap is None and not self.dropout
