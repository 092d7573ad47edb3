"""Whether intervals and tests keep their promises, by simulation: `python -m benchmarks.coverage [--quick]`.

Shares of independent rows need no simulation: their coverage is summed over all outcomes.
"""

import argparse
from collections.abc import Callable, Iterator
from math import sqrt

import numpy as np
from scipy.stats import binom

from overtone.evaluate.scores import pairs
from overtone.evaluate.statistics.bca import bca
from overtone.evaluate.statistics.detectable import detectable_mean, detectable_share
from overtone.evaluate.statistics.groups import group_bootstrap
from overtone.evaluate.statistics.holm import holm
from overtone.evaluate.statistics.mcnemar import mcnemar
from overtone.evaluate.statistics.paired_test import paired_mean_test
from overtone.evaluate.statistics.permutation import swap_test
from overtone.evaluate.statistics.resample import Numbers
from overtone.evaluate.statistics.seeds import compare_over_seeds, over_seeds
from overtone.evaluate.statistics.share import clustered_share, share_interval
from overtone.evaluate.statistics.student import widened
from overtone.evaluate.statistics.wilson import wilson

Random = np.random.Generator
Interval = tuple[float, float]

SHAPES: dict[str, tuple[Callable[[Random, int], Numbers], float]] = {
    "even": (lambda random, n: random.random(n), 0.5),
    "mostly high": (lambda random, n: random.beta(3, 0.6, n), 3 / 3.6),
    "near the top": (lambda random, n: random.beta(9, 1, n), 0.9),
    "at both ends": (lambda random, n: random.beta(0.6, 0.6, n), 0.5),
    "like token F1": (lambda random, n: f1_like(random, n), 0.3 + 0.6 * 4 / 7),
}
SYSTEMS = 5


def f1_like(random: Random, n: int) -> Numbers:
    """Row values of which 30 % are exactly 1 and 10 % exactly 0."""
    kind, between = random.random(n), random.beta(4, 3, n)
    return np.where(kind < 0.3, 1.0, np.where(kind < 0.4, 0.0, between))


def mean_of(sums: Numbers) -> Numbers:
    """A mean from the sum of the values and the number of rows, over the last axis."""
    return np.asarray(sums[..., 0] / sums[..., 1])


def share_coverage(interval: Callable[[float, float], Interval], share: float, n: int) -> float:
    """How often the interval of a share holds the truth, exactly: summed over all numbers of right rows."""
    ends = np.array([interval(right, n) for right in range(n + 1)])
    held = (ends[:, 0] <= share) & (share <= ends[:, 1])
    return float(binom.pmf(np.arange(n + 1), n, share)[held].sum())


def reachable(share: float, n: int, low: float = 0.93, high: float = 0.97) -> bool:
    """Whether any interval at all could cover so much: whether some run of outcomes has such a probability."""
    summed = np.concatenate([[0], np.cumsum(binom.pmf(np.arange(n + 1), n, share))])
    runs = summed[:, None] - summed[None, :]
    return bool(((runs >= low) & (runs <= high)).any())


def mean_coverage(shape: str, n: int, trials: int, resamples: int) -> float:
    """Coverage of the BCa interval of a mean of row values."""
    draw, truth = SHAPES[shape]
    random = np.random.default_rng([n, len(shape)])
    held = 0
    for trial in range(trials):
        low, high = bca(draw(random, n), trial, resamples=resamples, confidence=widened(n))
        held += low <= truth <= high
    return held / trials


def grouped_rows(random: Random, groups: int, share: float, alike: float, uneven: bool) -> Numbers:
    """Right rows and rows of each group; `alike` is the correlation of two rows of one group."""
    sizes = np.ceil(random.lognormal(1, 1, groups)) if uneven else random.integers(1, 10, groups)
    own = share
    if alike:
        scale = (1 - alike) / alike
        own = random.beta(share * scale, (1 - share) * scale, groups)
    return np.stack([random.binomial(sizes.astype(int), own), sizes], axis=1).astype(np.float64)


def grouped_coverage(
    groups: int, share: float, alike: float, uneven: bool, trials: int
) -> tuple[float, float]:
    """Coverage of the interval of a share whose rows come in groups, and of Wilson's, which takes them for alone."""
    random = np.random.default_rng([groups, int(100 * share), int(100 * alike), uneven])
    held = np.zeros(2)
    for _ in range(trials):
        rows = grouped_rows(random, groups, share, alike, uneven)
        right, sizes = rows.sum(axis=0)
        found = clustered_share(rows[:, 0], rows[:, 1]), wilson(right, sizes)
        held += [low - 1e-12 <= share <= high + 1e-12 for low, high in found]
    return tuple(held / trials)


