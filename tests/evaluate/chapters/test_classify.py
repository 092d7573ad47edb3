"""Chapters about systems that sort texts."""

from dataclasses import replace

import numpy as np
import pytest
from sklearn.metrics import average_precision_score, roc_auc_score

from overtone.core.answer import Answer
from overtone.core.example import Example
from overtone.core.tasks.classify import ClassifyTask
from overtone.evaluate.chapter import Chapter, chapters
from overtone.evaluate.chapters.calibration import judge
from overtone.evaluate.chapters.out_of_scope import scope_class
from overtone.evaluate.diagnosis.slices import apart, slices
from overtone.evaluate.metrics.accuracy import Accuracy
from overtone.evaluate.statistics.holm import holm
from tests.evaluate.chapters.made_up import classified, results


def write(name, given):
    return Chapter.find(name)().write(given)


def numbers(given, key="fine_tune"):
    labels = given.labels
    scores = np.array([[answer.probabilities[label] for label in labels] for answer in given.answers[key]])
    wanted = np.array([[label in row.labels for label in labels] for row in given.test])
    return scores, wanted


@pytest.fixture(scope="module")
def three():
    return classified(3, n=300, bar=0.9)


def test_the_same_results_give_the_same_sections_in_order(three):
    sections = chapters(three)
    assert sections == chapters(three)
    assert [one.name for one in sections] == [
        "changed_sides", "slices", "thresholds", "calibration", "ranking_curves", "fit",
    ]  # fmt: skip


def test_areas_are_the_macro_and_micro_areas_of_sklearn(three):
    rows = write("ranking_curves", three).tables[0].rows
    for system, key in enumerate(("fine_tune", "embedding_head")):
        scores, wanted = numbers(three, key)
        for line, average in enumerate(("macro", "micro")):
            _, area, interval, precision = rows[2 * system + line]
            assert area == pytest.approx(roc_auc_score(wanted, scores, average=average), abs=1e-9)
            assert precision == pytest.approx(average_precision_score(wanted, scores, average=average))
            low, high = map(float, interval.split(" to "))
            assert low < 100 * area < high


def test_many_classes_show_their_mean_and_the_five_worst():
    many = classified(14, n=400)
    section = write("ranking_curves", many)
    assert [row[0] for row in section.tables[0].rows] == [
        "tuned, mean of classes",
        "embedding head, mean of classes",
    ]
    scores, wanted = numbers(many)
    areas = [roc_auc_score(wanted[:, one], scores[:, one]) for one in range(14)]
    worst = sorted(range(14), key=areas.__getitem__)[:5]
    assert [row[0] for row in section.tables[1].rows] == [many.labels[one] for one in worst]


def test_of_two_classes_the_rarer_one_is_the_positive():
    two = classified(labels=("ham", "spam"), n=300)
    spam = sum("spam" in row.labels for row in two.test)
    rarer = "spam" if spam < 150 else "ham"
    section = write("ranking_curves", two)
    assert f"'{rarer}' ({min(spam, 300 - spam)} of 300 rows)" in section.sentences[0]
    assert [row[0] for row in section.tables[0].rows] == ["tuned", "embedding head"]
    scores, wanted = numbers(two)
    place = two.labels.index(rarer)
    assert section.tables[0].rows[0][1] == pytest.approx(roc_auc_score(wanted[:, place], scores[:, place]))


def test_a_label_that_no_row_wants_has_no_curve(three):
    more = replace(three, labels=(*three.labels, "unseen"))
    assert "Each of 3 classes" in write("ranking_curves", more).sentences[0]


def test_systems_without_probabilities_have_no_curves(three):
    said = [Answer(text=row.labels[0]) for row in three.test]
    silent = replace(three, answers=dict.fromkeys(three.answers, said))
    assert [one.name for one in chapters(silent)] == ["slices", "fit"]


def test_an_overconfident_system_is_called_so_and_scaling_helps():
    sharp = classified(3, n=500)
    answers = [
        Answer(probabilities=sharper(answer.probabilities, 4)) for answer in sharp.answers["fine_tune"]
    ]
    section = write("calibration", replace(sharp, answers={**sharp.answers, "fine_tune": answers}))
    assert "'tuned' is surer than it should be" in section.sentences[0]
    assert section.sentences[1].startswith("Dividing its logits by ")
    (_, before, *_), (_, after, *_) = section.tables[0].rows[:2]
    assert after < before / 2
    line = section.plots[0].lines[0]
    assert all(low <= point[1] <= high for point, low, high in zip(line.points, line.low, line.high))


