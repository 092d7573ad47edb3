"""The gate for continuous integration: which runs may not pass, and why, in words."""

from collections.abc import Sequence

from overtone.evaluate.report.numbers import chance, interval, percent
from overtone.job.comparing.pair import Paired
from overtone.job.comparing.standing import Standing


def below(runs: Sequence[Standing], bar: float, shown: bool) -> list[str]:
    """Runs whose score lies below a bar; with `shown` those whose interval does not lie wholly above it."""
    found = []
    for run in runs:
        reached = run.score(run.key)
        if (reached.low if shown else reached.value) < bar:
            words = f"{run.metric.heading} {percent(reached.value)} {interval(reached)}, n = {reached.n}"
            found.append(f"'{run.name}' is below {percent(bar)}: {words}.")
    return found


def regressed(pairs: Sequence[Paired], margin: float | None) -> list[str]:
    """Runs clearly worse than the reference; with a margin those not shown to be within it (non-inferiority).

    The interval of the difference must lie above -margin (Blackwelder 1982): too few rows then do not pass.
    """
    found = []
    for one in pairs:
        if one.worse if margin is None else one.comparison.low < -margin:
            difference = one.comparison
            told = f"{percent(difference.difference, True)} points {interval(difference, True)}"
            reason = (
                "is worse than"
                if margin is None
                else f"is not shown to be within {percent(margin)} points of"
            )
            chances = f"p {chance(difference.p_corrected)}, n = {one.score.n}"
            found.append(f"'{one.run.name}' {reason} '{one.reference.name}': {told}, {chances}.")
    return found
