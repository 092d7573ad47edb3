"""What a stage takes over from the one before: an adapter that goes on learning, or a base that it is merged into."""

import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from overtone.core.errors import UserError
from overtone.engine.learner import Learner
from overtone.engine.remember import remembering
from overtone.methods.method import Method
from overtone.models.base import Base, Precision, load_base
from overtone.objectives.objective import Objective
from overtone.train.artifact import START, Artifact, base_digest, load_artifact, read_card
from overtone.train.lineage import write_lineage
from overtone.train.merge_note import write_note
from overtone.train.optimizer import learned_weights
from overtone.train.stage import Carry, Stage

MERGED, STAGES = "merged", "stages"


@dataclass(frozen=True)
class Carried:
    """A finished artifact that the next stage begins from, and how."""

    folder: Path
    how: Carry

    def base(self, precision: Precision) -> Base:
        """A fresh base for the next stage: that of the stage before, or what it was merged into."""
        card = read_card(self.folder)
        whole = self.how == "merge" or (card.new_words and card.method.folder == "model")
        name = str(plain_weights(self.folder)) if whole else card.base
        base = load_base(name, precision, training=True)
        return card.method.upon(base, self.folder) if self.grows else base

    @property
    def grows(self) -> bool:
        """Whether what was learned before stays as it is, and the next stage adds to it."""
        return self.how == "continue" and read_card(self.folder).method.grows

    @property
    def new_words(self) -> int:
        """How many words the tokenizer of the stage before has beyond the base that goes on."""
        return 0 if self.how == "merge" else read_card(self.folder).new_words

    def has_head(self, labels: tuple[str, ...]) -> bool:
        """Whether the stage before learned a head of the same labels, which goes on."""
        return read_card(self.folder).labels == labels

    def take_over(self, learner: Learner, labels: tuple[str, ...]) -> None:
        """Put what was learned before into a learner: the adapter that goes on, and the head of the same labels.

        Heads of further tasks, the noises of tasks, and what a method adds to the body begin anew.
        """
        import torch

        before, goes_on = load_artifact(self.folder), self.how == "continue" and not self.grows
        have = dict(before.learner.named_parameters())
        with torch.no_grad():
            for name, weight in learned_weights(learner).items():
                if name.startswith(("heads.", "log_variances")):
                    continue
                if before.card.labels == labels if name.startswith("head.") else goes_on:
                    if name not in have:
                        raise _folded_away(before)
                    weight[: len(have[name])].copy_(
                        have[name]
                    )  # the bias of a head has rows of new words too

    def origin(self, merged: str, method: Method, objective: Objective) -> dict[str, Any]:
        """Base and lineage of what the next stage learns; `merged` is the base that it was merged into.

        A whole model that needs nothing of that one names the base before it, which lasts longer.
        """
        before = read_card(self.folder)
        base = merged if self.how == "merge" and _stands_upon_it(method, objective) else before.base
        return {"base": base, "base_sha256": base_digest(base), "lineage": before.history}

    def needed(self, method: Method, objective: Objective) -> dict[str, Path]:
        """What of the stage before must travel with what the next stage learns."""
        if self.how == "merge":
            return {"start": plain_weights(self.folder)} if _stands_upon_it(method, objective) else {}
        start, found = self.folder / START, {"before": self.folder} if _referenced(objective) else {}
        return {**found, **({"start": start} if start.is_dir() else {})}


def _stands_upon_it(method: Method, objective: Objective) -> bool:
    """Whether a tuned model needs the very weights that its training began from."""
    return method.folder == "adapter" or _referenced(objective)


def _referenced(objective: Objective) -> bool:
    """Whether rewards are measured against the model before the first step."""
    return bool(getattr(objective, "referenced", False))


def check_carries(stages: Sequence[Stage], where: str = "stages") -> None:
    """UserError where a stage cannot take over from the one before it as it says."""
    if stages and stages[0].carry:
        raise UserError(f"{where}[0].carry: no stage stands before the first one: leave it out")
    for place, (before, stage) in enumerate(pairwise(stages), 1):
        if stage.carry == "continue" and stage.method != before.method:
            raise UserError(
                f"{where}[{place}].carry: '{stage.method.name}' cannot go on with what '{before.method.name}' learned, "
                "unless both have the same settings: use carry: merge, or the method of the stage before"
            )
        if stage.carry == "merge" and not before.method.merges:
            raise UserError(
                f"{where}[{place}].carry: what '{before.method.name}' learns cannot be merged into the weights of the "
                "base: keep that method with the same settings and carry: continue, or tune with lora or full before"
            )
        rehearses = stage.curriculum.earlier and not stage.curriculum.sources
        if stage.carry == "continue" and stage.method.grows and rehearses:
            raise UserError(
                f"{where}[{place}].curriculum: what '{stage.method.name}' learned for earlier stages stays as it is, "
                f"so that '{stage.curriculum.name}' has none of their rows to keep: leave it out, or name files in its "
                "data"
            )


def carry_of(stage: Stage, before: Stage) -> Carry:
    """How a stage takes over where it does not say: it goes on where the method is the same."""
    return stage.carry or ("continue" if stage.method == before.method else "merge")


def plain_weights(artifact: Path) -> Path:
    """A finished artifact as a folder that any base may be: its own, or one beside it that it is merged into.

    UserError where it does not merge.
    """
    if (artifact / "config.json").is_file():
        return artifact
    merged = artifact.parent / MERGED
    if not merged.is_dir():
        found = load_artifact(artifact, merged=True)
        unfinished = merged.with_name(f".{MERGED}.{os.getpid()}.tmp")
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(parents=True)
        found.base.model.save_pretrained(unfinished)
        found.base.tokenizer.save_pretrained(unfinished)
        write_lineage(found.card.history, unfinished)
        if not found.card.merges_alike:
            write_note(found.card.precision, load_artifact(artifact).base, found.base, unfinished)
        unfinished.rename(merged)
    return merged


@contextmanager
def model_before(base: Base, carried: Carried | None, objective: Objective) -> Iterator[Base]:
    """The untuned model, for an objective that measures against it: the base, with an adapter that goes on.

    What stands upon a base is not remembered, for a learned beginning is no part of a body's fingerprint.
    """
    if carried is None or carried.how == "merge" or not _referenced(objective):
        yield base
    else:
        with remembering(None):
            yield load_artifact(carried.folder).base


def places_of(stages: Sequence[Stage], folder: Path) -> list[Path]:
    """Where each stage's artifact stands in a candidate's folder: the last one at its top."""
    earlier = [folder / STAGES / str(number) for number in range(1, len(stages))]
    return [place / stage.method.folder for place, stage in zip([*earlier, folder], stages, strict=True)]


def finished(artifact: Path) -> bool:
    """Whether a stage has been trained to its end."""
    return (artifact / "artifact.json").is_file()


def _folded_away(before: Artifact) -> UserError:
    name = before.card.method.name
    return UserError(
        f"stages[0].carry: '{name}' keeps only what it needs to answer, and cannot learn on from that: put its stages "
        "into one, or tune with lora"
    )
