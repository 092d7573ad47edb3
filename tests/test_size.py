"""The size budget: a file is read in one go, a function at one glance."""

import ast
import statistics
from pathlib import Path

import pytest

FILES = sorted((Path(__file__).parents[1] / "src").rglob("*.py"))
LONGEST_FILE = 300
LONGEST_FUNCTION = 40
MEDIAN_FILE = 100
MEDIAN_FUNCTION = 8
CATCH_ALLS = {"utils", "util", "helpers", "helper", "common", "misc", "manager", "base_class"}


def functions(path):
    """Each function of a file with the lines of its body: no blank lines, comments or docstring."""
    text = path.read_text()
    code = {
        number for number, line in enumerate(text.splitlines(), 1) if line.strip() and line.strip()[0] != "#"
    }
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            documented = ast.get_docstring(node) is not None
            body = node.body[1:] if documented else node.body
            lines = {number for part in body for number in range(part.lineno, (part.end_lineno or 0) + 1)}
            yield node, len(lines & code)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_file_is_short_and_named_for_one_idea(path):
    assert len(path.read_text().splitlines()) <= LONGEST_FILE, path
    assert path.stem not in CATCH_ALLS, path


def test_no_function_is_long():
    long = [
        f"{path}:{node.lineno} {node.name}: {size}"
        for path in FILES
        for node, size in functions(path)
        if size > LONGEST_FUNCTION
    ]
    assert not long


def test_the_middle_file_and_function_are_short():
    sizes = [len(path.read_text().splitlines()) for path in FILES if path.name != "__init__.py"]
    assert statistics.median(sizes) <= MEDIAN_FILE
    assert statistics.median(size for path in FILES for _, size in functions(path)) <= MEDIAN_FUNCTION


def test_every_module_says_what_it_is():
    silent = [str(path) for path in FILES if not ast.get_docstring(ast.parse(path.read_text()))]
    assert not silent
