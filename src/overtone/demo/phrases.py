"""From a pattern to a sentence: `(a|b)` picks one wording, `{month}` a value of that slot."""

import re
from collections.abc import Mapping, Sequence
from random import Random

ALTERNATIVES = re.compile(r"\(([^()]*\|[^()]*)\)")
SLOT = re.compile(r"\{(\w+)\}")


def phrase(pattern: str, values: Mapping[str, str], rng: Random) -> str:
    """Fill one pattern; a sentence starts with a capital whatever its first slot holds."""
    chosen = ALTERNATIVES.sub(lambda match: rng.choice(match[1].split("|")), pattern)
    filled = SLOT.sub(lambda match: values[match[1]], chosen)
    return filled[:1].upper() + filled[1:]


def draw_values(slots: Mapping[str, Sequence[str]], rng: Random) -> dict[str, str]:
    """Draw one value a slot, so that a whole e-mail speaks of the same month, town and person."""
    return {name: rng.choice(options) for name, options in slots.items()}
