"""What the chapters are told of a run."""

from types import SimpleNamespace

from overtone.core.answer import Answer
from overtone.core.example import Example
from overtone.core.tasks.classify import ClassifyTask
from overtone.data.settings import DataSettings
from overtone.decide.measured import Measured
from overtone.decide.rivals.fine_tune import FineTune
from overtone.decide.rivals.tfidf import TfidfLinear
from overtone.job.prove import prove
from overtone.job.results import results_of, training_facts
from overtone.train.stage import Stage

ROWS = tuple(Example(str(place), f"text {place}", ("ab"[place % 2],)) for place in range(8))
LEAKED = frozenset({"0", "1"})


def measured(key, tuned, wrong):
    answers = tuple(
        Answer(probabilities={"a": 1.0} if (row.labels[0] == "a") ^ (place in wrong) else {"b": 1.0})
        for place, row in enumerate(ROWS)
    )
    ids = tuple(row.id for row in ROWS)
    return Measured(key, key.title(), key, tuned, ids, answers, 0.0, 0.0, 0.0, facts={"layout": "flat"})


def test_chapters_see_only_rows_that_do_not_stand_in_train():
    systems = [
        measured("fine_tune", True, (0,)),
        measured("tfidf", False, (2,)),
        measured("majority", False, (3, 4)),
    ]
    proof = prove(ClassifyTask(), ROWS, LEAKED, systems, 0)
    stages = [Stage(epochs=2, learning_rate=1e-4)]
    plan = SimpleNamespace(
        **{"task": ClassifyTask(), "seed": 5, "stages": stages, "data": DataSettings(train="a.csv")},
        decide=SimpleNamespace(rivals=[TfidfLinear(), FineTune()]),
    )
    data = SimpleNamespace(labels=("a", "b"), train=ROWS[:2], test=ROWS)
    found = results_of(plan, data, systems, proof, ())
    assert [row.id for row in found.test] == ["2", "3", "4", "5", "6", "7"]
    assert {len(answers) for answers in found.answers.values()} == {6}
    assert (found.best, found.best_tuned, found.best_untuned) == ("fine_tune", "fine_tune", "tfidf")
    assert found.scores["fine_tune"].value == 1.0 and found.values("tfidf") == [0, 1, 1, 1, 1, 1]
    assert found.facts["fine_tune"] == {
        "layout": "flat", "epochs": 2.0, "learning_rate": 1e-4, "stage": "stages.0",
    }  # fmt: skip


def test_a_rival_with_stages_of_its_own_is_found_under_its_place():
    own = FineTune(label="short", stages=[Stage(epochs=1)])
    plan = SimpleNamespace(
        stages=[Stage(epochs=4)], decide=SimpleNamespace(rivals=[TfidfLinear(), FineTune(), own])
    )
    assert training_facts(plan)["short"]["stage"] == "decide.rivals.2.stages.0"
    assert training_facts(plan)["short"]["epochs"] == 1
    assert training_facts(plan)["fine_tune"]["epochs"] == 4
