"""Learning from rewards: `python -m benchmarks.rewards update` and `... learn`, on one thread.

`update` times one update of GRPO on a prompt of 200 tokens with 8 answers, its prompt computed once and then eight
times, by turns, against what the operations and the tokens allow. `learn` trains `builtin:tiny` towards answers that a
function can check, and tells reward and divergence before, during and after.
"""

import argparse
import math
import random
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from statistics import fmean, stdev
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.engine import flops
from benchmarks.engine.rows import Row, Tokens
from benchmarks.engine.shapes import SHAPES, Shape, write_model
from benchmarks.engine.unshared import unshared
from overtone.core.example import Example, Message
from overtone.core.task import Task
from overtone.engine.learner import Learner
from overtone.evaluate.statistics.bca import bca
from overtone.generate.writer import Writer
from overtone.methods.method import Method
from overtone.models.base import load_base
from overtone.objectives.grpo import Grpo
from overtone.objectives.policy_reward import RewardSource
from overtone.objectives.policy_rows import Drawn, Group
from overtone.train.artifact import load_artifact
from overtone.train.optimizer import learned_weights
from overtone.train.report import Step
from overtone.train.sampling import Judge
from overtone.train.stage import Stage
from overtone.train.tune import Tuning, tune

if TYPE_CHECKING:
    import torch

PROMPT, ANSWERS, LENGTHS = 200, 8, (60, 200)
STUDENT = {5: 2.571, 7: 2.365, 9: 2.262, 11: 2.201}  # of the 95 % interval, by degrees of freedom
WORDS = ("north", "east", "south", "west", "left", "right", "up", "down")
SIX, LONGEST = 6, 24


def group_of(length: int, vocabulary: int) -> Group:
    """A prompt with its answers, of random tokens, as after a draw."""
    chance = random.Random(length)

    def draw(count: int) -> Tokens:
        return tuple(chance.randrange(20, vocabulary) for _ in range(count))

    prompt, before = draw(PROMPT), (-9.0,) * length
    answers = [
        Drawn(
            (*prompt, *draw(length)),
            (False,) * PROMPT + (True,) * length,
            reward=float(turn % 3),
            before=before,
            references=before,
        )
        for turn in range(ANSWERS)
    ]
    (group,) = Grpo().valued(None, [Group(prompt, (False,) * PROMPT, drawn=tuple(answers))])  # type: ignore[arg-type]
    return group


def update(shape: Shape, method: str, pairs: int) -> Iterator[str]:
    """The table, with a row for each length."""
    import torch

    torch.set_num_threads(1)
    yield (
        "| weights | tokens an answer | shared, s | unshared, s | gain | allowed by the operations | reached | "
        "allowed by the tokens | reached | pairs |\n|---|---|---|---|---|---|---|---|---|---|"
    )
    for length in LENGTHS:
        group = group_of(length, shape.vocabulary)
        with tempfile.TemporaryDirectory() as place:
            base = load_base(str(write_model(shape, Path(place))))
        learner = Learner(Method.model_validate(method).attach(base.model, 0)).train()
        optimizer = torch.optim.AdamW(learned_weights(learner).values(), lr=1e-5)
        found = _by_turns(partial(_step, learner, optimizer, group), pairs)
        yield _row(shape, method, length, group, found)


def _step(learner: Learner, optimizer: "torch.optim.Optimizer", group: Group) -> float:
    """CPU seconds of one update."""
    begun = time.process_time()
    optimizer.zero_grad()
    loss = Grpo().loss(learner, [group], Task.model_validate("answer"))
    (loss.total / loss.units).backward()  # type: ignore[no-untyped-call]
    optimizer.step()
    return time.process_time() - begun


def _by_turns(step: Callable[[], float], pairs: int) -> list[tuple[float, float]]:
    """Seconds of a step with its prompt shared and unshared; the first pair warms up."""
    found = []
    for _ in range(pairs + 1):
        together = step()
        with unshared():
            found.append((together, step()))
    return found[1:]


def _row(shape: Shape, method: str, length: int, group: Group, found: Sequence[tuple[float, float]]) -> str:
    ratios = [math.log(alone / together) for together, alone in found]
    half = STUDENT[len(ratios) - 1] * stdev(ratios) / math.sqrt(len(ratios))
    gain, low, high = (math.exp(fmean(ratios) + move) for move in (0.0, -half, half))
    answers = [Row(one.prompt, one.answer) for one in group.drawn]
    supervised, full = ANSWERS * length, method == "full"
    work = flops.training(shape, flops.unshared(answers), supervised, full)
    allowed = work / flops.training(shape, flops.shared(answers), supervised, full)
    tokens = ANSWERS * (PROMPT + length) / (PROMPT + ANSWERS * length)
    together, alone = (fmean(column) for column in zip(*found, strict=True))
    return (
        f"| {method} | {length} | {together:.2f} | {alone:.2f} | {gain:.2f} [{low:.2f}, {high:.2f}] | {allowed:.2f} | "
        f"{gain / allowed:.0%} [{low / allowed:.0%}, {high / allowed:.0%}] | {tokens:.2f} | {gain / tokens:.0%} | "
        f"{len(found)} |"
    )


