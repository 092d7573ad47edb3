"""How values are proposed: each proposal from a fresh sampler, seeded by the search and the number of the trial.

Nothing of a sampler is kept between trials, so a search that goes on after a crash proposes what it would have
proposed without one: at random exactly so, and by TPE given the same trials before.
"""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from optuna.samplers import BaseSampler, RandomSampler, TPESampler

STARTUP = 8  # trials at random before TPE learns from them


def make_sampler(name: str, seed: int) -> BaseSampler:
    """The sampler that a plan names; a grid's points are laid out beforehand, and nothing is left to sample."""
    return Reseeded(SAMPLERS[name], seed)


class Reseeded(BaseSampler):  # type: ignore[misc]
    """Asks a new sampler for each parameter, seeded by (seed, trial, parameter)."""

    def __init__(self, make: Callable[[int], BaseSampler], seed: int) -> None:
        self.make, self.seed = make, seed

    def infer_relative_search_space(self, study: Any, trial: Any) -> Mapping[str, Any]:
        """What the sampler proposes together."""
        return self._of(trial, "").infer_relative_search_space(study, trial)  # type: ignore[no-any-return]

    def sample_relative(self, study: Any, trial: Any, search_space: Mapping[str, Any]) -> Mapping[str, Any]:
        """Values proposed together."""
        return self._of(trial, "").sample_relative(study, trial, search_space)  # type: ignore[no-any-return]

    def sample_independent(self, study: Any, trial: Any, name: str, distribution: Any) -> Any:
        """A value proposed alone: at random, or where the setting is not part of every trial."""
        return self._of(trial, name).sample_independent(study, trial, name, distribution)

    def after_trial(self, study: Any, trial: Any, state: Any, values: Sequence[float] | None) -> None:
        """Nothing is learned here: the next sampler reads the trials."""

    def _of(self, trial: Any, name: str) -> BaseSampler:
        return self.make(seed_of(self.seed, trial.number, name))


def seed_of(seed: int, number: int, name: str) -> int:
    """A number of 32 bits that only its three sources decide."""
    digest = hashlib.blake2b(f"{seed}\x1f{number}\x1f{name}".encode(), digest_size=4).digest()
    return int.from_bytes(digest, "little")


def _tpe(seed: int) -> BaseSampler:
    return TPESampler(n_startup_trials=STARTUP, seed=seed)


def _random(seed: int) -> BaseSampler:
    return RandomSampler(seed=seed)


SAMPLERS: dict[str, Callable[[int], BaseSampler]] = {"tpe": _tpe, "random": _random, "grid": _random}
