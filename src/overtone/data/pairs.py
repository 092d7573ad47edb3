"""What is suspicious about preference pairs: pairs that contradict each other, and answers told apart by length."""

from collections.abc import Iterator, Sequence

from overtone.core.example import Example
from overtone.data.leakage import key

LEANING = (
    0.8  # share of pairs in which the longer answer was chosen, or the shorter one, from which it is told
)
FEWEST = 20  # pairs from which a share is worth a sentence


def pair_warnings(examples: Sequence[Example]) -> Iterator[str]:
    """What a person should know about these pairs before any training, in sentences."""
    pairs = [example for example in examples if example.rejected]
    wanted = {(key(pair), pair.completion, pair.rejected) for pair in pairs}
    turned = sum((asked, worse, better) in wanted for asked, better, worse in wanted) // 2
    if turned:
        stand = "pairs stand" if turned > 1 else "pair stands"
        yield f"{turned} {stand} the other way round too, the chosen answer rejected: nothing can be learned there."
    gains = [len(pair.completion) - len(pair.rejected) for pair in pairs]
    for word, count in (
        ("longer", sum(gain > 0 for gain in gains)),
        ("shorter", sum(gain < 0 for gain in gains)),
    ):
        if len(pairs) >= FEWEST and count >= LEANING * len(pairs):
            yield (
                f"In {count} of {len(pairs)} pairs the {word} answer is the chosen one; a model may learn length "
                "alone: compare it with 'answer_length'."
            )
