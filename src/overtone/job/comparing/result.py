"""Runs compared, or a task over its runs: sections to read, and what may not pass the gate."""

from collections.abc import Sequence

from overtone.evaluate.judges.keeping import keeping
from overtone.job.comparing.gate import below, regressed
from overtone.job.comparing.pair import pair_all
from overtone.job.comparing.sections import histories, same_rows, verdicts
from overtone.job.comparing.standing import ROWS, Standing, stand
from overtone.job.comparing.transfer import transfer
from overtone.job.found import Found
from overtone.runs.run import Run


def compare_runs(
    runs: Sequence[Run],
    fail_below: float | None = None,
    shown: bool = False,
    no_regression: bool = False,
    margin: float | None = None,
) -> Found:
    """The verdicts of all runs, and each against the first on the rows they share."""
    standings = [stand(run) for run in runs]
    with keeping(*(run.folder for run in runs)):
        pairs = pair_all(standings[1:], standings[0])
        failures = below(standings, fail_below, shown) if fail_below is not None else []
        if no_regression:
            failures += regressed(pairs, margin)
            failures += _strangers(standings, {one.run.name for one in pairs})
        sections = [verdicts(standings), transfer(standings), same_rows(pairs)]
    return Found("Runs compared", tuple(one for one in sections if one is not None), tuple(failures))


def history_of(runs: Sequence[Run]) -> Found:
    """Each task over its models, for runs that kept their test rows and were judged on the same."""
    kept = [run for run in runs if (run.folder / ROWS).exists()]
    if not kept:
        return Found("History", ())
    with keeping(*(run.folder for run in kept)):
        return Found("History", tuple(histories([stand(run) for run in kept])))


def _strangers(standings: Sequence[Standing], known: set[str]) -> list[str]:
    """Runs that share no row with the reference: nothing says that they are no worse."""
    return [
        f"'{run.name}' shares no test row with '{standings[0].name}', so nothing shows that it is no worse."
        for run in standings[1:]
        if run.name not in known
    ]
