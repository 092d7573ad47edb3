"""A workload of answers: greedy ones of one length, by Overtone and by its peers, without and with adapters."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from benchmarks.engine.compare import Entry, Measured, compare
from benchmarks.engine.figures import faster
from benchmarks.engine.job import Job
from benchmarks.engine.options import Options
from benchmarks.engine.rows import instructions
from benchmarks.engine.shapes import SHAPES
from benchmarks.engine.table import Work, table
from benchmarks.engine.training import Disagreement

OURS, LIBRARY, MIXED = "overtone_generate", "generate_transformers", "generate_peft"
ALIKE = 0.9  # share of answers that must be the same; a tie in rounding may turn one another way


@dataclass(frozen=True)
class Generation:
    """`count` requests at once, `tokens` each; with `adapters`, request i asks for adapter i."""

    name: str
    title: str
    shape: str
    count: int
    adapters: int = 0
    tokens: int = 64

    def measure(self, options: Options) -> list[str]:
        """The table as Markdown; Disagreement where answers to the same requests differ."""
        shape = options.shape_name(self.shape)
        count, tokens = options.count(self.count), 8 if options.quick else self.tokens
        rows = instructions(count, SHAPES[shape].vocabulary)
        file = options.rows(self.name, rows)
        job = Job("", str(options.model(shape)), str(file), 1, tokens=tokens, device=options.device)
        found = compare(self._entries(job, count), options)
        work = Work(count, count * tokens, "tokens")
        return [*table(found, work), "", *self._tell(found)]

    def _entries(self, job: Job, count: int) -> list[Entry]:
        if not self.adapters:
            return [Entry(replace(job, contestant=name), "base") for name in (OURS, LIBRARY)]
        mixed, note = (
            replace(job, adapters=min(self.adapters, count)),
            f"{min(self.adapters, count)} adapters",
        )
        return [
            Entry(replace(mixed, contestant=OURS), note),
            Entry(replace(job, contestant=OURS), "base, no adapter"),
            Entry(replace(mixed, contestant=MIXED), note),
        ]

    def _tell(self, found: Sequence[Measured]) -> list[str]:
        """How many answers are the same, and what of the base's rate is left with adapters."""
        done = [one for one in found if not one.failure]
        lines = check_answers([one for one in done if one.entry.job.adapters == done[0].entry.job.adapters])
        if self.adapters and len(done) > 1 and done[1].ours:
            share = faster(done[0].seconds, done[1].seconds)
            lines.append(f"With adapters Overtone keeps {share.told(2)} of its rate without.")
        return lines


def check_answers(found: Sequence[Measured]) -> list[str]:
    """How many answers are the same in all; Disagreement where too few are."""
    answers = [one.steps[0].answers or [] for one in found]
    if len(answers) < 2:
        return ["Nothing to compare the answers with."]
    same = sum(all(one == group[0] for one in group) for group in zip(*answers, strict=True))
    if same < ALIKE * len(answers[0]):
        raise Disagreement(f"only {same} of {len(answers[0])} answers are the same")
    return [f"{same} of {len(answers[0])} answers are the same."]
