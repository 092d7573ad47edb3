"""Students of a teacher: each is told apart, names its teacher, and reads the labels that it may read."""

import json
from types import SimpleNamespace

from benchmarks.distillation import LABELLED, STUDENTS, Round, Student, artifact


class Seen(Round):
    """A round that runs nothing and returns what it would have run."""

    def _run(self, name, *overrides):
        return SimpleNamespace(folder=self.folder / name, overrides=overrides)

    def _begun(self, begins):
        return self.folder / begins


def overrides(student, tmp_path):
    return Seen(tmp_path, 0, quick=False).student(student).overrides


def test_students_have_names_of_their_own(tmp_path):
    folders = {str(Seen(tmp_path, 0, quick=False).student(student).folder) for student in STUDENTS}
    assert len(folders) == len(STUDENTS)


def test_a_student_alone_reads_the_labelled_rows_and_has_no_teacher(tmp_path):
    assert overrides(Student("alone"), tmp_path) == (f"base={tmp_path / 'base'}", f"data.rows={LABELLED}")


def test_who_reads_all_texts_gives_their_labels_no_weight(tmp_path):
    for student in STUDENTS:
        found = dict(one.split("=", 1) for one in overrides(student, tmp_path))
        assert student.all_rows == ("data.rows" not in found)
        if student.all_rows:
            assert json.loads(found["stages.0.objective"])["weight"] == 1
        if student.taught:
            assert json.loads(found["stages.0.objective"])["teacher"] == str(tmp_path / "teacher")


def test_the_artifact_is_the_tuned_model_of_the_run(tmp_path):
    run = SimpleNamespace(folder=tmp_path)
    assert artifact(run).relative_to(tmp_path).parts == ("candidates", "fine_tune", "model")
