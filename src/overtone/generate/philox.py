"""Random numbers without state: the number at a place of a stream is a function of seed and place alone.

Philox 4x32 with ten rounds: Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3", section 3.3.
"""

MULTIPLIERS = (0xD2511F53, 0xCD9E8D57)
INCREMENTS = (0x9E3779B9, 0xBB67AE85)  # added to the key between rounds
ROUNDS = 10
WORD = 0xFFFFFFFF

Words = tuple[int, int, int, int]


def philox(counter: Words, key: tuple[int, int]) -> Words:
    """Four random 32-bit words of a counter under a key."""
    (first, second, third, fourth), (left, right) = counter, key
    for _ in range(ROUNDS):
        low, high = MULTIPLIERS[0] * first, MULTIPLIERS[1] * third
        first, second, third, fourth = (
            (high >> 32) ^ second ^ left,
            high & WORD,
            (low >> 32) ^ fourth ^ right,
            low & WORD,
        )
        left, right = (left + INCREMENTS[0]) & WORD, (right + INCREMENTS[1]) & WORD
    return first, second, third, fourth


def uniform(seed: int, position: int) -> float:
    """The number of a position in the stream of a seed (taken modulo 2^64): 53 random bits in [0, 1)."""
    counter = (position & WORD, position >> 32 & WORD, 0, 0)
    high, low, _, _ = philox(counter, (seed & WORD, seed >> 32 & WORD))
    return ((high << 21) | (low >> 11)) / 2**53
