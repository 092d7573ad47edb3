"""The rows: lengths as announced, the same for the same seed, and nothing outside the vocabulary."""

import statistics

import pytest

from benchmarks.engine import rows
from benchmarks.engine.rows import MAKERS, PREFIX, Row, instructions, load_rows, of_length, save_rows
from benchmarks.engine.shapes import END


@pytest.mark.parametrize("maker", MAKERS.values(), ids=MAKERS)
def test_rows_are_the_same_for_a_seed_and_stay_in_the_vocabulary(maker):
    made = maker(20, 500, seed=1)
    assert len(made) == 20
    assert made == maker(20, 500, seed=1) != maker(20, 500, seed=2)
    assert {token for row in made for sequence in row.sequences for token in sequence} <= set(range(1, 500))
    assert all(row.completion[-1] == END for row in made)


def test_instructions_have_the_lengths_of_public_ones(shared_data):
    made = instructions(999, 16_384)
    assert len(made) == 999
    assert statistics.mean(len(row.prompt) for row in made) == pytest.approx(28, abs=3)
    assert statistics.mean(len(row.completion) for row in made) == pytest.approx(156, abs=10)


def test_without_the_public_file_lengths_are_of_that_distribution(monkeypatch, tmp_path):
    monkeypatch.setattr(rows, "ALPACA", tmp_path / "absent")
    made = instructions(999, 16_384)
    assert statistics.mean(len(row.prompt) for row in made) == pytest.approx(28, abs=4)
    assert statistics.mean(len(row.completion) for row in made) == pytest.approx(156, abs=15)
    assert max(row.tokens for row in made) <= 1024


def test_a_classification_begins_with_one_instruction_and_ends_with_a_short_label():
    made = MAKERS["classification"](50, 1000)
    assert len({row.prompt[:PREFIX] for row in made}) == 1
    assert len({row.prompt[PREFIX:] for row in made}) == 50
    assert {len(row.completion) for row in made} == {3}


def test_a_preference_has_two_sequences_with_one_prompt():
    pair = MAKERS["preferences"](1, 1000)[0]
    chosen, rejected = pair.sequences
    assert chosen[: len(pair.prompt)] == rejected[: len(pair.prompt)] == pair.prompt
    assert pair.tokens == len(chosen) + len(rejected)
    assert pair.supervised == len(pair.completion) + len(pair.rejected)


@pytest.mark.parametrize("length", [60, 200])
def test_samples_share_a_prompt_in_eights_and_have_one_length(length):
    made = MAKERS[f"samples_{length}"](16, 1000)
    assert [len({row.prompt for row in made[start : start + 8]}) for start in (0, 8)] == [1, 1]
    assert len({row.prompt for row in made}) == 2
    assert {(len(row.prompt), len(row.completion)) for row in made} == {(200, length)}


def test_rows_of_a_length_have_it():
    assert {row.tokens for row in of_length(3, 129, 100)} == {129}


def test_rows_come_back_from_a_file(tmp_path):
    made = [Row((1, 2), (3,), (4, 5)), Row((1,), (2,))]
    save_rows(made, tmp_path / "rows.json")
    assert load_rows(tmp_path / "rows.json") == made
