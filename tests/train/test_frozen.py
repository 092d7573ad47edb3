"""Work below what learns is done once in a training: the same steps, fewer computations."""

from collections.abc import Callable
from pathlib import Path

import pytest

from overtone.engine.lean import decoder
from overtone.engine.remember import Store, remembering
from overtone.train.report import Step, Validation
from overtone.train.tune import Tuning, tune
from tests.train.rows import tuning

SmallBase = Callable[[str], Path]
Reports = list[Step | Validation]
EPOCHS = 3
TOP = {
    "method": {"name": "lora", "rank": 2, "top_layers": 1},
    "epochs": EPOCHS,
    "batch_rows": 16,
    "learning_rate": 1e-3,  # rounding does not grow so much as at the usual rate of so narrow a decoder
}
HEAD = {"method": "head", "epochs": EPOCHS, "batch_rows": 16, "evaluations": 2}


def reports(job: Tuning, folder: Path, store: Store | None = None) -> Reports:
    """All steps and validations of a training."""
    with remembering(store):
        found = list(tune(job, folder / "checkpoints", folder / "artifact"))
    return [report for report in found if isinstance(report, Step | Validation)]


def losses(found: Reports) -> list[float]:
    return [one.loss if isinstance(one, Step) else one.means["loss"] for one in found]


def different(job: Tuning) -> int:
    """How many different rows the training reads."""
    rows = (*job.train, *job.validation)
    return len({row.text or tuple(turn.content for turn in row.messages) for row in rows})


@pytest.mark.parametrize("task", ["answer", "classify"])
def test_layers_below_the_adapters_run_once_a_row(small_base: SmallBase, tmp_path: Path, task: str) -> None:
    job = tuning(small_base, "llama", task, TOP)
    plain = reports(job, tmp_path / "plain")
    store = Store(tmp_path / "store", 10**9)
    found = reports(tuning(small_base, "llama", task, TOP), tmp_path / "first", store)
    assert losses(found) == pytest.approx(losses(plain), rel=1e-3)
    assert store.account.computed == different(job), "each row once in all epochs and validations"
    assert store.account.hits > store.account.misses
    again = Store(tmp_path / "store", 10**9)
    repeated = reports(tuning(small_base, "llama", task, TOP), tmp_path / "second", again)
    assert again.account.computed == 0, "another training of the same rows computes nothing below"
    assert [loss.hex() for loss in losses(repeated)] == [loss.hex() for loss in losses(found)]


def test_steps_keep_their_bits_when_states_are_evicted_and_computed_again(
    small_base: SmallBase, tmp_path: Path
) -> None:
    whole = reports(tuning(small_base, "llama", "answer", TOP), tmp_path / "a", Store(tmp_path / "s", 10**9))
    store = Store(tmp_path / "s", 10**9)
    for path in store.folder.glob("*/*.safetensors"):
        path.unlink()
    found = reports(tuning(small_base, "llama", "answer", TOP), tmp_path / "b", store)
    assert store.account.computed > 0
    assert [loss.hex() for loss in losses(found)] == [loss.hex() for loss in losses(whole)]


def test_a_training_resumes_to_the_bit_after_its_states_were_evicted(
    small_base: SmallBase, tmp_path: Path
) -> None:
    stage = {**TOP, "checkpoint_steps": 3}
    whole = reports(
        tuning(small_base, "llama", "answer", stage), tmp_path / "a", Store(tmp_path / "s", 10**9)
    )
    store = Store(tmp_path / "t", 10**9)
    with remembering(store):
        begun = tune(
            tuning(small_base, "llama", "answer", stage), tmp_path / "b" / "checkpoints", tmp_path / "b"
        )
        for report in begun:
            if isinstance(report, Step) and report.step == 11:
                break
        begun.close()
    for path in store.folder.glob("*/*.safetensors"):
        path.unlink()
    rest = reports(tuning(small_base, "llama", "answer", stage), tmp_path / "b", Store(tmp_path / "t", 10**9))
    assert isinstance(rest[0], Step) and 1 < rest[0].step <= 11
    assert [loss.hex() for loss in losses(rest)] == [loss.hex() for loss in losses(whole)[-len(rest) :]]


def test_states_that_do_not_fit_the_store_are_not_put_there(small_base: SmallBase, tmp_path: Path) -> None:
    said: list[str] = []
    store = Store(tmp_path / "store", 10_000, said.append)
    reports(tuning(small_base, "llama", "answer", TOP), tmp_path / "run", store)
    assert store.account.bytes_written == 0
    assert len(said) == 1
    assert "computed in every epoch" in said[0]
    assert "OVERTONE_CACHE_GIGABYTES" in said[0]


@pytest.mark.parametrize("model_type", ["bert", "llama", "falcon"])
def test_a_head_over_a_frozen_body_extracts_features_once(
    small_base: SmallBase, tmp_path: Path, model_type: str
) -> None:
    """In every layout; the body runs without dropout, so that remembering changes nothing."""
    job = tuning(small_base, model_type, "classify", HEAD)
    plain = reports(job, tmp_path / "plain")
    store = Store(tmp_path / "store", 10**9)
    found = reports(tuning(small_base, model_type, "classify", HEAD), tmp_path / "kept", store)
    assert store.account.computed == different(job)
    assert losses(found) == pytest.approx(losses(plain), rel=1e-5)


def test_nothing_is_remembered_where_all_layers_learn(
    small_base: SmallBase, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun: list[int] = []
    usual = decoder.angles_of
    monkeypatch.setattr(decoder, "angles_of", lambda *given: begun.append(1) or usual(*given))
    store = Store(tmp_path / "store", 10**9)
    reports(tuning(small_base, "llama", "answer", {"method": "lora", "epochs": 1}), tmp_path / "run", store)
    assert begun, "the lean decoder ran"
    assert store.account.hits + store.account.misses == 0
