"""Several bases on a plan's rows: what each is and reaches, judged on validation rows alone."""

import json
import math

import pytest

from overtone import api
from overtone.core.errors import UserError
from overtone.job.bases.main import hold_out
from overtone.job.bases.reading import read_texts
from overtone.models.base import load_base
from tests.job.plans import write_sorting


@pytest.fixture(scope="module")
def found(small_base, tmp_path_factory):
    plan = write_sorting(tmp_path_factory.mktemp("bases"), small_base("bert"), ["majority"])
    llama = small_base("llama")
    (llama / "README.md").write_text("---\nlicense: mit\nlanguage: en\n---\n# A model\n")
    events = []
    found = api.bases(plan, [str(llama), str(small_base("bert"))], watch=events.append)
    (llama / "README.md").unlink()
    return plan, found, events


def table(found, name):
    return next(section for section in found.sections if section.name == name).tables[0]


def test_each_base_is_described_once(found):
    rows = table(found[1], "bases").rows
    assert [(row[1], row[2]) for row in rows] == [("bert", "encoder"), ("llama", "decoder")]
    assert [row[3] for row in rows] == [None, "mit"]
    assert all(row[5] > 1000 and row[7] > 0 for row in rows)


def test_quality_stands_for_every_way_that_fits_with_an_interval_and_corrected_p(found):
    rows = table(found[1], "quality").rows
    assert {row[1] for row in rows} == {"zero-shot", "frozen embedding + linear head"}
    assert len(rows) == 4 and rows[0][4] is None and all(row[4] is not None for row in rows[1:])
    assert rows[0][2].count("[") == 1


def test_only_validation_rows_judge_and_heads_learn_on_training_rows_alone(found, monkeypatch):
    plan = found[0]
    seen = []

    def trap(rival, materials, rows):
        seen.append((rival.name, {row.id for row in materials.train}, {row.id for row in rows}))
        raise UserError("enough")

    monkeypatch.setattr("overtone.job.bases.trial.measure", trap)
    with pytest.raises(UserError, match="enough"):
        api.bases(plan, [])
    from overtone.job.main import read_data

    data = read_data(api.load_plan(plan), plan.parent)
    (_, learned, judged), *_ = seen
    assert judged == {row.id for row in data.validation}
    assert learned < {row.id for row in data.train} and not learned & judged


def test_fertility_counts_tokens_over_words(small_base):
    base = load_base(str(small_base("bert")))
    reading = read_texts(base, ["one two", "x" * 200])
    assert reading.per_word == pytest.approx((7 + 200) / 3)  # one token a byte
    assert reading.per_character == pytest.approx(1) and reading.too_long == 0.5
    assert not math.isnan(reading.unknown)


def test_rows_held_out_do_not_depend_on_their_order(found):
    from overtone.job.main import read_data

    rows = read_data(api.load_plan(found[0]), found[0].parent).train
    kept, held = hold_out(rows)
    again = hold_out(rows[::-1])
    assert {row.id for row in held} == {row.id for row in again[1]} and len(kept) + len(held) == len(rows)
    assert 0 < len(held) < len(kept)


def test_an_unknown_candidate_is_refused_before_any_is_loaded(found, command):
    plan = found[0]
    code, _, said = command(plan.parent, "bases", plan, "--candidates", "builtin:minilmm")
    assert code == 2 and "Did you mean 'builtin:minilm'?" in said


def test_the_command_prints_json(found, command, small_base):
    code, out, _ = command(
        found[0].parent, "bases", found[0], "--candidates", str(small_base("bert")), "--json"
    )
    assert code == 0 and [one["name"] for one in json.loads(out)["sections"]] == ["quality", "bases"]