def sharper(probabilities, power):
    raised = {label: value**power for label, value in probabilities.items()}
    return {label: value / sum(raised.values()) for label, value in raised.items()}


def test_a_temperature_that_moves_confidence_from_the_truth_is_no_help(three):
    (_, rows), *_ = three.predicted()
    one = judge("x", rows, 0)
    better = replace(one, low=0.1, scaled=one.plain)
    assert better.helps
    worse = replace(rows, probabilities=np.full_like(rows.probabilities, 1 / 3))
    assert not replace(one, low=0.1, scaled=worse).helps


def test_few_rows_show_no_calibration_and_no_threshold():
    few = classified(3, n=39)
    assert write("calibration", few) is None and write("thresholds", few) is None


def test_without_prices_the_settings_are_named(three):
    assert "task.wrong_answer_cost and task.review_cost" in write("thresholds", three).sentences[0]
    half = replace(three, task=ClassifyTask(wrong_answer_cost=5))
    assert "With task.review_cost in" in write("thresholds", half).sentences[0]
    assert write("thresholds", three).plots[0].level == 0.9


def test_a_person_pays_where_answers_are_often_wrong_and_not_where_they_are_right():
    doubtful = classified(6, n=400, wrong_answer_cost=5, review_cost=0.5)
    section = write("thresholds", doubtful)
    title, threshold, handed, alone, cost, person = section.tables[0].rows[0]
    scores, wanted = numbers(doubtful)
    wrong = 1 - wanted[np.arange(400), scores.argmax(axis=1)].mean()
    assert (title, person, alone) == ("tuned", 0.5, pytest.approx(5 * wrong))
    assert cost < min(alone, person) and 0 < handed < 1 and threshold.endswith("%")
    assert "should go to a person" in section.sentences[0]
    dear = replace(doubtful, task=ClassifyTask(wrong_answer_cost=5, review_cost=50))
    assert "not clearly more than nothing" in write("thresholds", dear).sentences[0]


def test_a_person_answers_all_where_every_answer_is_wrong():
    rows = [Example(str(one), "x y", ("a",)) for one in range(60)]
    wrong = [Answer(probabilities={"a": 0.1, "b": 0.9})] * 60
    given = results(
        ClassifyTask(wrong_answer_cost=5, review_cost=1),
        ("a", "b"),
        rows,
        {"t": wrong, "u": wrong},
        Accuracy(),
    )
    section = write("thresholds", given)
    assert section.tables[0].rows[0][1] == "every row"
    assert "a person should answer every row, which saves 4 an answer" in section.sentences[0]


def test_labels_get_thresholds_of_their_own():
    several = classified(5, n=400, several=True, threshold=0.1)
    section = write("label_thresholds", several)
    assert "Thresholds of their own change the result" in section.sentences[0]
    assert "for all: +" in section.sentences[0]
    assert [row[0] for row in section.tables[0].rows] == list(several.labels)
    assert all(own > 0.1 and after > before for _, _, own, before, after in section.tables[0].rows)
    assert write("label_thresholds", classified(3, n=100)) is None
    assert write("thresholds", several) is None


def test_slices_that_differ_are_named_and_marked():
    section = write("slices", classified(3, n=600))
    by_length = next(table for table in section.tables if table.title == "By length")
    assert "Length '21 to 29 words' does worse" in " ".join(section.sentences)
    name, *_, gap, p = by_length.rows[-1]
    assert name == "21 to 29 words" and gap < 0 and p < 0.001 and 2 in by_length.marked
    assert sum(row[1] for row in by_length.rows) == 600
    assert {table.columns[0].title for table in section.tables} == {"Length", "Language", "Class"}


def test_the_p_values_of_all_slices_are_one_family():
    given = classified(3, n=300)
    values = np.array(given.values(given.best))
    found = [apart(values, one.rows) for one in slices(given.test)]
    shown = [row[5] for table in write("slices", given).tables for row in table.rows]
    assert sorted(shown) == pytest.approx(sorted(holm([p for p in found if p is not None])))
    assert min(shown) == pytest.approx(len(shown) * min(p for p in found if p is not None))


def test_alike_slices_are_not_called_different():
    rows = [Example(str(one), "x " * (one % 7 + 1), ("ab"[one % 2],)) for one in range(200)]
    right = [Answer(probabilities={row.labels[0]: 1.0}) for row in rows]
    section = write("slices", results(ClassifyTask(), "ab", rows, {"t": right, "u": right}, Accuracy()))
    assert section.sentences == ("None of 5 slices differs from the other rows beyond chance.",)


