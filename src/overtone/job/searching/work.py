"""Working through the queue of a search: trial after trial until none waits or the time is over."""

import errno
import gc
import shutil
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from optuna.trial import Trial, TrialState

from overtone.core.event import Event, Watch, unwatched
from overtone.decide.garbage import libraries_left_out
from overtone.job.searching.rows import Rows
from overtone.job.searching.trial import Judged, Pruned, Seen, judge_trial, trial_folder, tried
from overtone.job.searching.values import with_values
from overtone.plan import Plan
from overtone.search.measures import COSTS, directions, excess, objectives_of
from overtone.search.outcome import Outcome, winner
from overtone.search.queue import REASON, make_pruner, open_study, put_back, take
from overtone.search.read import MEASURES, SCORE, VALUES, read_outcomes
from overtone.search.sampling import make_sampler
from overtone.search.space import Space
from overtone.search.storage import open_storage

Clock = Callable[[], float]
DISK = {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES}


@dataclass(frozen=True)
class Search:
    """All that the trials of a search share. `plan` is as in its file, but for its base's lasting name."""

    plan: Plan
    space: Space
    rows: Rows
    folder: Path
    address: str  # of the storage
    count: int  # of trials

    @cached_property
    def objectives(self) -> tuple[str, ...]:
        """What is to be best, the first deciding."""
        return objectives_of(self.plan.search, self.plan.task)

    @cached_property
    def prunes(self) -> bool:
        """Whether bad trials end early: validations tell of quality, not of costs."""
        return self.plan.search.prunes and self.objectives[0] not in COSTS

    @cached_property
    def study(self) -> Any:
        """The trials in their storage."""
        settings = self.plan.search
        return open_study(
            str(self.plan.name),
            open_storage(self.address),
            directions(self.objectives),
            make_sampler(settings.sampler, self.plan.seed),
            make_pruner(self.prunes),
        )

    @property
    def outcomes(self) -> list[Outcome]:
        """The trials as they stand."""
        return read_outcomes(self.study, self.count)

    @property
    def winner(self) -> Outcome | None:
        """The best trial so far."""
        return winner(self.outcomes, self.objectives[0], self.plan.search.constraints)


def work(search: Search, worker: str, deadline: float, clock: Clock, watch: Watch = unwatched) -> None:
    """Carry out waiting trials; none begins after the deadline."""
    with libraries_left_out():
        while clock() < deadline and (trial := take(search.study, search.count, worker)) is not None:
            try:
                carry_out(search, trial, watch)
            except (KeyboardInterrupt, SystemExit, OSError):
                put_back(search.study, trial)
                raise
            gc.collect()
            tidy(search)
            watch(progress(search, trial.number))


def carry_out(search: Search, trial: Trial, watch: Watch) -> None:
    """Propose, train, judge and store one trial. What goes wrong in it fails the trial, not the search."""
    folder = trial_folder(search.folder, trial.number)
    values = search.space.suggest(trial)
    trial.set_user_attr(VALUES, values)

    def heard(event: Event) -> None:
        if event.phase.startswith("train "):
            watch(replace(event, phase=f"trial {trial.number}"))

    try:
        plan = with_values(search.plan, values)
        names = (*search.objectives, *search.plan.search.constraints)
        folds = search.plan.search.folds
        judged = judge_trial(plan, search.rows, folder, names, _seen(search, trial), heard, folds)
    except Pruned:
        search.study.tell(trial, state=TrialState.PRUNED)
    except Exception as error:
        if isinstance(error, OSError) and error.errno in DISK:  # which would fail every trial
            raise
        trial.set_user_attr(REASON, f"{type(error).__name__}: {error}")
        search.study.tell(trial, state=TrialState.FAIL)
    else:
        _store(search, trial, judged)


def _seen(search: Search, trial: Trial) -> Seen:
    """Reports validations to the pruner, each once, however often the trial began."""
    known = set(search.study.get_trials(deepcopy=False)[trial.number].intermediate_values)

    def seen(number: int, quality: float) -> None:
        if not search.prunes or number in known:
            return
        known.add(number)
        trial.report(quality, number)
        if trial.should_prune():
            raise Pruned

    return seen


def _store(search: Search, trial: Trial, judged: Judged) -> None:
    """Keep all that was measured, then say that the trial is over."""
    trial.set_user_attr(MEASURES, dict(judged.measures))
    trial.set_user_attr(SCORE, asdict(judged.score))
    for name, over in excess(search.plan.search.constraints, judged.measures).items():
        if name not in trial.constraints:
            trial.set_constraint(name, over)
    search.study.tell(trial, [judged.measures[name] for name in search.objectives])


def tidy(search: Search) -> None:
    """Keep the trained model of the best trial alone: the others' answers are no longer needed."""
    best = search.winner
    for one in search.outcomes:
        if one.state in ("finished", "pruned", "failed") and (best is None or one.number != best.number):
            shutil.rmtree(trial_folder(search.folder, one.number), ignore_errors=True)


def progress(search: Search, number: int) -> Event:
    """How far the search is, what came of one trial, and the best so far."""
    outcomes = search.outcomes
    over = sum(one.state in ("finished", "pruned", "failed") for one in outcomes)
    one, best, name = outcomes[number], search.winner, search.objectives[0]
    came = f"{name} {one.measures[name]:.4g}" if one.state == "finished" else one.state
    numbers = {f"best {name}": best.measures[name]} if best else {}
    told = f"trial {number} {came}{': ' + one.reason if one.reason else ''} ({tried(dict(one.values))})"
    return Event("search", over, search.count, numbers, told)
