"""The queue of trials: the count is met exactly, and a search that died proposes what it would have proposed."""

import optuna
import pytest

from overtone.search.queue import MOST_ATTEMPTS, lay_out, make_pruner, open_study, put_back, recover, take
from overtone.search.sampling import STARTUP, make_sampler
from overtone.search.settings import Dimension
from overtone.search.space import Space, as_parameters
from overtone.search.storage import address_of, open_storage, without_password

SPACE = Space(
    {
        "method": Dimension.model_validate(["full", {"name": "lora", "rank": 4}]),
        "rate": Dimension.model_validate({"low": 1e-4, "high": 1e-1, "log": True}),
        "rows": Dimension.model_validate({"low": 4, "high": 64, "when": {"method": "full"}}),
    }
)
COUNT = STARTUP + 6


def study_in(folder, sampler="random", directions=("maximize",), prunes=False):
    storage = open_storage(address_of(folder))
    return open_study("search", storage, directions, make_sampler(sampler, 7), make_pruner(prunes))


def value(values):
    return -abs(values["rate"] - 0.01) - 0.001 * values.get("rows", 0)


def finish(study, trial):
    values = SPACE.suggest(trial)
    study.tell(trial, value(values))
    return values


def search(folder, sampler, die_at=()):
    """Every proposal of a search by number; at some trials its process dies, with its values already proposed."""
    study = study_in(folder, sampler)
    points = [as_parameters(point) for point in SPACE.grid(7)] if sampler == "grid" else ()
    count = min(COUNT, len(points)) if points else COUNT
    lay_out(study, count, points)
    found = {}
    while trial := take(study, count, "here"):
        if trial.number in die_at:
            die_at = tuple(number for number in die_at if number != trial.number)
            found[f"died {trial.number}"] = SPACE.suggest(trial)
            study = study_in(folder, sampler)  # another process
            assert recover(study, lambda worker: worker == "here") == 1
            lay_out(study, count, points)
            continue
        found[trial.number] = finish(study, trial)
    return found


@pytest.mark.parametrize("sampler", ["random", "grid", "tpe"])
def test_a_search_that_died_proposes_what_it_would_have(tmp_path, sampler):
    for name in ("whole", "died"):
        (tmp_path / name).mkdir()
    whole = search(tmp_path / "whole", sampler)
    died = search(tmp_path / "died", sampler, die_at=(2, len(whole) - 2))
    for number in (2, len(whole) - 2):
        assert died.pop(f"died {number}") == whole[number]
    assert died == whole
    assert len({str(values) for values in whole.values()}) == len(whole)


def test_tpe_learns_and_proposes_nearer_to_the_best(tmp_path):
    found = search(tmp_path, "tpe")
    later = [abs(found[number]["rate"] - 0.01) for number in range(STARTUP, COUNT)]
    assert min(later) < 0.01 and sum(one < 0.02 for one in later) >= len(later) - 2


def test_a_grid_goes_over_its_points_in_order(tmp_path):
    found = search(tmp_path, "grid")
    assert list(found.values()) == SPACE.grid(7)[: len(found)]


def test_two_takers_never_get_the_same_trial_and_the_count_is_met(tmp_path):
    first, second = study_in(tmp_path), study_in(tmp_path)
    lay_out(first, 5)
    lay_out(second, 5)
    taken = []
    while trial := take((first, second)[len(taken) % 2], 5, f"worker {len(taken)}"):
        taken.append(trial.number)
    assert taken == [0, 1, 2, 3, 4]
    assert len(first.get_trials()) == 5


def test_fewer_trials_leave_the_rest_waiting_and_more_are_added(tmp_path):
    study = study_in(tmp_path)
    lay_out(study, 3)
    assert take(study, 1, "here").number == 0
    assert take(study, 1, "here") is None
    lay_out(study, 4)
    assert [trial.number for trial in study.get_trials()] == [0, 1, 2, 3]


def test_a_trial_that_kills_its_process_again_and_again_fails(tmp_path):
    study = study_in(tmp_path)
    lay_out(study, 1)
    for _ in range(MOST_ATTEMPTS):
        assert take(study, 1, "here") is not None
        recover(study, lambda worker: True)
    assert take(study, 1, "here") is None
    (trial,) = study.get_trials()
    assert trial.state.name == "FAIL" and "died 3 times" in trial.user_attrs["reason"]


def test_a_stop_on_purpose_is_no_attempt_and_another_machine_s_trial_is_left_alone(tmp_path):
    study = study_in(tmp_path)
    lay_out(study, 1)
    for _ in range(MOST_ATTEMPTS + 1):
        put_back(study, take(study, 1, "here"))
    assert take(study, 1, "there") is not None
    assert recover(study, lambda worker: worker == "here") == 0
    assert study.get_trials()[0].state.name == "RUNNING"


def test_asha_lets_the_best_third_go_on(tmp_path):
    study = study_in(tmp_path, prunes=True)
    lay_out(study, 9)
    went_on = []
    while trial := take(study, 9, "here"):
        SPACE.suggest(trial)
        trial.report((0.5, 0.4, 0.3, 0.9, 0.1, 0.2, 0.05, 0.8, 0.95)[trial.number], 1)
        pruned = trial.should_prune()
        went_on += [] if pruned else [trial.number]
        study.tell(trial, None if pruned else 1.0, state=optuna.trial.TrialState.PRUNED if pruned else None)
    assert went_on == [0, 3, 7, 8]  # each was among the best third of those that had come so far


def test_a_password_is_never_shown():
    assert without_password("postgresql://me:secret@host/name") == "postgresql://me@host/name"
    assert without_password("sqlite:///trials.db") == "sqlite:///trials.db"