def test_many_classes_show_the_lowest_in_order():
    section = write("slices", classified(40, n=800))
    table = next(table for table in section.tables if table.title == "By class")
    assert len(table.rows) == 15 and "15 of 40" in table.note
    assert [row[2] for row in table.rows] == sorted(row[2] for row in table.rows)


def test_rows_that_changed_sides_are_counted_both_ways_and_shown():
    rows = [Example(str(one), f"text {one}", ("a",)) for one in range(6)]
    yes, no = Answer(probabilities={"a": 1.0}), Answer(probabilities={"b": 1.0})
    failed = Answer(error="time out")
    given = {"t": [yes, yes, yes, no, yes, no], "u": [no, failed, yes, yes, yes, no]}
    section = write("changed_sides", results(ClassifyTask(), "ab", rows, given, Accuracy()))
    assert section.sentences == (
        "'tuned' does better than 'u' on 2 rows and worse on 1; on 3 they do equally well (n = 6).",
    )
    better, worse = section.tables
    assert better.rows == (("text 0", "a", "a", "b"), ("text 1", "a", "a", "failed: time out"))
    assert worse.rows == (("text 3", "a", "b", "a"),)


def test_out_of_scope_by_hand():
    wanted = ["a", "a", "a", "b", "oos", "oos"]
    given = ["a", "oos", "b", "b", "oos", "a"]
    rows = [Example(str(place), "x", (label,)) for place, label in enumerate(wanted)]
    answers = [Answer(probabilities={label: 1.0}) for label in given]
    both = results(ClassifyTask(), ("a", "b", "oos"), rows, {"t": answers, "u": answers}, Accuracy())
    section = write("out_of_scope", both)
    shares = [cell.split()[0] for cell in section.tables[0].rows[0][1:]]
    assert shares == ["50.0", "50.0", "50.0", "25.0"]
    assert "taken so for its name" in section.sentences[0] and "2 of 6 rows" in section.sentences[0]
    assert write("out_of_scope", replace(both, labels=("a", "b"))) is None


@pytest.mark.parametrize(
    ("setting", "labels", "found"),
    [
        (None, ("a", "OOS"), "OOS"),
        (None, ("other", "none"), "none"),
        (None, ("another", "nonesuch"), None),
        ("rest", ("rest", "oos"), "rest"),
        ("rest", ("a", "oos"), None),
    ],
)
def test_the_class_out_of_scope_is_the_one_set_or_a_well_known_name(setting, labels, found):
    assert scope_class(ClassifyTask(out_of_scope=setting), labels) == found


def test_the_fit_is_named_with_its_figures_and_one_command(three):
    section = write("fit", three)
    assert section.sentences[0].startswith("Overfitting")
    assert "lowest 0.41 at step 200, 0.52 at the last, step 400 (+26.8 %" in section.sentences[1]
    assert section.command == "overtone run plan.yaml --set stages.0.epochs=2 --name fewer-epochs"


@pytest.mark.parametrize(
    ("losses", "facts", "command"),
    [
        ((0.9, 0.5, 0.3), {"epochs": 3.0}, "--set stages.0.epochs=6 --name more-epochs"),
        (
            (0.3, 0.5, 0.6),
            {"epochs": 3.0, "learning_rate": 3e-4, "stage": "decide.rivals.2.stages.0"},
            "--set decide.rivals.2.stages.0.learning_rate=0.0001 --name lower-rate",
        ),
        ((0.3, 0.5, 0.6), {"epochs": 3.0, "learning_rate": 0.0}, ""),
        ((0.9, 0.5, 0.5), {"epochs": 3.0}, ""),
        ((0.9, 0.5, 0.3), {}, ""),
    ],
)
def test_the_command_follows_the_shape(three, losses, facts, command):
    validation = replace(
        three.curves[1], points=tuple((100.0 * (i + 1), loss) for i, loss in enumerate(losses))
    )
    section = write("fit", replace(three, curves=(validation,), facts={"fine_tune": facts}))
    assert section.command == (f"overtone run plan.yaml {command}" if command else "")


def test_no_curve_shows_nothing(three):
    assert write("fit", replace(three, curves=())) is None
    assert write("fit", replace(three, best_tuned=None)) is None
    assert write("changed_sides", replace(three, best_untuned=None)) is None
