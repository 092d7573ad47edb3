"""A session of blind rating, kept in a file and gone on with at any time."""

from collections.abc import Iterator
from pathlib import Path

from overtone.job.comparing.rating import Match, Tally, keep_rating, matches, read_ratings, tally
from overtone.job.comparing.standing import stand
from overtone.runs.run import Run


class Session:
    """Rows of two runs to rate, one after the other."""

    def __init__(self, first: Run, second: Run, file: Path, seed: int) -> None:
        self.names = (first.name, second.name)
        self.file = file
        self._ratings = read_ratings(file, self.names)
        known = {rating.row for rating in self._ratings}
        self._left: Iterator[Match] = iter(
            [match for match in matches(stand(first), stand(second), seed) if match.row not in known]
        )

    @property
    def rated(self) -> int:
        """Rows rated so far, in this and in earlier sessions."""
        return len(self._ratings)

    def next(self) -> Match | None:
        """The next row to rate; None where all are rated."""
        return next(self._left, None)

    def keep(self, match: Match, choice: int | None) -> None:
        """Keep a choice: the place of the better answer, or None for a tie."""
        self._ratings.append(keep_rating(self.file, match, choice))

    def tally(self) -> Tally:
        """The count of all ratings."""
        return tally(self._ratings, self.names)
