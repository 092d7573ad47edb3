"""A few real steps of a training, to foresee the whole; the model that took them is thrown away."""

import math
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import cast

from overtone.core.answer import System
from overtone.core.event import Watch
from overtone.core.example import Example
from overtone.decide.cost_model import Batch, steps_cost
from overtone.engine.hidden import plain
from overtone.job.deciding.spent import Spent, timed
from overtone.job.stages import Part
from overtone.job.tuner import Tuner
from overtone.models.quantised import weight_bytes
from overtone.train.artifact import save_artifact
from overtone.train.checkpoint import Checkpoints
from overtone.train.loop import Training
from overtone.train.optimizer import learned_weights
from overtone.train.stage import Stage
from overtone.train.teacher import prepared
from overtone.train.tune import make_rows, objective_of, sampler_of, start

STEPS = 4  # of different lengths, beside one that warms up
SECONDS = 6.0  # after which no further step is taken
VALIDATED = 16  # rows of a validation


@dataclass(frozen=True)
class Foreseen:
    """What a whole training would take, the bytes that it leaves (`kept`) and needs for a while (`most`), both on disk.

    `weights` are the bytes of the loaded base in memory, packed where it is.
    """

    seconds: float
    cpu: float
    kept: int
    most: int
    weights: int = 0


class Probe(Training):
    """A training of which single steps are taken."""

    def batches(self) -> list[list[int]]:
        """The rows of each step of the first epoch."""
        return self._steps_of_epoch(0)

    def take(self, rows: list[int]) -> None:
        """One update."""
        self._update(rows)

    def save(self) -> None:
        """What follows a validation that is the best so far."""
        self.checkpoints.save_best(self._weights(), {"step": self.state.step})
        self._save()


@dataclass
class TrainingProbe:
    """Stands in for a run's tuner on some of the rows; `of` is by how much all rows are more than those."""

    tuner: Tuner
    of: float
    found: Foreseen | None = None
    took: Spent | None = None  # by the probe itself

    def __call__(
        self,
        stages: Sequence[Stage],
        train: Sequence[Example],
        validation: Sequence[Example],
        folder: Path,
        watch: Watch,
    ) -> System:
        """The system of the untrained model; what the training would take is left in `found`."""
        with tempfile.TemporaryDirectory() as place:
            system, self.took = timed(lambda: self._all(stages, train, validation, Path(place)))
        return system

    def _all(
        self, stages: Sequence[Stage], train: Sequence[Example], validation: Sequence[Example], place: Path
    ) -> System:
        """Every stage from the untuned base, one after the other; the last one's system."""
        parts = self.tuner.parts(stages, train, validation)
        probed = [self._probe(part, place / str(number)) for number, part in enumerate(parts)]
        self.found = added([found for _, found in probed])
        return probed[-1][0]

    def _probe(self, part: Part, place: Path) -> tuple[System, Foreseen]:
        tuning = self.tuner.tuning(part)
        stage, train, validation = part.stage, part.train, part.validation
        objective = objective_of(tuning)
        artifact, begun = timed(lambda: start(tuning, objective))
        kept, reading = timed(lambda: make_rows(tuning, objective, train, "training"))
        held = make_rows(tuning, objective, validation[:VALIDATED], "validation")
        rows, held = prepared(objective, tuning.base, tuning.task, tuning.labels, (kept, held))
        checkpoints = Checkpoints(place / "checkpoints")
        sampler = sampler_of(tuning, objective, artifact)
        training = Probe(
            artifact.learner, objective, tuning.task, stage, rows, held, tuning.seed, checkpoints, sampler
        )
        steps = _steps(training)
        _, judged = timed(lambda: training.validation_means() if held else None)
        _, saved = timed(training.save)
        save_artifact(artifact, place / "artifact")
        of = 1.0 if part.own else self.of
        found = _whole(training, [begun, reading, judged, saved], steps, len(validation), of)
        found = replace(found, **self._bytes(training, place / "artifact"))
        return cast(System, artifact.system()), found

    def _bytes(self, training: Probe, artifact: Path) -> dict[str, int]:
        """The artifact and the best weights stay; two checkpoints with the optimizer's two moments do not."""
        learned = sum(
            weight.numel() * weight.element_size() for weight in learned_weights(training.learner).values()
        )
        stays = sum(path.stat().st_size for path in artifact.rglob("*") if path.is_file()) + learned
        held = weight_bytes(plain(training.learner.body))
        return {"kept": stays, "most": stays + 2 * 3 * learned, "weights": held}


def added(stages: Sequence[Foreseen]) -> Foreseen:
    """Stages one after the other: what they take adds up, and what each keeps stands while the next is trained."""
    kept = sum(one.kept for one in stages)
    most = kept + max(one.most - one.kept for one in stages)
    weights = max(one.weights for one in stages)
    return Foreseen(sum(one.seconds for one in stages), sum(one.cpu for one in stages), kept, most, weights)


def _whole(
    training: Probe,
    parts: Sequence[Spent],
    steps: Sequence[tuple[Batch, Spent, Spent]],
    held: int,
    of: float,
) -> Foreseen:
    """Start, rows, steps, validations and what is saved after them, of all rows."""
    begun, reading, judged, saved = parts
    stage, epoch = training.stage, [_batch(training, rows) for rows in training.batches()]
    validations = math.ceil(stage.epochs * stage.evaluations)
    judging = of * held / max(1, min(held, VALIDATED)) * validations
    first, again = min(1.0, stage.epochs) * of, max(0.0, stage.epochs - 1) * of
    rows = sum(len(batch.lengths) for batch in epoch)
    full = max(
        1 / of, rows / (stage.batch_rows * stage.accumulate)
    )  # steps that these rows are worth among all

    def total(kind: str) -> float:
        new = [(batch, getattr(took, kind)) for batch, took, _ in steps]
        known = [(batch, getattr(took, kind)) for batch, _, took in steps]
        learning = first * steps_cost(new, epoch, full) + again * steps_cost(known, epoch, full)
        beside = getattr(begun, kind) + of * getattr(reading, kind)
        return float(beside + learning + judging * getattr(judged, kind) + validations * getattr(saved, kind))

    return Foreseen(total("seconds"), total("cpu"), 0, 0)


def _steps(training: Probe) -> list[tuple[Batch, Spent, Spent]]:
    """Steps from the cheapest to the dearest, each taken twice: what is frozen is remembered the second time."""
    order = sorted(training.batches(), key=lambda rows: _batch(training, rows).parts[1:])
    places = sorted({round(part * (len(order) - 1) / (STEPS - 1)) for part in range(STEPS)})
    training.take(order[places[0]])
    begun, found = time.perf_counter(), []
    for rows in [order[place] for place in reversed(places)]:
        first, again = (timed(partial(training.take, rows))[1] for _ in range(2))
        found.append((_batch(training, rows), first, again))
        if time.perf_counter() - begun > SECONDS:
            break
    return found


def _batch(training: Probe, rows: Sequence[int]) -> Batch:
    return Batch(tuple(training.lengths[row] for row in rows))
