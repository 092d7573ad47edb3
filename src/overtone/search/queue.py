"""The queue of a search: its trials are laid out beforehand, each waiting, running, or over, and taken one by one.

A trial keeps its number and its parameters over crashes: one that was running when its process died waits again.
So the number of trials is met exactly, and what a search proposes does not depend on where it was interrupted.
"""

import contextlib
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import optuna
from optuna.trial import Trial, TrialState

ATTEMPTS = "attempts"
REASON = "reason"
WORKER = "worker"  # whose process took the trial
MOST_ATTEMPTS = 3  # starts of one trial after which it is held to be what kills its process
KILLED = f"its process died {MOST_ATTEMPTS} times"


def open_study(name: str, storage: Any, directions: Sequence[str], sampler: Any, pruner: Any) -> Any:
    """The study of a search, made or found."""
    return optuna.create_study(
        storage=storage,
        study_name=name,
        directions=list(directions),
        sampler=sampler,
        pruner=pruner,
        load_if_exists=True,
    )


def make_pruner(prunes: bool, factor: int = 3) -> Any:
    """Asynchronous successive halving over validations: at the 1st, 3rd, 9th, ... only the best third goes on.

    Li et al. 2018, "A System for Massively Parallel Hyperparameter Tuning", arXiv 1810.05934, algorithm 2.
    """
    if not prunes:
        return optuna.pruners.NopPruner()
    return optuna.pruners.SuccessiveHalvingPruner(min_resource=1, reduction_factor=factor)


def lay_out(study: Any, count: int, points: Sequence[Mapping[str, Any]] = ()) -> None:
    """Bring the queue to `count` trials; the first have the parameters of `points`, where there are any."""
    there = len(study.get_trials(deepcopy=False))
    for number in range(there, count):
        study.enqueue_trial(dict(points[number]) if number < len(points) else {})


def take(study: Any, count: int, worker: str) -> Trial | None:
    """The next waiting trial of the first `count`, now running; None where none waits.

    Its values are proposed when they are asked for; one that was begun before keeps those that it had.
    """
    storage = study._storage
    for frozen in study.get_trials(deepcopy=False, states=(TrialState.WAITING,)):
        with contextlib.suppress(optuna.exceptions.UpdateFinishedTrialError):
            if frozen.number < count and storage.set_trial_state_values(
                frozen._trial_id, state=TrialState.RUNNING
            ):
                trial = Trial(study, frozen._trial_id)
                trial.set_user_attr(WORKER, worker)
                trial.set_user_attr(ATTEMPTS, frozen.user_attrs.get(ATTEMPTS, 0) + 1)
                return trial
    return None


def put_back(study: Any, trial: Trial) -> None:
    """Let a trial wait again that was stopped on purpose: the attempt does not count."""
    trial.set_user_attr(ATTEMPTS, trial.user_attrs[ATTEMPTS] - 1)
    study._storage.set_trial_state_values(trial._trial_id, state=TrialState.WAITING)


def recover(study: Any, dead: Callable[[str], bool]) -> int:
    """Let trials of dead workers wait again, or fail where their workers died too often; how many wait."""
    waiting = 0
    for frozen in study.get_trials(deepcopy=False, states=(TrialState.RUNNING,)):
        if not dead(frozen.user_attrs.get(WORKER, "")):
            continue
        again = frozen.user_attrs.get(ATTEMPTS, 0) < MOST_ATTEMPTS
        if not again:
            study._storage.set_trial_user_attr(frozen._trial_id, REASON, KILLED)
        state = TrialState.WAITING if again else TrialState.FAIL
        study._storage.set_trial_state_values(frozen._trial_id, state=state)
        waiting += again
    return waiting
