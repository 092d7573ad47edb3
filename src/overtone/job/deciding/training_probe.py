"""A few real steps of a training, to foresee the whole; the model that took them is thrown away.

What a run does once beside the steps is done here once too: the head's start, the artifact, the probe of what is
forgotten, the references of parity, loading the model again.
"""

import math
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from overtone.core.answer import System
from overtone.core.event import Watch
from overtone.core.example import Example
from overtone.decide.cost_model import Batch, steps_cost
from overtone.decide.memory import PeakMemory
from overtone.engine.hidden import plain
from overtone.engine.layout import layout_of
from overtone.engine.lean.product import sizes
from overtone.engine.row import Row
from overtone.job.candidate import take_references, write_references
from overtone.job.deciding.foreseen import Foreseen, added
from overtone.job.deciding.longest import longest_step
from overtone.job.deciding.measured_few import measured_few
from overtone.job.deciding.mixed import few_others, mixed, trained_alone, waiting
from overtone.job.deciding.spent import Spent, on_line, timed
from overtone.job.forgetting import READ, WRITTEN, forgetting_of
from overtone.job.stages import Part
from overtone.job.tuner import Tuner
from overtone.models.quantised import weight_bytes
from overtone.objectives.objective import Objective
from overtone.train.artifact import Artifact, load_artifact, save_artifact
from overtone.train.checkpoint import Checkpoints
from overtone.train.fitted_head import MOST_ROWS, fit_heads
from overtone.train.loop import Training
from overtone.train.mixture import TaskPart
from overtone.train.optimizer import learned_weights
from overtone.train.stage import Stage
from overtone.train.teacher import prepared
from overtone.train.tune import Tuning, make_rows, objective_of, sampler_of, start

STEPS = 4  # of different lengths, beside one that warms up
SECONDS = 6.0  # after which no further step is taken
VALIDATED = 16  # rows of a validation
FITTED = (slice(8), slice(8, 24), slice(24, 64))  # rows that a head's start is fitted to, first to warm up
JUDGED = 8  # rows of each stage that what is forgotten is judged on
# As the recipes' runs went: the share of validations that are the best so far, and where in a training the last one is.
BEST, BEST_AT = 0.3, 0.4


class Probe(Training):
    """A training of which single steps are taken."""

    def batches(self) -> list[list[int]]:
        """The rows of each step of the first epoch."""
        return self._steps_of_epoch(0)

    def take(self, rows: list[int]) -> None:
        """One update."""
        self._update(rows)

    def take_rows(self, rows: Sequence[Row], objective: Objective) -> None:
        """One update over rows that are not the training's own, by an objective that knows them."""
        self.rows, self.objective = rows, objective
        self._update(list(range(len(rows))))

    def save_best(self) -> None:
        """What follows a validation that is the best so far."""
        self.checkpoints.save_best(self._weights(), {"step": self.state.step})

    def save(self) -> None:
        """What every validation ends with."""
        self._save()

    def restore(self) -> None:
        """What the training ends with."""
        self.checkpoints.best(self.state.step)


@dataclass(frozen=True)
class Pieces:
    """What the pieces of a training took on the few rows."""

    once: Spent
    rows: Spent  # grows with the rows
    head: Sequence[tuple[float, Spent]]  # its start, by the rows that it is fitted to
    judged: tuple[Spent, Spent]  # a validation for the first time, and again
    best: Spent
    saved: Spent
    steps: Sequence[tuple[Batch, Spent, Spent]]  # for the first time, and again


