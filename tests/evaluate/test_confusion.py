import numpy as np
from hypothesis import given
from hypothesis import strategies as some
from sklearn.metrics import confusion_matrix, precision_recall_fscore_support

from overtone.core.answer import Answer
from overtone.evaluate.confusion import averages, confusion, per_class
from tests.evaluate.rows import MULTI, SINGLE, answered, labelled

LABELS = ("a", "b", "c")
PAIRS = some.lists(some.tuples(some.sampled_from(LABELS), some.sampled_from(LABELS)), min_size=1, max_size=40)


@given(PAIRS)
def test_counts_and_class_scores_equal_scikit_learn(pairs):
    wanted, picked = zip(*pairs, strict=True)
    examples, answers = labelled(*wanted), answered(*picked)
    counts = confusion(examples, answers, SINGLE, LABELS).counts
    assert (counts[:3, :3] == confusion_matrix(wanted, picked, labels=LABELS)).all()
    assert counts.sum() == len(pairs)
    expected = precision_recall_fscore_support(wanted, picked, labels=LABELS, zero_division=0)
    scores = per_class(examples, answers, SINGLE, LABELS)
    found = np.array([(one.precision, one.recall, one.f1, one.wanted) for one in scores]).T
    assert np.allclose(found, expected, atol=1e-12)


@given(PAIRS)
def test_averages_equal_scikit_learn(pairs):
    wanted, picked = zip(*pairs, strict=True)
    scores = per_class(labelled(*wanted), answered(*picked), SINGLE, LABELS)
    present = sorted(set(wanted))
    for one, kind in zip(averages(scores), ("micro", "macro", "weighted")):
        labels = LABELS if kind == "micro" else present
        expected = precision_recall_fscore_support(
            wanted, picked, labels=labels, average=kind, zero_division=0
        )
        assert np.allclose((one.precision, one.recall, one.f1), expected[:3], atol=1e-12)
        assert one.label == f"{kind} average" and one.wanted == one.chosen == len(pairs)


def test_failed_and_unknown_answers_stand_in_the_last_column():
    counts = confusion(labelled("a", "b"), answered(None, "unheard of"), SINGLE, LABELS).counts
    assert counts[0, 3] == counts[1, 3] == 1 and counts.sum() == 2


def test_several_labels_a_row():
    examples = labelled(("a", "b"), ("a",), ("b", "c"))
    picked = ({"a", "c"}, {"a", "b"}, {"b"})
    answers = [Answer(probabilities={label: float(label in row) for label in LABELS}) for row in picked]
    counts = confusion(examples, answers, MULTI, LABELS).counts
    #                 a  b  c  none
    assert counts.tolist() == [[2, 0, 0, 0], [0, 1, 1, 0], [0, 0, 0, 1], [0, 1, 0, 0]]
    assert [(one.wanted, one.chosen) for one in per_class(examples, answers, MULTI, LABELS)] == [
        (2, 2),
        (2, 2),
        (1, 1),
    ]
