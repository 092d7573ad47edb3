"""Every method under every objective, trained a few steps: `nice -n 10 python -m benchmarks.training_matrix`.

The bases are small random ones of a few families, made on the spot. A pair either learns, so that its loss falls, or is
refused in words. All else fails, and the script with it. Where answers are drawn, the reward of answers to the same
prompts by the same random numbers has to rise: what no weight has changed is then told from what was learned.
"""

import argparse
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import mean
from typing import Any

from torch import nn

from benchmarks.record import RESULTS, append
from overtone.core.errors import UserError
from overtone.core.example import Example
from overtone.methods.adapter import Adapter
from overtone.methods.method import Method
from overtone.models.base import load_base
from overtone.models.families import FAMILIES
from overtone.models.vocabulary import token_tables
from overtone.objectives.distillation import Distillation
from overtone.objectives.embedding import Embedding
from overtone.objectives.grpo import Grpo
from overtone.objectives.objective import Objective
from overtone.objectives.policy import Policy
from overtone.objectives.policy_reward import RewardSource
from overtone.objectives.policy_rows import Group
from overtone.train.artifact import Artifact, load_artifact
from overtone.train.report import Report, Validation
from overtone.train.sampling import Judge, Sampler
from overtone.train.stage import Stage
from overtone.train.tune import Tuning, make_rows, start, tune
from tests.methods.agreement import learned
from tests.objectives import plain_text
from tests.objectives.talks import LABELS, examples_of, task_of
from tests.small import write_base

USUAL = ("bert", "llama", "t5", "bart")  # of encoder-decoders one without biases and one with them
SEED, REASON_WORDS = 0, 12
BATCH_ROWS = 6
RATES = {"encoder": 3e-3, "decoder": 1e-2, "encoder-decoder": 5e-3}  # a few steps show, and none overshoots
STEEP = 0.02  # of the rate, where cosines are divided by a low temperature
EPOCHS = {"encoder": 4, "decoder": 4, "encoder-decoder": 8}
DRAWN_EPOCHS = 48  # where answers are drawn: rewards are noisy
DRAWN_RATE = 3e-2  # and few numbers move them little
TAUGHT_EPOCHS, COPIES = 40, 4
TOKENS, ANSWERS = 6, 200  # of a drawn answer; drawn to each prompt to see what was learned
SPREAD = 0.2  # of embeddings: large enough that what a base writes can be moved away from chance
SMALL = 0.03  # spread of a layer that passes little on of what it reads
KINDS = {"learns": "learn", "refused": "are refused", "fails": "fail"}


@dataclass(frozen=True)
class Bench:
    """A small base of one family, with what a method or an objective needs beside it; made where it is asked for."""

    family: str
    folder: Path
    drawn: bool = False  # for objectives that draw answers

    @property
    def base(self) -> Path:
        """A random base with embeddings of one size in all families; one that answers has no small layers.

        What a base with small layers writes hardly hangs on what it reads.
        """
        folder = self.folder / "base"
        if not folder.is_dir():
            model = load_base(str(write_base(folder, self.family))).model
            for matrix in (*token_tables(model), *(small_layers(model) if self.drawn else ())):
                matrix.data *= SPREAD / matrix.data.std()
            model.save_pretrained(folder)
        return folder

    def method(self, name: str) -> Method:
        """The method as it is by default; one that builds upon others has two adapters that differ."""
        if "adapters" not in Method.find(name).places:
            return Method.model_validate(name)
        folders = [self.folder / f"adapter_{seed}" for seed in range(2)]
        for seed, folder in enumerate(folders):
            if not folder.is_dir():
                Adapter().save(learned(Adapter(), self.base, seed), folder)
        return Method.model_validate({"name": name, "adapters": [str(folder) for folder in folders]})

    def objective(self, name: str) -> Objective:
        """The objective as it is by default, but that a head begins at random: a fitted one leaves little to fall.

        A teacher has learned the task in the usual way.
        """
        part = Objective.find(name)
        settings: dict[str, Any] = {"head_start": "random"} if "head_start" in part.model_fields else {}
        if issubclass(part, Policy):
            settings["max_tokens"] = TOKENS
        if issubclass(part, Distillation):
            settings["teacher"] = str(self._teacher(part))
        return part(**settings)

    def _teacher(self, part: type[Objective]) -> Path:
        kind, folder = FAMILIES[self.family].kind, self.folder / "teachers" / part.name
        if kind in part.kinds and not folder.is_dir():
            usual = Objective.usual(task_of(part), kind)
            reports(job_of(self, Method.model_validate("full"), usual, TAUGHT_EPOCHS), folder)
        return folder / "artifact"


