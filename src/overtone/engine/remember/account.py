"""What remembering spared and what it cost: the counts that a run reports."""

from dataclasses import dataclass


@dataclass
class Account:
    """Counts since a store was opened.

    `hits` and `misses` are rows asked for; `computed` are rows really computed, which include the companions of
    a row whose chunk had to be computed again. `spared_seconds` is what the hits took when they were computed.
    """

    hits: int = 0
    misses: int = 0
    computed: int = 0
    bytes_read: int = 0
    bytes_written: int = 0
    damaged: int = 0
    seconds: float = 0.0  # spent on computing
    spared_seconds: float = 0.0

    def told(self) -> str:
        """The account in words, for a run's report."""
        read, computed = f"{self.hits:,} rows of frozen work read", f"{self.misses:,} computed"
        return f"{read}, {computed}; reading them spared {self.spared_seconds:,.1f} s"