def grouped_mean_coverage(groups: int, alike: float, trials: int, resamples: int) -> float:
    """Coverage of the BCa interval over groups, of row values near 0.8 that share a part within their group."""
    random = np.random.default_rng([groups, int(100 * alike)])
    held = 0
    for trial in range(trials):
        sizes = random.integers(1, 10, groups)
        common, own = random.beta(8, 2, groups), [random.beta(8, 2, size) for size in sizes]
        sums = [alike * size * one + (1 - alike) * rest.sum() for size, one, rest in zip(sizes, common, own)]
        tallies = np.stack([sums, sizes], axis=1).astype(np.float64)
        low, high = group_bootstrap(tallies, tallies[:, 1], mean_of, trial, resamples=resamples)
        held += low <= 0.8 <= high
    return held / trials


Test = Callable[[Numbers, Numbers, int, int], float]  # two systems (units, sums), seed, resamples


def by_mcnemar(first: Numbers, second: Numbers, seed: int, resamples: int) -> float:
    """Exact McNemar of rows that are right or wrong."""
    change = first[:, 0] - second[:, 0]
    return mcnemar(int((change > 0).sum()), int((change < 0).sum()))


def by_bootstrap(first: Numbers, second: Numbers, seed: int, resamples: int) -> float:
    """The studentised paired bootstrap of row values."""
    return paired_mean_test(first[:, 0] - second[:, 0], seed, resamples)


def by_permutation(first: Numbers, second: Numbers, seed: int, resamples: int) -> float:
    """The paired permutation of groups."""
    return swap_test(first, second, mean_of, seed, resamples)


def equal_rights(random: Random) -> list[Numbers]:
    """Systems that are right on 85 % of 200 rows, some of which are hard for all."""
    ease = random.beta(1.7, 0.3, 200)
    return [with_ones((random.random(200) < ease).astype(np.float64)) for _ in range(SYSTEMS)]


def equal_values(random: Random) -> list[Numbers]:
    """Systems whose values on 60 rows are drawn alike."""
    ease = random.beta(3, 1, 60)
    return [with_ones(0.5 * ease + 0.5 * f1_like(random, 60)) for _ in range(SYSTEMS)]


def equal_groups(random: Random) -> list[Numbers]:
    """Systems on 40 groups of rows, each system good at other groups."""
    sizes = random.integers(1, 10, 40)
    skills = random.beta(4, 1, (SYSTEMS, 40))
    return [np.stack([random.binomial(sizes, skill), sizes], axis=1).astype(np.float64) for skill in skills]


def with_ones(values: Numbers) -> Numbers:
    """Row values as tallies: the value, and one."""
    return np.stack([values, np.ones_like(values)], axis=1)


FAMILIES: dict[str, tuple[Callable[[Random], list[Numbers]], Test]] = {
    "exact McNemar": (equal_rights, by_mcnemar),
    "paired bootstrap": (equal_values, by_bootstrap),
    "permutation of groups": (equal_groups, by_permutation),
}


def family_alarms(name: str, trials: int, resamples: int) -> tuple[float, float, float]:
    """How often any of five equal systems is told from the best.

    With Holm over all pairs, with Holm over the comparisons made, and without correction.
    """
    make, test = FAMILIES[name]
    random = np.random.default_rng(len(name))
    alarms = np.zeros(3)
    for trial in range(trials):
        systems = make(random)
        best = max(range(SYSTEMS), key=lambda one: float(mean_of(systems[one].sum(axis=0))))
        values = [
            test(system, systems[best], trial, resamples) for one, system in enumerate(systems) if one != best
        ]
        found = holm(values, pairs(SYSTEMS)), holm(values), values
        alarms += [min(corrected) < 0.05 for corrected in found]
    return tuple(alarms / trials)


def share_power(n: int, discordance: float, trials: int) -> float:
    """How often McNemar's test finds the difference that is said to be the smallest it can show."""
    difference = detectable_share(n, discordance)
    differ = max(discordance, difference)
    shares = [(differ + difference) / 2, (differ - difference) / 2, 1 - differ]
    drawn = np.random.default_rng(n).multinomial(n, shares, trials)
    return float(np.mean([mcnemar(gained, lost) < 0.05 for gained, lost, _ in drawn]))


def mean_power(n: int, trials: int, resamples: int) -> float:
    """The same for the paired bootstrap of row differences with a standard deviation of 0.2."""
    random = np.random.default_rng(n)
    rows = random.normal(detectable_mean(n, 0.2), 0.2, (trials, n))
    return float(np.mean([paired_mean_test(row, trial, resamples) < 0.05 for trial, row in enumerate(rows)]))


