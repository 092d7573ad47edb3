"""The one training loop. It yields what it does and calls nobody back.

Everything that a step depends on is a function of the weights, the optimizer's state, the seed and the
number of the step, so a resumed training takes the very steps that the uninterrupted one takes.
"""

import math
import time
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

import torch
from torch import Tensor

from overtone.core.errors import RunFailed
from overtone.core.task import Task
from overtone.engine.activations import keeping
from overtone.engine.allocator import give_back_freed, keep_freed_memory
from overtone.engine.batches import Budget, forward_passes
from overtone.engine.frozen import frozen_part
from overtone.engine.frozen_context import Frozen, resting
from overtone.engine.hidden import plain
from overtone.engine.layout import layout_of
from overtone.engine.learner import Learner
from overtone.engine.loss import Loss
from overtone.engine.read import batches_to_read
from overtone.engine.row import Row
from overtone.objectives.objective import Objective
from overtone.train.checkpoint import Checkpoints
from overtone.train.held import Held
from overtone.train.optimizer import learned_weights, make_optimizer, restore_state, set_factor, state_tensors
from overtone.train.report import Step, Validation
from overtone.train.sampling import Sampler
from overtone.train.stage import Stage

METRIC = "metric"
GIVE_BACK = 5.0  # seconds after which freed memory is given back: it falls into more and more pieces


@dataclass
class State:
    """Where a training stands; what a checkpoint's `state.json` holds."""

    step: int = 0  # updates made
    best_step: int = 0
    best_quality: tuple[float, ...] = ()
    waited: int = 0  # validations since the best

    def as_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return {**self.__dict__, "best_quality": list(self.best_quality)}


