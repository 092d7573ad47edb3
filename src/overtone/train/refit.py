"""Where a training begins again on more rows: the weights that it began from are kept on the disk for that long."""

from pathlib import Path
from shutil import rmtree

import torch

from overtone.core.errors import RunFailed
from overtone.engine.learner import Learner
from overtone.train.checkpoint import Checkpoints
from overtone.train.optimizer import learned_weights

FOLDER = "refit"  # in the folder of the first training's checkpoints


class Refit:
    """The start of a learner that has not learned yet, and the checkpoints of what learns from there again."""

    def __init__(self, learner: Learner, checkpoints: Path) -> None:
        self.learner, self.kept = learner, Checkpoints(checkpoints / FOLDER)
        weights = {name: weight.detach() for name, weight in learned_weights(learner).items()}
        self.kept.save_best(weights, {"step": 0})

    def begin_again(self) -> None:
        """Put the start into the learner."""
        start = self.kept.best(0)
        if start is None:
            raise RunFailed("the weights that the training began from cannot be read from the disk")
        with torch.no_grad():
            for name, weight in learned_weights(self.learner).items():
                weight.copy_(start[name])

    def end(self) -> None:
        """Let everything go."""
        rmtree(self.kept.folder, ignore_errors=True)