def small_layers(model: nn.Module) -> list[nn.Parameter]:
    """The weights of linear layers that begin as small as most families have them; not T5's."""
    found = [layer.weight for layer in model.modules() if isinstance(layer, nn.Linear)]
    return [weight for weight in found if weight.std() < SMALL]


@dataclass(frozen=True)
class Outcome:
    """What became of a pair: it learns, is refused or fails; `told` are losses, a reason's first words, or an error."""

    kind: str
    told: str


def main() -> None:
    """Train all pairs, tell what became of them, and fail where one fails."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    _choices(parser, "--methods", list(Method.all()), list(Method.all()))
    _choices(parser, "--objectives", list(Objective.all()), list(Objective.all()))
    _choices(parser, "--families", list(FAMILIES), list(USUAL))
    parser.add_argument("--out", type=Path, default=RESULTS, help="where the tables are appended")
    given = parser.parse_args()
    failed = 0
    for family in given.families:
        found = matrix(family, given.methods, given.objectives)
        failed += sum(one.kind == "fails" for one in found.values())
        append(f"Methods under objectives on a small {family}", table(found), given.out)
    sys.exit(min(failed, 1))


def _choices(parser: argparse.ArgumentParser, name: str, known: list[str], usual: list[str]) -> None:
    parser.add_argument(name, nargs="+", choices=known, default=usual, metavar=name[2:-1].upper())


def matrix(family: str, methods: Sequence[str], objectives: Sequence[str]) -> dict[tuple[str, str], Outcome]:
    """What became of every pair of an objective and a method."""
    found = {}
    with tempfile.TemporaryDirectory() as place:
        benches = {drawn: Bench(family, Path(place) / f"{drawn=}", drawn) for drawn in (False, True)}
        for number, (objective, method) in enumerate((one, other) for one in objectives for other in methods):
            bench = benches[issubclass(Objective.find(objective), Policy)]
            found[objective, method] = _trained(bench, method, objective, Path(place) / f"{number}")
            print(family, objective, method, found[objective, method], flush=True)
    return found


def _trained(bench: Bench, method: str, objective: str, folder: Path) -> Outcome:
    def made() -> Tuning:
        return job_of(bench, bench.method(method), bench.objective(objective))

    try:
        first, last = course(made, folder)
    except UserError as error:
        names = {method: "METHOD", objective: "OBJECTIVE", str(bench.base): "BASE"}
        return Outcome("refused", reason(str(error), names))
    except Exception as error:  # what nobody foresaw is what is looked for
        return Outcome("fails", f"{type(error).__name__}: {error}".split("\n")[0])
    return Outcome("learns" if last < first else "fails", f"{first:.4g} to {last:.4g}")


def job_of(bench: Bench, method: Method, objective: Objective, epochs: int | None = None) -> Tuning:
    """To tune a fresh base on a few rows, which are also the validation's."""
    examples, base = examples_of(objective.name), load_base(str(bench.base))
    drawn = isinstance(objective, Policy)
    kind = FAMILIES[bench.family].kind
    rate = DRAWN_RATE if drawn else RATES[kind] * (STEEP if isinstance(objective, Embedding) else 1)
    stage = {
        "method": method,
        "objective": objective,
        "epochs": epochs or (DRAWN_EPOCHS if drawn else EPOCHS[kind]),
        "batch_rows": BATCH_ROWS,
        "learning_rate": rate,
        "head_learning_rate": rate,
    }
    return Tuning(
        plain_text.with_gaps(base) if objective.name in plain_text.PLAIN else base,
        task_of(type(objective)),
        LABELS,
        examples * COPIES,
        () if drawn else examples,
        Stage.model_validate(stage),
        SEED,
        _judged,
    )


