"""The proof: scores on clean rows, who cannot be told from the best, and corrections for what the rows chose."""

from dataclasses import replace

import numpy as np
import pytest

from overtone.core.answer import Answer
from overtone.core.example import Example
from overtone.core.tasks.classify import ClassifyTask
from overtone.decide.measured import Measured
from overtone.job.prove import prove

TASK = ClassifyTask()
RANDOM = np.random.default_rng(3)
ROWS = [Example(str(n), text=f"row {n}", labels=("ab"[n % 2],)) for n in range(200)]


def system(key, share, tuned=False):
    right = RANDOM.permutation(200) < 200 * share
    labels = ["ab"[(n + (not good)) % 2] for n, good in enumerate(right)]
    answers = tuple(Answer(probabilities={label: 1.0}) for label in labels)
    return Measured(key, key.title(), key, tuned, tuple(row.id for row in ROWS), answers, 1.0, 1.0, 0.0)


SYSTEMS = [system("far", 0.6), system("near", 0.88), system("best", 0.9, tuned=True)]


def test_the_systems_that_the_rows_cannot_tell_from_the_best_are_named():
    proof = prove(TASK, ROWS, frozenset(), SYSTEMS, seed=0)
    assert proof.best == "best" and proof.tied == {"near"}
    assert proof.clean == tuple(ROWS) and set(proof.answers) == {"far", "near", "best"}
    assert proof.comparisons["far"]["accuracy"].p_corrected < 0.001


def test_the_family_is_every_pair_that_could_have_been_compared():
    proof = prove(TASK, ROWS, frozenset(), SYSTEMS, seed=0)
    near, far = (proof.comparisons[key]["accuracy"] for key in ("near", "far"))
    assert far.p_corrected == pytest.approx(3 * far.p)
    assert near.p_corrected == pytest.approx(min(1, 2 * near.p))


def test_two_tuned_candidates_widen_the_family_of_the_gain():
    both = [system("one", 0.7), system("two", 0.84, tuned=True), system("three", 0.8, tuned=True)]
    gain = prove(TASK, ROWS, frozenset(), both, seed=0).verdict.evidence.gain
    assert gain.p_corrected == pytest.approx(2 * gain.p)


def test_rows_that_stand_in_train_are_set_aside_and_shown():
    leaked = frozenset(row.id for row in ROWS[:50])
    proof = prove(TASK, ROWS, leaked, SYSTEMS, seed=0)
    assert proof.clean == tuple(ROWS[50:])
    assert proof.scores["best"]["accuracy"].n == 150 and proof.all_rows["best"]["accuracy"].n == 200


def test_groups_of_rows_reach_every_score():
    rows = [replace(row, group=f"g{n // 10}") for n, row in enumerate(ROWS)]
    proof = prove(TASK, rows, frozenset(), SYSTEMS, seed=0)
    assert proof.scores["best"]["accuracy"].method == "wilson of 20 groups"
    assert proof.comparisons["far"]["accuracy"].test == "paired permutation of groups"
    assert proof.detectable is not None and 0 < proof.detectable < 0.5
