"""The chapter on what was forgotten, in words and figures."""

import json
from dataclasses import replace

import pytest

from overtone.evaluate.chapters.forgetting import Forgetting
from tests.evaluate.chapters.made_up import FACTS, classified

LINEAGE = {
    "task": {"name": "classify"},
    "method": {"name": "full"},
    "objective": {"name": "classify"},
    "rows": 80,
    "rows_sha256": "a" * 64,
    "base": "builtin:minilm",
    "base_sha256": "b" * 64,
}


def told(**facts):
    plain = {"lineage": [LINEAGE], **facts}
    found = {"fine_tune": {**FACTS["fine_tune"], "forgetting": json.dumps(plain)}}
    return Forgetting().write(replace(classified(), facts=found))


def general(kind, before, after, similarity=None):
    return {"kind": kind, "before": before, "after": after, "similarity": similarity}


def test_nothing_is_told_where_nothing_was_measured():
    assert Forgetting().write(classified()) is None


def test_a_decoder_that_forgot_is_worse_with_its_interval():
    before = [-1.0 - place / 100 for place in range(32)]
    section = told(general=general("text", before, [value - 0.2 - (value * 7 % 0.1) for value in before]))
    assert ": worse." in section.sentences[0] and "−1.155" in section.sentences[0]
    row = section.tables[0].rows[0]
    assert row[3] < 0 and row[4] <= row[3] <= row[5] < 0 and row[6] == 32


def test_an_encoder_that_kept_is_not_measurably_different():
    before = [1.0, 0.0] * 32
    section = told(general=general("features", before, [0.0, 1.0, *before[2:]], 0.91))
    assert "not measurably different" in section.sentences[0] and "0.91 alike (CKA)" in section.sentences[0]


def test_a_base_that_stands_still_is_said_to():
    section = told(untouched="head")
    assert "the method head leaves the base as it is" in section.sentences[0] and not section.tables


@pytest.mark.parametrize(("metric", "averaged"), [("Accuracy", True), ("log-probability a byte", False)])
def test_the_matrix_and_its_lineage(metric, averaged):
    def cell(value):
        return {"value": value, "low": value - 0.1, "high": value + 0.1, "n": 50, "method": "wilson"}

    matrix = {
        "tasks": ["classify (old)", "classify"],
        "metrics": [metric, "Accuracy"],
        "own": [1, 2],
        "cells": [[None, None], [cell(0.9), None], [cell(0.6), cell(0.8)]],
    }
    section = told(matrix=matrix, lineage=[LINEAGE, LINEAGE], general=general("text", [-1, -2], [-1, -3]))
    assert section.tables[1].rows[2] == (
        "after stage 2",
        "0.600 [0.500, 0.700] (50 rows)",
        "0.800 [0.700, 0.900] (50 rows)",
    )
    assert section.tables[1].rows[0][1] == "no head yet"
    assert ("average forgetting +0.300" in section.sentences[1]) == averaged
    assert len(section.tables[2].rows) == 2
