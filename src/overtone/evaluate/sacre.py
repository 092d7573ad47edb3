"""Whether sacrebleu is there, which counts for BLEU and TER."""

from importlib.util import find_spec

from overtone.core.errors import MissingExtra


def need_sacrebleu(metric: str) -> None:
    """MissingExtra where sacrebleu is not installed."""
    if find_spec("sacrebleu") is None:
        raise MissingExtra(f"the metric '{metric}'", "metrics")
