"""Metrics of the user's own: a function in a file, and a part in a file."""

import pytest

from overtone.core.answer import Answer
from overtone.core.errors import UserError
from overtone.core.tasks.answer import AnswerTask
from overtone.core.tasks.classify import ClassifyTask
from overtone.evaluate.judging import lasting_task, make_judging_ready
from overtone.evaluate.metric import Metric, deciding, metric_of, metrics_for
from overtone.evaluate.scores import score
from tests.evaluate.rows import SINGLE, WRITE, labelled, texts, written

PART = '''
from overtone.evaluate.metric import Metric

class Shouts(Metric):
    """Share of answers in capitals."""
    name = "shouts"
    title = "Shouts"
    asks = frozenset({"generate"})
    interval = "wilson"
    strength: int = 1

    def rows(self, examples, answers, task):
        return [float((answer.text or "").endswith("!" * self.strength)) for answer in answers]
'''


@pytest.fixture
def file(tmp_path):
    def write(code, name="mine.py"):
        (tmp_path / name).write_text(code)
        return str(tmp_path / name)

    return write


def own(path, function="brief", **settings):
    return metric_of({"name": "python", "file": path, "function": function, **settings})


def test_a_function_judges_texts(file):
    metric = own(file("def brief(wanted: str, given: str) -> float:\n    return len(given) <= len(wanted)\n"))
    answers = [*texts("ab", "abcd"), Answer(text="a", error="late")]
    assert metric.rows(written(*["abc"] * 3), answers, WRITE) == [1.0, 0.0, 0.0]
    assert score(metric, written(*["abc"] * 3), answers, WRITE, seed=0).n == 3
    assert (metric.heading, metric.key) == ("brief", "python")
    assert own(metric.file, label="short").key == "short"


def test_a_function_judges_labels(file):
    metric = own(file("def sure(wanted, given):\n    return given.get(wanted[0], 0)\n"), "sure")
    answers = [Answer(probabilities={"a": 0.75, "b": 0.25}), *texts("b"), Answer(error="late")]
    assert metric.rows(labelled("a", "b", "a"), answers, SINGLE) == [0.75, 1.0, 0.0]


def test_a_function_sees_what_is_extracted(file):
    metric = own(file("def same(wanted, given):\n    return wanted == given\n"), "same")
    task = AnswerTask(extract="last_number")
    assert metric.rows(written("it is 4", "5"), texts("so 4.0", "none"), task) == [1.0, 0.0]


@pytest.mark.parametrize(
    ("code", "message"),
    [
        (
            "def brief(a, b):\n    x = 1\n    return 1 / 0\n",
            r"mine.py, line 3: ZeroDivisionError: division by zero\.",
        ),
        ("def brief(a, b):\n    return 1 +\n", r"mine.py, line 2: SyntaxError: invalid syntax\."),
        (
            "import no_such_thing\n",
            r"mine.py, line 1: ModuleNotFoundError: No module named 'no_such_thing'\.",
        ),
        (
            "def brief(a):\n    return 1\n",
            r"mine.py: TypeError: brief\(\) takes 1 positional argument but 2 were given",
        ),
        ("def brief(a, b):\n    return None\n", r"mine.py: TypeError: float\(\) argument must be"),
        (
            "def brief(a, b):\n    return 7\n",
            r"mine.py: 'brief' gave 7 for the row 0; give a number from 0 to 1",
        ),
        ("def brief(a, b):\n    return float('nan')\n", r"'brief' gave nan for the row 0; give a number"),
        ("def breif(a, b):\n    return 1\n", r"mine.py has no function 'brief'. Did you mean 'breif'\?"),
    ],
)
def test_an_error_of_the_file_is_told_in_one_sentence(file, code, message):
    metric = own(file(code))
    with pytest.raises(UserError, match=message) as caught:
        metric.make_ready()
        metric.rows(written("x"), texts("y"), WRITE)
    assert "\n" not in str(caught.value)


def test_a_file_that_is_not_there_is_refused_before_any_work(tmp_path):
    task = AnswerTask(metric={"name": "python", "file": "gone.py", "function": "brief"})
    with pytest.raises(UserError, match=r"there is no file .*/gone.py"):
        make_judging_ready(lasting_task(task, tmp_path))


def test_the_file_is_found_from_the_plans_folder(file, tmp_path, monkeypatch):
    path = file("def brief(a, b):\n    return 1\n", "near.py")
    task = AnswerTask(metric={"name": "python", "file": "near.py", "function": "brief"})
    lasting = lasting_task(task, tmp_path)
    monkeypatch.chdir("/")
    assert deciding(lasting).file == path
    make_judging_ready(lasting)


def test_a_part_of_the_users_own_is_found_by_its_name(file):
    named = {"name": "shouts", "file": file(PART, "shouting.py"), "strength": 2}
    try:
        task = AnswerTask(metrics=[named])
        make_judging_ready(task)
        metric = metrics_for(task, written("x"))[-1]
        assert metric.title == "Shouts" and metric.rows(written("x", "y"), texts("Hey!!", "Hey!"), task) == [
            1.0,
            0.0,
        ]
        with pytest.raises(UserError, match=r"two parts of the family metric are called 'shouts'"):
            make_judging_ready(
                AnswerTask(
                    metric={"name": "shouts", "file": file(PART, "again.py")},
                    metrics=[{"name": "other", "file": file(PART, "third.py")}],
                )
            )
    finally:
        Metric.known.pop("shouts", None)


def test_a_function_is_for_tasks_that_sort_and_write():
    metric = metric_of({"name": "python", "file": "x.py", "function": "f"})
    assert metric.refusal(ClassifyTask()) is None and metric.refusal(AnswerTask()) is None
