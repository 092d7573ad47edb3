"""Do log-likelihoods and multiple choice agree with lm-eval? `python -m benchmarks.lm_eval [--only tiny]`.

It runs where `requirements/bench-lm-eval.txt` is installed beside `requirements/bench.txt`. Both sides get the same
local models and the same local rows: 60 questions with choices and 40 contexts with continuations, among them empty
contexts, spaces on either side of the cut, tokens over it, other scripts, rows of nearly and of more than the context.
lm-eval reads them from task files written here; nothing is downloaded. A row over the context is an error to Overtone;
lm-eval cuts it from the left, and here Overtone is given the same tokens.
"""

import argparse
import json
import os
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from benchmarks.lm_eval_rows import METRICS, PROMPT, WORDS, Pair, pairs, questions, write_models, write_tasks
from benchmarks.record import machine

ALLOWED = 1e-4  # of a row's summed log-probability, in natural logarithms
HEAD = (
    f"| model | pairs | largest difference of a sum | greedy flags alike | right by {' | by '.join(METRICS.values())} "
    "| all alike |\n|---|---|---|---|---|---|---|---|"
)


@dataclass(frozen=True)
class Said:
    """What one side says: for each pair its sum and whether it is greedy; the right choices by length."""

    sums: list[float]
    greedy: list[bool]
    right: dict[str, list[float]]


def lm_eval_says(model: Path, tasks: Path) -> tuple[Said, list[Pair]]:
    """The other side, and the pairs that it says it was asked."""
    import lm_eval
    from lm_eval.models.huggingface import HFLM
    from lm_eval.tasks import TaskManager

    found = lm_eval.simple_evaluate(
        HFLM(pretrained=str(model), device="cpu", dtype="float32", batch_size=4),
        tasks=["local_choices", "local_likelihoods"],
        task_manager=TaskManager(include_path=str(tasks), include_defaults=False),
        bootstrap_iters=0,
        log_samples=True,
    )
    samples = {name: sorted(rows, key=lambda row: row["doc_id"]) for name, rows in found["samples"].items()}
    both = [row for name in ("local_choices", "local_likelihoods") for row in samples[name]]
    said = [one for row in both for one in row["filtered_resps"]]
    asked = [asked_of(one) for row in both for one in ordered(row["arguments"])]
    right = {length: [row[name] for row in samples["local_choices"]] for length, name in METRICS.items()}
    return Said([float(one[0]) for one in said], [bool(one[1]) for one in said], right), asked


def ordered(arguments: Any) -> list[Any]:
    """The arguments of a sample's requests, in their order."""
    return list(arguments.values()) if isinstance(arguments, dict) else list(arguments)


def asked_of(argument: Any) -> Pair:
    """A request's context and continuation."""
    context, continuation, *_ = argument.values() if isinstance(argument, dict) else argument
    return context, continuation


def overtone_says(model: Path, tasks: Path) -> tuple[Said, list[Pair]]:
    """Our side, from the same files."""
    from overtone.core.tasks.choose import ChooseTask
    from overtone.data.examples import read_examples
    from overtone.data.settings import DataSettings
    from overtone.evaluate.metric import deciding
    from overtone.generate.choice_scorer import ChoiceScorer
    from overtone.models.base import load_base
    from overtone.models.choices import encode_pair

    base, task = load_base(str(model)), ChooseTask(prompt=PROMPT)
    rows = read_examples(tasks / "local_choices.jsonl", task, DataSettings(train="local_choices.jsonl")).kept
    scorer = ChoiceScorer(base, task)
    asked = [
        (PROMPT.replace("{question}", row.input), f" {choice}") for row in rows for choice in row.choices
    ]
    scored = [pair for row in rows for pair in scorer.rows(row.question)]
    lines = (tasks / "local_likelihoods.jsonl").read_text(encoding="utf-8").splitlines()
    others = [tuple(json.loads(line).values()) for line in lines]
    scored += [cut(*encode_pair(base, *pair), base.description.context) for pair in others]
    right = {}
    for length in METRICS:
        judged = ChooseTask(prompt=PROMPT, length=length)
        answers = ChoiceScorer(base, judged).answer([row.question for row in rows])
        right[length] = deciding(judged).rows(rows, answers, judged)
    sums = [sum(values) for values in scorer.score(scored)]
    return Said(sums, [is_greedy(scorer, *pair) for pair in scored], right), [*asked, *others]