def verifiable(count: int, seed: int) -> list[Example]:
    """Questions whose answers a function can check: six words on something."""
    chance = random.Random(seed)
    rows = []
    for index in range(count):
        about = " and ".join(chance.sample(WORDS, 2))
        talk = (Message("user", f"Write six words about {about}."), Message("assistant", "six words"))
        rows.append(Example(f"{seed}-{index}", messages=talk))
    return rows


def judge(source: RewardSource) -> Judge:
    """1 for six words, and a sixth less for each word more or fewer, down to 0."""

    def reward(examples: Sequence[Example], texts: Sequence[str]) -> list[float]:
        return [max(0.0, 1 - abs(len(text.split()) - SIX) / SIX) for text in texts]

    return reward


def learn(name: str, steps: int, beta: float, seed: int) -> list[str]:
    """Reward and divergence by stretches of steps, and the greedy reward on questions never drawn for."""
    import torch

    torch.set_num_threads(1)
    stage = Stage.model_validate(
        {
            "method": {"name": "lora", "rank": 8},
            "objective": {"name": name, "max_tokens": LONGEST, "beta": beta},
            "epochs": 1,
            "batch_rows": 8,
            "learning_rate": 1e-3,
        }
    )
    train, fresh = verifiable(8 * steps, 2 * seed), verifiable(100, 2 * seed + 1)
    task = Task.model_validate({"name": "answer", "max_tokens": LONGEST})
    tuning = Tuning(load_base("builtin:tiny"), task, (), train, [], stage, seed, judge)
    before = _greedy(Writer(load_base("builtin:tiny"), LONGEST), fresh)
    begun = time.process_time()
    with tempfile.TemporaryDirectory() as place:
        reports = tune(tuning, Path(place) / "checkpoints", Path(place) / "artifact")
        found = [report for report in reports if isinstance(report, Step)]
        spent = time.process_time() - begun
        system = load_artifact(Path(place) / "artifact").system()
        assert isinstance(system, Writer)
        after = _greedy(system, fresh)
    lines = [
        "| steps | reward of drawn answers | divergence a token, nats | length | n |",
        "|---|---|---|---|---|",
    ]
    size = max(1, len(found) // 6)
    for first in range(0, len(found), size):
        part = found[first : first + size]
        reward, kl, length = (fmean(step.means[key] for step in part) for key in ("reward", "kl", "length"))
        drawn = sum(step.units for step in part)
        lines.append(
            f"| {first + 1} to {first + len(part)} | {reward:.3f} | {kl:.4f} | {length:.1f} | {drawn} |"
        )
    return [*lines, f"Greedy on {len(fresh)} new questions: {before} before, {after} after; {spent:.0f} s."]


def _greedy(system: Writer, fresh: Sequence[Example]) -> str:
    """The mean reward of greedy answers with its interval."""
    texts = [answer.text or "" for answer in system.answer([row.question for row in fresh])]
    rewards = np.array(judge(RewardSource())(fresh, texts))
    low, high = bca(rewards, 0)
    return f"{rewards.mean():.3f} [{low:.3f}, {high:.3f}]"


def main() -> None:
    """Print what was measured."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    commands = parser.add_subparsers(dest="command", required=True)
    timing = commands.add_parser("update")
    timing.add_argument("--shape", default="15M", choices=SHAPES)
    timing.add_argument("--method", default="lora")
    timing.add_argument("--pairs", type=int, default=6, choices=[count + 1 for count in STUDENT])
    learning = commands.add_parser("learn")
    learning.add_argument("--objective", default="grpo")
    learning.add_argument("--steps", type=int, default=60)
    learning.add_argument("--beta", type=float, default=0.04)
    learning.add_argument("--seed", type=int, default=0, help="of the questions, the draws and the weights")
    asked = parser.parse_args()
    if asked.command == "update":
        lines = update(SHAPES[asked.shape], asked.method, asked.pairs)
    else:
        lines = iter(learn(asked.objective, asked.steps, asked.beta, asked.seed))
    for line in lines:
        print(line, flush=True)


if __name__ == "__main__":
    main()