class Training:
    """One stage of training of one learner on its rows; iterate over it to train."""

    def __init__(
        self,
        learner: Learner,
        objective: Objective,
        task: Task,
        stage: Stage,
        rows: Sequence[Row],
        validation: Sequence[Row],
        seed: int,
        checkpoints: Checkpoints,
        sampler: Sampler | None = None,
        held: Held | None = None,
        measured: Callable[[], float] | None = None,
    ) -> None:
        self.learner, self.objective, self.task, self.stage = learner, objective, task, stage
        self.rows, self.validation, self.seed, self.checkpoints = rows, validation, seed, checkpoints
        self.sampler = sampler  # draws what a step learns from, where rows are prompts alone
        self.held = held  # what an anchor holds near its start
        self.measured = (
            measured  # the task's metric as the learner stands, where that tells the best validation
        )
        self.optimizer = make_optimizer(learner, stage)
        self.lengths = [row.size for row in rows]
        padded = layout_of(learner.body).name == "padded"
        self.budget = Budget(stage.batch_rows, stage.batch_tokens, padded)
        counts = [len(self._steps_of_epoch(epoch)) for epoch in range(max(1, math.ceil(stage.epochs)))]
        self.epoch_starts = [0, *accumulate(counts)]  # the step at which each epoch begins
        last = counts[-1] * (stage.epochs - len(counts) + 1)  # the last epoch may be a part of one
        self.steps = max(1, self.epoch_starts[-2] + math.ceil(last))
        self.state = State()
        answers = [answer.tokens for row in (*rows, *validation) for answer in row.answers]
        # What is drawn comes once, so nothing of it is worth remembering.
        self.frozen = Frozen(plain(learner.body)) if sampler else frozen_part(learner, answers)

    def __iter__(self) -> Iterator[Step | Validation]:
        """Train from the newest whole checkpoint to the end, then put the best weights into the learner."""
        keep_freed_memory()
        self._resume()
        given_back = time.monotonic()
        epoch, steps_of_epoch = -1, []
        patience = self.stage.patience or math.inf
        while self.stage.epochs and self.state.step < self.steps and self.state.waited < patience:
            if epoch != self._epoch():
                epoch = self._epoch()
                steps_of_epoch = self._steps_of_epoch(epoch)
            yield self._update(steps_of_epoch[self.state.step - self.epoch_starts[epoch]])
            if self._validates():
                yield self._validate()
                self._save()
            elif self.state.step % self.stage.checkpoint_steps == 0:
                self._save()
            if time.monotonic() - given_back > GIVE_BACK:
                give_back_freed()
                given_back = time.monotonic()
        self._restore_best()

    @property
    def best_epochs(self) -> float:
        """The epochs up to the best validation; all of them where there was none."""
        return (self.state.best_step or self.steps) * self.stage.epochs / self.steps

    def _epoch(self) -> int:
        """The epoch, counted from 0, to which the next step belongs."""
        return bisect_right(self.epoch_starts, self.state.step) - 1

    def _steps_of_epoch(self, epoch: int) -> list[list[int]]:
        """The rows of each step of an epoch, by number."""
        rows = self.stage.batch_rows * self.stage.accumulate
        return self.stage.curriculum.steps(self.lengths, rows, self.seed, epoch)

    def _update(self, numbers: list[int]) -> Step:
        """The optimizer's step over these rows, or its steps over all that is drawn for them."""
        rows = [self.rows[number] for number in sorted(numbers)]
        if self.sampler:
            rows = self.sampler.draw(rows, self.state.step)
        self.learner.train()
        torch.manual_seed(self.seed * 1_000_003 + self.state.step)
        factor = self.stage.schedule.at(self.state.step, self.steps)
        set_factor(self.optimizer, factor)
        sums: dict[str, float] = {}
        for _ in range(self.objective.repeats):
            norm = self._learn(rows, sums)
        self.state.step += 1
        units, tokens = sum(row.units for row in rows), sum(row.size for row in rows)
        means = {key: value / units / self.objective.repeats for key, value in sums.items()}
        return Step(self.state.step, self.steps, means.pop("loss"), factor, norm, units, tokens, means)

    def _learn(self, rows: Sequence[Row], sums: dict[str, float]) -> float:
        """One update, in forward passes weighted by what is supervised in them; the norm of its gradient.

        What the loss adds up to goes into `sums`.
        """
        self.optimizer.zero_grad()
        units, lengths, before = (
            sum(row.units for row in rows),
            [row.size for row in rows],
            sums.get("loss", 0.0),
        )
        with self.stage.method.thawed(self.learner.body, self.state.step / self.steps):
            for batch in forward_passes(range(len(rows)), lengths, self.budget):
                with resting(self.frozen), keeping(self.stage.activations, self.learner.body):
                    loss = self.objective.loss(self.learner, [rows[index] for index in batch], self.task)
                (loss.total / units).backward()  # type: ignore[no-untyped-call]
                _add(loss, sums)
        if self.held:
            self.held.pull()
        norm = torch.nn.utils.clip_grad_norm_(learned_weights(self.learner).values(), self.stage.clip).item()
        self._refuse_non_finite((sums["loss"] - before) / units, norm)
        self.optimizer.step()
        return norm

    def _refuse_non_finite(self, loss: float, norm: float) -> None:
        """Stop before the update, so that the newest checkpoint holds only finite weights."""
        if not (math.isfinite(loss) and math.isfinite(norm)):
            raise RunFailed(
                f"training stopped before step {self.state.step + 1}: loss {loss}, norm of the gradient {norm}. "
                "The newest checkpoint is sound; lower learning_rate and run again under another name."
            )

    def _validates(self) -> bool:
        """Whether a validation follows the step just taken: `evaluations` an epoch, and at the end."""
        every = max(1, round(self.epoch_starts[1] / self.stage.evaluations))
        return bool(self.validation) and (self.state.step % every == 0 or self.state.step == self.steps)

    def validation_means(self) -> dict[str, float]:
        """Mean loss and other means over the validation rows, or over what is written for them."""
        rows = self.sampler.write(self.validation) if self.sampler else self.validation
        with resting(self.frozen):
            means = evaluate_rows(self.learner, self.objective, self.task, rows)
        return means if self.measured is None else {**means, METRIC: self.measured()}

    def _validate(self) -> Validation:
        means = self.validation_means()
        quality = self.objective.quality(means)
        if METRIC in means:  # among equals the objective decides
            quality = (means[METRIC], *quality)
        best = not self.state.best_quality or quality > self.state.best_quality
        if best:
            self.state.best_step, self.state.best_quality, self.state.waited = self.state.step, quality, 0
            self.checkpoints.save_best(self._weights(), {"step": self.state.step})
        else:
            self.state.waited += 1
        stops = self.state.waited >= (self.stage.patience or math.inf)
        return Validation(self.state.step, self.steps, means, best, stops)

    def _weights(self) -> dict[str, Tensor]:
        return {name: weight.detach() for name, weight in learned_weights(self.learner).items()}

    def _save(self) -> None:
        tensors = {"weights": self._weights(), "optimizer": state_tensors(self.optimizer, self.learner)}
        self.checkpoints.save(self.state.step, tensors, self.state.as_dict())
        self.checkpoints.forget_other_bests(self.state.best_step)

    def _resume(self) -> None:
        found = self.checkpoints.newest()
        if found is None:
            return
        tensors, state = found
        self._load(tensors["weights"])
        restore_state(self.optimizer, self.learner, tensors["optimizer"])
        kept = {key: state[key] for key in State().as_dict()}
        self.state = State(**{**kept, "best_quality": tuple(state["best_quality"])})

    def _restore_best(self) -> None:
        """End with the weights of the best validation."""
        if self.state.best_step and self.state.best_step != self.state.step:
            weights = self.checkpoints.best(self.state.best_step)
            if weights is None:
                raise RunFailed(
                    f"the best weights (step {self.state.best_step}) cannot be read from the disk"
                )
            self._load(weights)
        self.learner.eval()

    def _load(self, weights: dict[str, Tensor]) -> None:
        with torch.no_grad():
            for name, weight in learned_weights(self.learner).items():
                weight.copy_(weights[name])


@torch.no_grad()
def evaluate_rows(
    learner: Learner, objective: Objective, task: Task, rows: Sequence[Row]
) -> dict[str, float]:
    """Mean loss and other means of an objective over rows, in evaluation mode."""
    learner.eval()
    sums: dict[str, float] = {}
    units = 0
    read = [[token for answer in row.answers for token in answer.tokens] for row in rows]
    for batch in batches_to_read(learner.body, read):
        loss = objective.loss(learner, [rows[index] for index in batch], task)
        units += loss.units
        _add(loss, sums)
    return {key: value / units for key, value in sums.items()}


def _add(loss: Loss, sums: dict[str, float]) -> None:
    """Add a batch's loss and its further sums to those of the batches before it."""
    for key, value in {"loss": loss.total.item(), **loss.sums}.items():
        sums[key] = sums.get(key, 0.0) + value
