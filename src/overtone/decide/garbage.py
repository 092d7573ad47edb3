"""Quick searches for garbage while rivals are measured: what the libraries loaded is not looked through each time."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def libraries_left_out() -> Iterator[None]:
    """What is alive now is no garbage until the end: a million objects of torch and transformers, half a second each.

    Used before any model is loaded, so that models still go when nothing holds them.
    """
    import torch  # noqa: F401
    import transformers.modeling_utils  # noqa: F401

    gc.collect()
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()
