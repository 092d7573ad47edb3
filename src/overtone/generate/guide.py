"""Follows an answer through the form that it must have, and says which tokens may come next."""

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from overtone.core.errors import UserError
from overtone.generate.constraint import Constraint, matcher_class

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class Guide:
    """The state of one answer."""

    def __init__(self, constraint: Constraint, tokenizer: Any, vocabulary: int, end: frozenset[int]) -> None:
        """`end` are the tokens that may end the answer once its form is complete."""
        matcher = matcher_class()
        try:
            known = _vocabulary(tokenizer, vocabulary, end)
            self._matcher = matcher(known, constraint.grammar())
            problem = self._matcher.get_error()
        except ValueError as error:
            problem = str(error)
        if problem:
            raise UserError(f"the form of the answer is not understood: {problem.strip().splitlines()[0]}")
        self._vocabulary = vocabulary

    @property
    def done(self) -> bool:
        """Whether nothing can follow."""
        stopped: bool = self._matcher.is_stopped()
        return stopped

    def allowed(self) -> "NDArray[np.bool_]":
        """Which tokens may come next: (vocabulary,)."""
        import numpy as np

        bits = np.frombuffer(self._matcher.compute_bitmask(), dtype=np.uint8)
        return np.unpackbits(bits, bitorder="little", count=self._vocabulary).astype(bool)

    def take(self, token: int) -> None:
        """Go on by a token."""
        self._matcher.consume_token(token)


@lru_cache(maxsize=8)
def _vocabulary(tokenizer: Any, vocabulary: int, end: frozenset[int]) -> Any:
    """The tokenizer's words as llguidance reads them; making them takes up to a second."""
    from llguidance.hf import from_tokenizer

    return from_tokenizer(tokenizer, n_vocab=vocabulary, eos_token=sorted(end) or None)
