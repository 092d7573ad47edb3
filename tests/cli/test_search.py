"""`search` and `cross-validate`: what they ask of the API, what they show."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from overtone.evaluate.report.section import Column, Section, Table
from overtone.job.found import Found

SECTION = Section(
    "found", "What the search found", ("The best is 3.",), (Table((Column("Trial"),), (("3",),)),)
)


@dataclass
class Searched:
    found: Found
    contents: dict[str, Any]
    folder: Path


@pytest.fixture
def calls(api):
    made = []

    def fake(plan, watch=None, **asked):
        made.append((plan, asked))
        return Searched(Found("Search", (SECTION,)), {"best": 3}, Path("runs/mails"))

    api.search = api.cross_validate = fake
    return made


def test_search_passes_what_it_is_given_and_shows_the_sections(calls, overtone_command):
    options = ("--trials", "9", "--workers", "2", "--storage", "postgresql://me@host/db", "--set", "seed=1")
    code, out, _ = overtone_command("search", "plan.yaml", *options, "--name", "mine")
    asked = {"trials": 9, "workers": 2, "storage": "postgresql://me@host/db", "name": "mine"}
    assert calls == [(Path("plan.yaml"), {**asked, "overrides": ("seed=1",)})]
    assert code == 0
    for told in (
        "What the search found",
        "The best is 3.",
        "runs/mails/search/best.yaml",
        "runs/mails/search.html",
    ):
        assert told in out


def test_cross_validate_has_a_hyphen_and_its_options(calls, overtone_command):
    code, out, _ = overtone_command("cross-validate", "plan.yaml", "--folds", "3", "--nested")
    assert calls == [(Path("plan.yaml"), {"folds": 3, "nested": True, "overrides": (), "name": None})]
    assert code == 0 and "runs/mails/cross_validation.html" in out


@pytest.mark.parametrize("command", ["search", "cross-validate"])
def test_json_is_one_document(calls, overtone_command, command):
    code, out, _ = overtone_command(command, "plan.yaml", "--json")
    assert code == 0 and json.loads(out) == {"folder": "runs/mails", "best": 3}


def test_numbers_that_make_no_sense_are_refused(calls, overtone_command):
    assert overtone_command("search", "plan.yaml", "--trials", "0")[0] == 2
    assert overtone_command("cross-validate", "plan.yaml", "--folds", "1")[0] == 2
    assert not calls