def reports(job: Tuning, folder: Path) -> list[Report]:
    """Tune; what was reported."""
    return list(tune(job, folder / "checkpoints", folder / "artifact"))


def course(made: Callable[[], Tuning], folder: Path) -> tuple[float, float]:
    """What has to fall, at first and at last: the validation's loss by quarters, or what rewards lack of 1."""
    job = made()
    seen = reports(job, folder)
    objective = job.stage.objective
    if isinstance(objective, Policy):
        return lacking(job, start(made(), objective)), lacking(job, load_artifact(folder / "artifact"))
    found = [one.means["loss"] for one in seen if isinstance(one, Validation)]
    quarter = max(1, len(found) // 4)
    return mean(found[:quarter]), mean(found[-quarter:])


def lacking(job: Tuning, artifact: Artifact) -> float:
    """What the rewards of many answers that a model draws lack of 1 on the mean; all models draw alike."""
    drawing = Grpo(group=ANSWERS, max_tokens=TOKENS, beta=0)
    sampler = Sampler(artifact.base, artifact.learner, drawing, _judged(drawing.reward), TOKENS, SEED)
    prompts = make_rows(job, drawing, examples_of(drawing.name), "training")
    groups = [group for group in sampler.draw(prompts, 0) if isinstance(group, Group)]
    return 1 - mean(answer.reward for group in groups for answer in group.drawn)


def _judged(source: RewardSource) -> Judge:
    """Rewards: the share of an answer's characters that ASCII has, about half of them before any training."""

    def judge(examples: Sequence[Example], answers: Sequence[str]) -> list[float]:
        return [mean([character.isascii() for character in answer] or [0]) for answer in answers]

    return judge


def table(found: dict[tuple[str, str], Outcome]) -> list[str]:
    """Objectives down, methods across; reasons are numbered and told below, with what failed and how many of each."""
    objectives, methods = (list(dict.fromkeys(names)) for names in zip(*found, strict=True))
    reasons = list(dict.fromkeys(one.told for one in found.values() if one.kind == "refused"))
    lines = [f"| objective | {' | '.join(methods)} |", "|---" * (1 + len(methods)) + "|"]
    for objective in objectives:
        cells = (_cell(found[objective, method], reasons) for method in methods)
        lines.append(f"| {objective} | {' | '.join(cells)} |")
    lines += ["", *(f"{place}. {reason}" for place, reason in enumerate(reasons, 1))]
    lines += [
        f"- {' under '.join(pair[::-1])} fails: {one.told}"
        for pair, one in found.items()
        if one.kind == "fails"
    ]
    counts = Counter(one.kind for one in found.values())
    return [
        *lines,
        "",
        f"Of {len(found)} pairs {', '.join(f'{counts[kind]} {told}' for kind, told in KINDS.items())}.",
    ]


def _cell(one: Outcome, reasons: Sequence[str]) -> str:
    return f"refused ({1 + reasons.index(one.told)})" if one.kind == "refused" else one.kind


def reason(told: str, names: Mapping[str, str]) -> str:
    """The first words of a refusal, without the setting at its beginning and with a pair's own names made general."""
    where, _, rest = told.partition(": ")
    told = rest if where.startswith("stages") else told
    for name, general in names.items():
        told = told.replace(f"'{name}'", general)
    words = told.split()
    return " ".join(words[:REASON_WORDS]) + (" ..." if len(words) > REASON_WORDS else "")


if __name__ == "__main__":
    main()
