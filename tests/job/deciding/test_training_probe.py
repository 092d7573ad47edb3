"""What a training takes beside its steps is foretold too."""

import time
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

from overtone.core.event import unwatched
from overtone.core.example import Example
from overtone.core.tasks.classify import ClassifyTask
from overtone.decide.cost_model import Batch
from overtone.job.deciding import training_probe
from overtone.job.deciding.spent import Spent
from overtone.job.deciding.training_probe import Pieces, TrainingProbe, _whole
from overtone.job.tuner import Tuner
from overtone.methods.lora import Lora
from overtone.train.stage import Stage

LONG = 0.4  # seconds of the processor, far more than anything of a base this small
NOTHING = Spent()
FEW, VALIDATED, STEP_ROWS, OF = 32, 4, 8, 20.0


def whole(epochs: float, **given: object) -> Spent:
    """Of 32 rows and 8 held ones, of which 4 were judged, where all are 20 times as many: 80 steps an epoch."""
    pieces = {"once": NOTHING, "rows": NOTHING, "head": [(16.0, NOTHING)], "judged": (NOTHING, NOTHING)}
    pieces |= {"best": NOTHING, "saved": NOTHING, "steps": [(Batch((10,) * STEP_ROWS), NOTHING, NOTHING)]}
    settings = {name: given.pop(name) for name in ("refit", "checkpoint_steps") if name in given}
    stage = Stage.model_validate({"method": "lora", "batch_rows": STEP_ROWS, "epochs": epochs, **settings})
    training = SimpleNamespace(
        stage=stage,
        rows=[None] * FEW,
        validation=[None] * given.pop("judged_rows", VALIDATED),
        lengths=[10] * FEW,
        batches=lambda: [list(range(first, first + STEP_ROWS)) for first in range(0, FEW, STEP_ROWS)],
    )
    return _whole(training, Pieces(**{**pieces, **given}), 8, OF)  # type: ignore[arg-type]


def cpu(seconds: float) -> Spent:
    return Spent(cpu=seconds)


def test_each_row_is_read_once_and_the_model_is_made_once() -> None:
    assert whole(3, once=cpu(5.0)).cpu == pytest.approx(5.0)
    assert whole(3, rows=cpu(0.1)).cpu == pytest.approx(0.1 * OF)


def test_steps_of_the_first_epoch_are_new_and_the_others_known() -> None:
    steps = [(Batch((10,) * STEP_ROWS), cpu(0.3), cpu(0.1))]
    assert whole(3, steps=steps).cpu == pytest.approx(80 * (0.3 + 2 * 0.1))
    assert whole(0.5, steps=steps).cpu == pytest.approx(40 * 0.3)


def test_a_checkpoint_follows_every_validation_and_so_many_steps() -> None:
    assert whole(10, saved=cpu(1.0)).cpu == pytest.approx(10 + 800 / 200)
    assert whole(10, saved=cpu(1.0), checkpoint_steps=20).cpu == pytest.approx(10 + 800 / 20)
    assert whole(10, saved=cpu(1.0), judged_rows=0).cpu == pytest.approx(800 / 200)


def test_only_some_validations_are_the_best_so_far() -> None:
    assert whole(10, best=cpu(1.0)).cpu == pytest.approx(3.0)
    assert whole(10, best=cpu(1.0), judged_rows=0).cpu == pytest.approx(0, abs=1e-5)


def test_validations_are_of_all_held_rows_and_new_once() -> None:
    assert whole(10, judged=(cpu(0.3), cpu(0.1))).cpu == pytest.approx(OF * 8 / VALIDATED * (0.3 + 9 * 0.1))
    assert whole(10, judged=(cpu(0.3), cpu(0.1)), judged_rows=0).cpu == pytest.approx(0, abs=1e-5)


def test_a_start_of_the_head_grows_with_the_rows_up_to_a_limit(monkeypatch) -> None:
    head = [(16.0, cpu(1.16)), (40.0, cpu(1.4))]
    assert whole(1, head=head).cpu == pytest.approx(1 + 640 / 100)
    monkeypatch.setattr(training_probe, "MOST_ROWS", 100)
    assert whole(1, head=head).cpu == pytest.approx(1 + 100 / 100)


