"""Students that write: each has a name and a teacher of its own seed, and only what is written reads further rows."""

import json
from types import SimpleNamespace

from benchmarks.distillation_writing import MORE_ROWS, NAME, ROWS, STUDENTS, Round
from benchmarks.recipe import Recipe
from overtone.objectives.objective import Objective


class Seen(Round):
    """A round that runs nothing and returns what it would have run."""

    def _run(self, name, rows, *overrides):
        return SimpleNamespace(
            folder=self.recipe.folder / f"{name}-{self.seed}", rows=rows, overrides=overrides
        )


def test_students_are_told_apart_and_taught_by_the_teacher_of_their_seed(tmp_path):
    (tmp_path / "2-layers").mkdir()
    one = Seen(Recipe(NAME, (), tmp_path), 1, ROWS, MORE_ROWS)
    runs = {name: one.student(name) for name in STUDENTS}
    assert len({run.folder for run in runs.values()}) == len(STUDENTS)
    for name, run in runs.items():
        found = dict(part.split("=", 1) for part in run.overrides)
        assert found["base"] == str(tmp_path / "2-layers") and run.rows == ROWS
        objective = json.loads(found["stages.0.objective"])
        assert (objective is None) == (name == "alone")
        if objective:
            assert objective["teacher"] == str(tmp_path / "teacher-1")
            Objective.find(name).model_validate(objective)
    more = one.student("distill_answers", more=True)
    assert more.rows == MORE_ROWS and more.folder not in {run.folder for run in runs.values()}
