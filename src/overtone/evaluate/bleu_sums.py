"""BLEU from its counts, over many sets at once."""

import numpy as np
from numpy.typing import NDArray

ORDERS = 4
Numbers = NDArray[np.float64]


def bleu(sums: Numbers, effective_order: bool = False) -> Numbers:
    """BLEU of counts (..., 10): found runs of 1 to 4 words, written runs, words given, words wanted.

    A length without any found run counts as half of one, then a quarter, and so on (Chen and Cherry 2014,
    method 3). With `effective_order` lengths that the text is too short for are left out, else they make it 0.
    """
    found, written = sums[..., :ORDERS], sums[..., ORDERS : 2 * ORDERS]
    given, wanted = sums[..., -2], sums[..., -1]
    empty = (found == 0) & (written > 0)
    halved = np.where(empty, 0.5 ** np.cumsum(empty, axis=-1), found)
    share = halved / np.maximum(written, 1)
    held = written > 0
    logs = np.log(share, out=np.zeros_like(share), where=held)
    orders = np.maximum(held.sum(axis=-1), 1) if effective_order else np.full(given.shape, ORDERS)
    short = np.exp(np.minimum(0, 1 - wanted / np.maximum(given, 1)))
    whole = found.any(axis=-1) & (held.all(axis=-1) | effective_order)
    value: Numbers = np.where(whole, short * np.exp(logs.sum(axis=-1) / orders), 0.0)
    return value