def test_a_second_training_takes_all_rows_for_as_long_as_the_best_took() -> None:
    steps = [(Batch((10,) * STEP_ROWS), cpu(0.1), cpu(0.1))]
    assert whole(2, steps=steps, refit=True).cpu == pytest.approx(16 * (1 + 0.4 * (1 + 8 / FEW)))


@pytest.fixture
def foretold(small_base: Callable[[str], Path], tmp_path: Path) -> Callable[[bool], float]:
    """Foretells the processor's seconds of a short training."""
    labels = ("rain", "sun")
    rows = [
        Example(str(one), text=f"the {labels[one % 2]} of {one}", labels=(labels[one % 2],))
        for one in range(40)
    ]
    stage = Stage(method=Lora(rank=2), batch_rows=8, epochs=0.1)

    def foresee(references: bool) -> float:
        base, checkpoints = str(small_base("bert")), tmp_path / "checkpoints"
        probe = TrainingProbe(Tuner(base, ClassifyTask(), labels, 0, checkpoints, references), OF)
        probe([stage], rows[:32], rows[32:], tmp_path, unwatched)
        assert probe.found is not None
        return probe.found.took.cpu

    return foresee


def test_what_follows_the_training_is_counted_once_where_it_happens(foretold, monkeypatch) -> None:
    foretold(True)  # loads libraries
    quick = {references: foretold(references) for references in (True, False)}
    for name in ("forgetting_of", "take_references", "load_artifact"):
        monkeypatch.setattr(training_probe, name, slower(getattr(training_probe, name)))
    assert foretold(True) - quick[True] == pytest.approx(3 * LONG, abs=LONG)
    assert foretold(False) - quick[False] == pytest.approx(LONG, abs=LONG)


@pytest.mark.parametrize("most", [4, 400])
def test_the_step_of_the_longest_rows_that_fit_is_taken(small_base, tmp_path, monkeypatch, most) -> None:
    """Its memory is the most that any step takes."""
    taken, labels = [], ("rain", "sun")
    rows = [
        Example(str(size), text="x" * size, labels=(labels[size % 2],)) for size in (300, *range(40, 0, -1))
    ]
    monkeypatch.setattr(training_probe.Probe, "take_rows", lambda self, rows, _: taken.append(rows))
    stage = Stage(method=Lora(rank=2), batch_rows=8, epochs=0.1, long_rows="drop")
    tuner = Tuner(str(small_base("bert")), ClassifyTask(), labels, 0, tmp_path / "checkpoints", False)
    few = rows[-16:]
    TrainingProbe(tuner, OF, rows[:most])([stage], few[:12], few[12:], tmp_path, unwatched)
    (found,) = taken
    longest = sorted((row.size for row in found), reverse=True)
    assert len(longest) == min(8, most - 1)
    assert longest == list(range(longest[0], longest[0] - len(longest), -1))


@pytest.mark.parametrize(("family", "foreseen"), [("bert", 0), ("llama", 40)])
def test_what_is_compiled_is_foreseen_for_the_sizes_that_are_new(
    small_base, tmp_path, monkeypatch, family, foreseen
) -> None:
    """Each new size of a lean decoder leaves what the longest step left; no other layout compiles."""
    monkeypatch.setattr(training_probe, "sizes", lambda *_: training_probe.STEPS + 1 + 4)
    monkeypatch.setattr(training_probe.PeakMemory, "megabytes_left", lambda _: 10.0)
    labels = ("rain", "sun")
    rows = [Example(str(size), text="x" * size, labels=(labels[size % 2],)) for size in range(1, 41)]
    stage = Stage(method=Lora(rank=2), batch_rows=8, epochs=2)
    tuner = Tuner(str(small_base(family)), ClassifyTask(), labels, 0, tmp_path / "checkpoints", False)
    probe = TrainingProbe(tuner, OF, rows[::-1])
    probe([stage], rows[:32], rows[32:], tmp_path, unwatched)
    assert probe.found is not None and probe.found.further == foreseen


def slower(function: Callable[..., object]) -> Callable[..., object]:
    """The function behind a busy while."""

    def called(*given: object) -> object:
        end = time.process_time() + LONG
        while time.process_time() < end:
            pass
        return function(*given)

    return called
