"""McNemar's exact test: do two systems that answered the same rows differ in how many they get right?"""


def mcnemar(only_first: int, only_second: int) -> float:
    """Two-sided p of the rows that only one of them got right (McNemar 1947; binomial form).

    If both are equally good, either is the right one with probability 1/2. Computed in whole
    numbers of any size, so that nothing overflows or rounds.
    """
    n, fewer = int(only_first + only_second), int(min(only_first, only_second))
    ways = term = 1
    for index in range(fewer):
        term = term * (n - index) // (index + 1)
        ways += term
    return min(1.0, ways / (1 << max(0, n - 1)))
