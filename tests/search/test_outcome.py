"""The winner, the constraints and the Pareto set; optimism; importance; sections."""

import pytest

from overtone.core.errors import UserError
from overtone.core.score import Score
from overtone.core.tasks.classify import ClassifyTask
from overtone.evaluate.statistics.wilson import wilson
from overtone.search.choice import choice_section, importance_section
from overtone.search.importance import importance
from overtone.search.measures import directions, excess, objectives_of
from overtone.search.optimism import optimism
from overtone.search.outcome import Outcome, pareto, winner
from overtone.search.settings import Dimension, SearchSettings
from overtone.search.trials import trials_section

RATE = Dimension.model_validate({"low": 1e-4, "high": 1e-2, "log": True})
METHOD = Dimension.model_validate(["full", "lora"])
SPACE = {"stages.0.learning_rate": RATE, "stages.0.method": METHOD}


def trial(number, accuracy, seconds, state="finished", rate=1e-3, method="full"):
    values = {"stages.0.learning_rate": rate, "stages.0.method": method}
    measures = {"accuracy": accuracy, "seconds_per_answer": seconds} if state == "finished" else {}
    return Outcome(number, state, values, measures)


TRIALS = [
    trial(0, 0.80, 0.010),
    trial(1, 0.90, 0.050),
    trial(2, 0.90, 0.050, method="lora"),
    trial(3, 0.85, 0.060),
    trial(4, 0.99, 0.001, "pruned"),
    trial(5, 0.95, 0.200),
]


def test_the_winner_is_the_earliest_best_that_keeps_the_constraints():
    assert winner(TRIALS, "accuracy", {}).number == 5
    assert winner(TRIALS, "accuracy", {"seconds_per_answer": 0.05}).number == 1
    assert winner(TRIALS, "seconds_per_answer", {"accuracy": 0.85}).number == 1
    assert winner(TRIALS, "accuracy", {"seconds_per_answer": 0.001}) is None
    assert winner(TRIALS, "accuracy", {"peak_memory_mb": 9.0}) is None  # was not measured


def test_the_pareto_set_holds_what_no_other_beats_in_all():
    assert [one.number for one in pareto(TRIALS, ["accuracy", "seconds_per_answer"], {})] == [0, 1, 2, 5]
    limits = {"seconds_per_answer": 0.05}
    assert [one.number for one in pareto(TRIALS, ["accuracy", "seconds_per_answer"], limits)] == [0, 1, 2]


def test_a_cost_has_a_most_and_a_metric_a_least():
    over = excess(
        {"seconds_per_answer": 0.05, "accuracy": 0.9}, {"seconds_per_answer": 0.06, "accuracy": 0.95}
    )
    assert over == pytest.approx({"seconds_per_answer": 0.01, "accuracy": -0.05})
    assert directions(["accuracy", "seconds_per_answer"]) == ["maximize", "minimize"]


def test_an_unknown_objective_is_refused_with_the_nearest():
    with pytest.raises(UserError, match=r"search.objectives: 'acuracy' .* Did you mean 'accuracy'"):
        objectives_of(SearchSettings(objectives=["acuracy"]), ClassifyTask())
    with pytest.raises(UserError, match=r"search.constraints: 'seconds_per_anser' .* 'seconds_per_answer'"):
        objectives_of(SearchSettings(constraints={"seconds_per_anser": 1}), ClassifyTask())


def test_optimism_of_two_shares_is_newcombe_s_interval():
    """Newcombe 1998, "Interval estimation for the difference between independent proportions", table II, (a)."""
    first, second = (Score(k / n, *wilson(k, n), n) for k, n in ((56, 70), (48, 80)))
    found = optimism(first, second)
    assert (found.value, found.low, found.high) == pytest.approx((0.2, 0.0524, 0.3339), abs=5e-5)


def test_importance_finds_the_setting_that_matters():
    trials = [
        trial(
            number, 0.9 if number % 2 else 0.5, 0.1, rate=10 ** (-4 + (number * 7 % 20) / 10), method=method
        )
        for number in range(20)
        for method in ["lora" if number % 2 else "full"]
    ]
    found = importance(trials, "accuracy", SPACE, seed=0)
    assert found.shares["stages.0.method"] > 0.9 and sum(found.shares.values()) == pytest.approx(1)
    assert found.explained > 0.8
    assert "do not lean" not in importance_section(found, "accuracy").sentences[0]
    assert importance(trials[:3], "accuracy", SPACE, seed=0) is None


def test_the_trials_are_shown_from_the_best_on_with_pictures():
    section = trials_section(TRIALS, ("accuracy",), SPACE, best=1)
    assert [row[0] for row in section.tables[0].rows] == [5, 1, 2, 3, 0]
    assert section.tables[0].marked == (1,)
    assert section.sentences[0] == "6 trials: 5 finished, 1 pruned."
    course, side_by_side = section.plots
    assert course.lines[1].points == ((0.0, 0.8), (1.0, 0.9), (2.0, 0.9), (3.0, 0.9), (5.0, 0.95))
    best = side_by_side.lines[0]
    assert [line.name for line in side_by_side.lines[2:4]] == [
        "trial 2, of the best",
        "trial 3, of the worst",
    ]
    assert best.name == "trial 5, of the best" and best.points == (
        (1.0, pytest.approx(0.5)),
        (2.0, 0.0),
        (3.0, 1.0),
    )
    assert "1: learning_rate (0.0001 to 0.01, logarithmic)" in side_by_side.note


def test_what_a_person_chooses_from_is_shown_where_there_is_a_choice():
    assert choice_section(TRIALS, ["accuracy"], {}, SPACE) is None
    section = choice_section(TRIALS, ["accuracy", "seconds_per_answer"], {"accuracy": 0.85}, SPACE)
    assert "4 of 5 finished trials keep the constraints: Accuracy at least 0.85." in section.sentences[0]
    assert [row[0] for row in section.tables[0].rows] == [1, 2, 5]
    assert section.plots[0].up_written == "percent" and section.plots[0].across_written == "seconds"
