"""Trials as a study keeps them, as outcomes."""

from typing import Any

from optuna.trial import TrialState

from overtone.core.score import Score
from overtone.search.outcome import Outcome, State
from overtone.search.queue import REASON

VALUES, MEASURES, SCORE = "values", "measures", "score"
STATES: dict[TrialState, State] = {
    TrialState.COMPLETE: "finished",
    TrialState.PRUNED: "pruned",
    TrialState.FAIL: "failed",
    TrialState.RUNNING: "running",
    TrialState.WAITING: "waiting",
}


def read_outcomes(study: Any, count: int) -> list[Outcome]:
    """The first `count` trials, by number."""
    return [_outcome(frozen) for frozen in study.get_trials(deepcopy=False)[:count]]


def _outcome(frozen: Any) -> Outcome:
    attributes = frozen.user_attrs
    score = attributes.get(SCORE)
    seconds = (
        (frozen.datetime_complete - frozen.datetime_start).total_seconds()
        if frozen.datetime_complete and frozen.datetime_start
        else 0.0
    )
    return Outcome(
        number=frozen.number,
        state=STATES[frozen.state],
        values=attributes.get(VALUES, {}),
        measures=attributes.get(MEASURES, {}),
        score=Score(**score) if score else None,
        reason=attributes.get(REASON, ""),
        validations=[frozen.intermediate_values[step] for step in sorted(frozen.intermediate_values)],
        seconds=seconds,
    )