def cut(context: Sequence[int], continuation: Sequence[int], room: int) -> tuple[list[int], list[int]]:
    """The last tokens, as many as `room` holds: the last one is predicted only, so one more."""
    kept = [*context, *continuation][-(room + 1) :]
    return kept[: -len(continuation)], kept[-len(continuation) :]


def is_greedy(scorer: Any, context: Sequence[int], continuation: Sequence[int]) -> bool:
    """Whether each token of the continuation is the most probable one."""
    read = scorer.read([*context, *continuation], alternatives=1)[-len(continuation) :]
    return all(token.alternatives[0][0] == token.id for token in read)


def greedy_pairs(model: Path, count: int = 6) -> list[Pair]:
    """Continuations that the model itself writes, so that some flags are true."""
    from overtone.generate.request import Request
    from overtone.generate.writer import Writer
    from overtone.models.base import load_base
    from overtone.models.choices import encode_pair
    from overtone.models.text import decode

    writer, found = Writer(load_base(str(model))), []
    for place in range(4 * count):
        context = " ".join(WORDS[place : place + 5])
        prompt, _ = encode_pair(writer.base, context, "")
        written = [piece.token.id for piece in writer.stream(Request(tuple(prompt), 4))]
        text = decode(writer.base, written)
        if text.strip() and encode_pair(writer.base, context, text)[1] == written:
            found.append((context, text))
    return found[:count]


@dataclass(frozen=True)
class Agreement:
    """How far two sides agree on the same pairs."""

    pairs: int
    largest: float  # difference of a sum
    flags_alike: int
    flags_true: int
    right: dict[str, tuple[float, float]]  # by length: how many rows each side has right
    rows_alike: bool  # whether they are the same rows, for every length

    @property
    def holds(self) -> bool:
        """Whether every row agrees."""
        return self.largest <= ALLOWED and self.flags_alike == self.pairs and self.rows_alike

    def line(self, name: str) -> str:
        """A line of the table."""
        right = " | ".join(f"{ours:.0f} and {theirs:.0f}" for ours, theirs in self.right.values())
        flags = f"{self.flags_alike} of {self.pairs} ({self.flags_true} true)"
        return f"| {name} | {self.pairs} | {self.largest:.1e} | {flags} | {right} | {'yes' if self.holds else 'no'} |"


def agreement(ours: Said, theirs: Said) -> Agreement:
    """What is compared."""
    return Agreement(
        pairs=len(theirs.sums),
        largest=max(abs(one - other) for one, other in zip(ours.sums, theirs.sums, strict=True)),
        flags_alike=sum(one == other for one, other in zip(ours.greedy, theirs.greedy, strict=True)),
        flags_true=sum(theirs.greedy),
        right={length: (sum(ours.right[length]), sum(theirs.right[length])) for length in METRICS},
        rows_alike=ours.right == theirs.right,
    )


def measured(folder: Path, only: str | None) -> dict[str, Agreement]:
    """Write models and tasks into a folder, ask both sides, and compare."""
    found = {}
    for name, model in write_models(folder).items():
        if only not in (None, model.name):
            continue
        tasks = folder / f"{model.name}_tasks"
        write_tasks(tasks, questions(), pairs(greedy_pairs(model)))
        theirs, asked = lm_eval_says(model, tasks)
        ours, same = overtone_says(model, tasks)
        if asked != same:
            raise ValueError(f"{name}: the two sides were not asked the same")
        found[name] = agreement(ours, theirs)
    return found


def main() -> int:
    """Print the table; 1 where a row does not agree."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--folder", type=Path, help="where models, rows and tasks are written; a temporary one"
    )
    parser.add_argument("--only", choices=("tiny", "llama"), help="one of the two models")
    asked = parser.parse_args()
    os.environ |= {"HF_HUB_OFFLINE": "1", "HF_DATASETS_OFFLINE": "1"}
    with tempfile.TemporaryDirectory() as temporary:
        os.environ["HF_HOME"] = temporary  # what is kept of the rows is kept there
        folder = asked.folder or Path(temporary) / "agreement"
        folder.mkdir(parents=True, exist_ok=True)
        found = measured(folder, asked.only)
    print(machine(), f"lm-eval {version('lm_eval')}.\n")
    print(HEAD)
    for name, one in found.items():
        print(one.line(name))
    return 0 if all(one.holds for one in found.values()) else 1


if __name__ == "__main__":
    raise SystemExit(main())
