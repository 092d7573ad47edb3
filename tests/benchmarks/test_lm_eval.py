"""The benchmark against lm-eval: its rows, its comparison, and the agreement itself where lm-eval is installed."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.lm_eval import Said, agreement, cut
from benchmarks.lm_eval_rows import pairs, questions, write_tasks

ROOT = Path(__file__).parents[2]
KNOWS = "import importlib.util as found; raise SystemExit(found.find_spec('lm_eval') is None)"


def interpreter() -> str | None:
    """A Python that has lm-eval: this one, or that of the benchmarks."""
    for python in (sys.executable, str(ROOT / ".venv-bench" / "bin" / "python")):
        if Path(python).exists() and not subprocess.run([python, "-c", KNOWS], cwd="/").returncode:
            return python
    return None


def test_the_two_sides_agree_on_a_model_whose_tokenizer_begins_texts_with_a_mark(tmp_path):
    python = interpreter()
    if python is None:
        pytest.skip("lm-eval is not installed: see requirements/bench-lm-eval.txt")
    command = [python, "-m", "benchmarks.lm_eval", "--only", "llama", "--folder", str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "| random Llama | 249 |" in done.stdout


def test_rows_are_the_same_again_and_no_choice_stands_twice():
    rows = questions()
    assert rows == questions() and len(rows) == 60 and len(pairs([("a", "b")])) == 40
    assert all(len(set(row["choices"])) == len(row["choices"]) > row["answer"] for row in rows)


def test_a_task_names_its_file(tmp_path):
    write_tasks(tmp_path / "tasks", questions(2), pairs([]))
    task = json.loads((tmp_path / "tasks" / "local_choices.yaml").read_text())
    (file,) = task["dataset_kwargs"]["data_files"].values()
    assert len(Path(file).read_text().splitlines()) == 2
    assert task["doc_to_text"] == "Question: {{question}}\nAnswer:"


def test_a_row_over_the_context_keeps_its_end_and_one_token_that_is_only_predicted():
    assert cut([1, 2, 3, 4], [5, 6], 3) == ([3, 4], [5, 6])
    assert cut([1, 2], [5, 6], 3) == ([1, 2], [5, 6])


@pytest.mark.parametrize(
    ("sums", "greedy", "right", "holds"),
    [
        ([-1.00005, -2.0], [True, False], [1.0], True),
        ([-1.0002, -2.0], [True, False], [1.0], False),
        ([-1.0, -2.0], [True, True], [1.0], False),
        ([-1.0, -2.0], [True, False], [0.0], False),
    ],
)
def test_one_difference_of_any_kind_is_told(sums, greedy, right, holds):
    lengths = ("none", "characters", "bytes")
    theirs = Said([-1.0, -2.0], [True, False], {length: [1.0] for length in lengths})
    ours = Said(sums, greedy, dict.fromkeys(lengths, right))
    found = agreement(ours, theirs)
    assert found.holds is holds and found.line("x").startswith("| x | 2 |")