@dataclass
class TrainingProbe:
    """Stands in for a run's tuner on some of the rows; `of` is by how much all rows are more than those."""

    tuner: Tuner
    of: float
    longest: Sequence[Example] = ()  # of all rows, in the order of their length
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
        """Every stage from the untuned base, one after the other; the last one's system as it is loaded again."""
        parts = self.tuner.parts(stages, train, validation)
        places = [place / str(number) for number in range(len(parts))]
        found = []
        for part, folder in zip(parts, places, strict=True):
            artifact, foreseen = self._probe(part, folder)
            found.append(foreseen)
        afterwards = self._afterwards(parts, places, artifact)
        system, loaded = timed(lambda: load_artifact(places[-1]).system())
        loads = 1 if parts[-1].stage.precision == "float32" else 2
        whole = added(found)
        self.found = replace(whole, took=whole.took + afterwards + loaded.times(loads))
        return system

    def _probe(self, part: Part, folder: Path) -> tuple[Artifact, Foreseen]:
        of = 1.0 if part.own else self.of
        every_row = self.tuner.tuning(part)
        tuning = few_others(every_row, of)
        objective = objective_of(tuning)
        artifact, begun = timed(lambda: start(tuning, objective))
        kept, reading = timed(lambda: make_rows(tuning, objective, part.train, "training"))
        held, hearing = timed(lambda: make_rows(tuning, objective, part.validation, "validation"))
        (rows, held), taught = timed(
            lambda: prepared(objective, tuning.base, tuning.task, tuning.labels, (kept, held))
        )
        (parts, whole), mixing = timed(lambda: mixed(tuning, artifact, objective, rows, held))
        checkpoints = Checkpoints(folder.with_suffix(".checkpoints"))
        sampler, every = sampler_of(tuning, objective, artifact), [*held, *whole.validation]
        few = every[:: max(1, len(every) // VALIDATED)][:VALIDATED]
        asked = (artifact.learner, whole.objective, tuning.task, whole.stage, whole.rows, few)
        told = measured_few(tuning, artifact, len(few))
        training = Probe(*asked, tuning.seed, checkpoints, sampler, measured=told)
        fits = _fits(training, parts)
        steps = _steps(training)
        judged = [timed(lambda: training.validation_means() if held else None)[1] for _ in range(2)]
        best, saved, restored = (
            timed(work)[1] for work in (training.save_best, training.save, training.restore)
        )
        _, written = timed(lambda: save_artifact(artifact, folder))
        once, by_rows = begun + restored + written, reading + hearing + taught + mixing
        pieces = Pieces(once, by_rows, fits, (judged[0], judged[1]), best, saved, steps)
        took = _whole(training, pieces, len(every), of)
        if tuning.tasks and few and self.tuner.references:
            took += self._by_tasks(tuning, took, pieces.judged[1].times(1 / len(few)))
        disk = self._bytes(training, folder)
        further = 0.0 if part.own else self._take_longest(training, every_row, parts)
        return artifact, Foreseen(took, **disk, further=further + waiting(tuning, disk["weights"]))

    def _take_longest(self, training: Probe, tuning: Tuning, parts: Sequence[TaskPart]) -> float:
        """The step that takes most memory.

        Gives the megabytes of what will be compiled for the sizes that no step had yet, by what this one leaves.
        """
        rows, objective = longest_step(tuning, parts, training.objective, self.longest)
        if not rows:
            return 0.0
        memory, fewest = PeakMemory(), min(sum(_batch(training, one).lengths) for one in training.batches())
        training.take_rows(rows, objective)
        if layout_of(training.learner.body).name != "lean":
            return 0.0
        weight = next(training.learner.body.parameters())
        new = sizes(fewest, sum(row.size for row in rows), weight) - STEPS - 1
        return memory.megabytes_left() * max(0, min(new, training.steps))

    def _by_tasks(self, tuning: Tuning, together: Spent, row: Spent) -> Spent:
        """What follows a mixture: each task is judged on its test rows, where asked for beside a model of it alone.

        The tasks one by one take what they took together; `row` is what judging one row takes.
        """
        tested = len(self.tuner.test) + sum(len(one.test) for one in tuning.tasks)
        return row.times(2 * tested) + together if trained_alone(tuning) else row.times(tested)

    def _afterwards(self, parts: Sequence[Part], places: Sequence[Path], artifact: Artifact) -> Spent:
        """What follows the training where parity will be checked."""
        if not self.tuner.references:
            return Spent()

        def forget(rows: int) -> Spent:
            few = [replace(part, held=part.held[:rows]) for part in parts]
            return timed(lambda: forgetting_of(few, places, artifact, self.tuner.base, self.tuner.seed))[1]

        _, referred = timed(
            lambda: write_references(
                take_references(artifact, parts[-1].validation), places[-1].with_suffix(".json")
            )
        )
        took, last = forget(0) + referred, parts[-1]
        if len(parts) == 1:
            return took
        most = WRITTEN if last.task.asks == "generate" else READ
        rows = min(most, len(last.held) * (1.0 if last.own else self.of))
        return took + forget(JUDGED).beyond(took).times(rows / JUDGED)

    def _bytes(self, training: Probe, artifact: Path) -> dict[str, int]:
        """The artifact and the best weights stay; two checkpoints with the optimizer's two moments do not."""
        learned = sum(
            weight.numel() * weight.element_size() for weight in learned_weights(training.learner).values()
        )
        stays = sum(path.stat().st_size for path in artifact.rglob("*") if path.is_file()) + learned
        held = weight_bytes(plain(training.learner.body))
        return {"kept": stays, "most": stays + 2 * 3 * learned, "weights": held}


def _whole(training: Probe, pieces: Pieces, held: int, of: float) -> Spent:
    """What all rows take; `held` are the few's validation rows."""
    stage, judged = training.stage, len(training.validation)
    steps = _step_count(training, of)
    learning = _learning(training, pieces.steps, of, steps)
    if stage.refit and judged:
        learning += learning.times(BEST_AT * (1 + held / len(training.rows)))
    validations = math.ceil(stage.epochs * stage.evaluations) if judged else 0
    first, again = (one.times(of * held / max(1, judged)) for one in pieces.judged)
    judging = (first + again.times(validations - 1)) if validations else Spent()
    head = on_line(pieces.head, [min(of * len(training.rows), MOST_ROWS)])
    saves = validations + steps * stage.epochs / stage.checkpoint_steps
    saving = pieces.best.times(BEST * validations) + pieces.saved.times(saves)
    return pieces.once + pieces.rows.times(of) + head + learning + judging + saving


def _step_count(training: Probe, of: float) -> float:
    """Steps of an epoch of all rows: a few rows rarely fill their last one."""
    return max(1.0, of * len(training.rows) / (training.stage.batch_rows * training.stage.accumulate))


def _learning(
    training: Probe, measured: Sequence[tuple[Batch, Spent, Spent]], of: float, steps: float
) -> Spent:
    """All steps: those of the first epoch, then those of the others."""
    epochs, epoch = training.stage.epochs, [_batch(training, rows) for rows in training.batches()]

    def cost(kind: str) -> float:
        new = [(batch, getattr(took, kind)) for batch, took, _ in measured]
        known = [(batch, getattr(took, kind)) for batch, _, took in measured]
        first, again = (steps_cost(one, epoch, steps / of) for one in (new, known))
        return of * (min(1.0, epochs) * first + max(0.0, epochs - 1) * again)

    return Spent(cost("work"), cost("seconds"), cost("cpu"))


def _fits(training: Probe, parts: Sequence[TaskPart]) -> list[tuple[float, Spent]]:
    """The heads' start from few rows, and from more; it changes no weight that a step's time depends on."""
    found = []
    for few in FITTED:
        rows = [(one.kind, one.rows[few]) for one in parts if one.rows[few]]
        if rows:
            fit = partial(fit_heads, rows, training.frozen, training.seed)
            found.append((float(sum(len(own) for _, own in rows)), timed(fit)[1]))
    return found[1:] or found


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
