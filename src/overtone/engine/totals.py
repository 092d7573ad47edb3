"""How likely whole answers are: the log-probabilities of the learned tokens of each row, added up."""

from collections.abc import Sequence

from torch import Tensor, nn

from overtone.engine.row import Row
from overtone.engine.score import learned_log_probabilities


def total_log_probabilities(body: nn.Module, rows: Sequence[Row]) -> Tensor:
    """Natural-log probability of all learned tokens of each row given what stands before them: (rows,)."""
    values, index = learned_log_probabilities(
        body, [row.tokens for row in rows], [row.learned for row in rows]
    )
    return values.new_zeros(len(rows)).index_add(0, index, values)