def seeds_kept(seeds: int, n: int, spread: float, trials: int) -> tuple[float, float]:
    """Coverage of the interval over seeds and rows, and false alarms between equal systems.

    A row is right where its ease, its run's luck (normal, of this spread) and chance add to more than 0.
    """
    random = np.random.default_rng([seeds, n, int(100 * spread)])
    truth = share_of_right(spread)
    kept = np.zeros(2)
    for _ in range(trials):
        ease = random.normal(EASE, HARDNESS, n)
        first, second = (
            (random.normal(ease + random.normal(0, spread, (seeds, 1)), 1, (seeds, n)) > 0).astype(np.float64)
            for _ in range(2)
        )
        score = over_seeds(first)
        kept += [score.low <= truth <= score.high, compare_over_seeds(first, second).p < 0.05]
    return tuple(kept / trials)


EASE, HARDNESS = 1.7, 1.7


def share_of_right(spread: float) -> float:
    """The share of right rows over all rows and runs of `seeds_kept`."""
    from scipy.special import ndtr

    return float(ndtr(EASE / sqrt(HARDNESS**2 + 1 + spread**2)))


def lines(trials: int, resamples: int) -> Iterator[str]:
    """All results as Markdown tables."""
    yield "| share | rows | Wilson | taken | 93-97 % can be reached |\n|---|---|---|---|---|"
    for share in (0.5, 0.9, 0.99):
        for n in (20, 100, 1000):
            plain, taken = (100 * share_coverage(one, share, n) for one in (wilson, share_interval))
            can = "yes" if reachable(share, n) else "no"
            yield f"| {share} | {n} | {plain:.1f} % | {taken:.1f} % | {can} |"
    yield "\n| row values | 20 rows | 100 | 1000 |\n|---|---|---|---|"
    for shape in SHAPES:
        found = [mean_coverage(shape, n, trials, resamples) for n in (20, 100, 1000)]
        yield f"| {shape} | " + " | ".join(f"{100 * one:.1f} %" for one in found) + " |"
    yield "\n| groups | share | alike | sizes | taken | Wilson |\n|---|---|---|---|---|---|"
    for groups in (10, 20, 50, 200):
        for share, alike in ((0.5, 0.0), (0.5, 0.1), (0.5, 0.5), (0.9, 0.1), (0.9, 0.5), (0.99, 0.1)):
            for uneven in (False, True):
                taken, plain = grouped_coverage(groups, share, alike, uneven, trials)
                sizes = "uneven" if uneven else "1-9"
                yield f"| {groups} | {share} | {alike} | {sizes} | {100 * taken:.1f} % | {100 * plain:.1f} % |"
    yield "\n| groups | alike | mean of values over groups |\n|---|---|---|"
    for groups in (10, 20, 50, 200):
        for alike in (0.2, 0.8):
            held = grouped_mean_coverage(groups, alike, trials, resamples)
            yield f"| {groups} | {alike} | {100 * held:.1f} % |"
    yield from promises(trials, resamples)


def promises(trials: int, resamples: int) -> Iterator[str]:
    """False alarms, power, and runs over seeds."""
    yield "\n| test | Holm over all pairs | over those made | none |\n|---|---|---|---|"
    for name in FAMILIES:
        found = family_alarms(name, trials, resamples)
        yield f"| {name} | " + " | ".join(f"{100 * one:.1f} %" for one in found) + " |"
    yield "\n| power at the smallest difference | rows | found |\n|---|---|---|"
    for n, discordance in ((20, 0.4), (100, 0.1), (100, 0.3), (1000, 0.1), (3000, 0.05)):
        found_share = share_power(n, discordance, 10 * trials)
        yield f"| McNemar, discordance {discordance} | {n} | {100 * found_share:.1f} % |"
    for n in (20, 100, 400):
        yield f"| paired bootstrap | {n} | {100 * mean_power(n, trials, resamples):.1f} % |"
    yield "\n| seeds | rows | spread | coverage | false alarms |\n|---|---|---|---|---|"
    for seeds, n, spread in ((3, 100, 0.0), (3, 100, 0.2), (3, 1000, 0.2), (3, 1000, 0.5), (5, 1000, 0.2)):
        held, alarms = seeds_kept(seeds, n, spread, trials)
        yield f"| {seeds} | {n} | {spread} | {100 * held:.1f} % | {100 * alarms:.1f} % |"


def main() -> None:
    """Print every table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--quick", action="store_true", help="200 trials of 400 resamples: seconds, rougher")
    given = parser.parse_args()
    for line in lines(*((200, 400) if given.quick else (2000, 1000))):
        print(line, flush=True)


if __name__ == "__main__":
    main()
