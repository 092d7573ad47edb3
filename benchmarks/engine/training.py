"""A workload of training: steps over the same rows by Overtone and by its peers."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from benchmarks.engine import flops
from benchmarks.engine.compare import Entry, Measured, best, compare, module
from benchmarks.engine.contestants.adapted import VIRTUAL
from benchmarks.engine.figures import disagreement
from benchmarks.engine.job import Job, Method, Settings
from benchmarks.engine.options import Options
from benchmarks.engine.peak import peak_flops
from benchmarks.engine.rows import MAKERS, Row
from benchmarks.engine.shapes import SHAPES
from benchmarks.engine.table import Work, table

Rows = Literal["instructions", "classification", "preferences", "samples_60", "samples_200"]
SFT_PEERS = ("plain", "plain_head", "trainer", "trl_sft", "litgpt")
TOLERANCE = {"cpu": 1e-4, "cuda": 2e-2}  # of the first loss, relative; bfloat16 on a GPU


class Disagreement(Exception):
    """Contestants did not do the same work: their figures must not be compared."""


@dataclass(frozen=True)
class Training:
    """`count` rows a step. `fixed` settings hold for all contestants and leave nothing to search.

    `objective` is Overtone's name of what is minimised. The losses of step `compared`, counted from 0, have to agree:
    that of the first says nothing where a fresh adapter's is the same number whatever is computed. Where nothing is
    `predicted` no token is told from others. `teacher` is the shape of a model that teaches.
    """

    name: str
    title: str
    shape: str
    rows: Rows
    count: int
    contestants: tuple[str, ...] = ("overtone", *SFT_PEERS)
    method: Method = "lora"
    objective: str = "sft"
    compared: int = 0
    predicted: bool = True
    teacher: str = ""
    fixed: Settings | None = None
    search_count: int = 16
    defaults: bool = (
        True  # beside the best settings; a large model in large batches fills the memory of a laptop
    )

    def measure(self, options: Options) -> list[str]:
        """The table as Markdown; Disagreement where losses differ."""
        rows = self._make(options, self.count)
        job = self._job(options, rows, self.name)
        found = compare(self._entries(job, options), options)
        agreement = check_agreement(found, TOLERANCE[options.device], self.compared)
        return [*table(found, self._work(rows, options)), "", agreement, *self._remarks(found, rows, options)]

    def _remarks(self, found: Sequence[Measured], rows: Sequence[Row], options: Options) -> list[str]:
        """What else is to be said; nothing here."""
        return []

    def _make(self, options: Options, count: int) -> list[Row]:
        return MAKERS[self.rows](options.count(count), SHAPES[options.shape_name(self.shape)].vocabulary)

    def _job(self, options: Options, rows: list[Row], name: str) -> Job:
        model = options.model(options.shape_name(self.shape))
        file = options.rows(name, rows)
        teacher = str(options.model(options.shape_name(self.teacher))) if self.teacher else ""
        return Job(
            "", str(model), str(file), 1, {}, self.method, self.objective, teacher, device=options.device
        )

    def _entries(self, job: Job, options: Options) -> list[Entry]:
        """Every contestant with its best settings and, where those differ, with its defaults."""
        entries: list[Entry] = []
        searched = self._job(options, self._make(options, self.search_count), f"{self.name}-search")
        for contestant in self.contestants:
            asked = replace(job, contestant=contestant)
            default = module(contestant).DEFAULT
            if self.fixed is not None:
                entries.append(Entry(replace(asked, settings={**default, **self.fixed}), "same for all"))
                continue
            if self.defaults or options.quick:
                entries.append(Entry(replace(asked, settings=default), "default"))
            if options.quick:
                continue
            settings, note = module(contestant).USUAL, "usually best"
            if options.search:
                grid = module(contestant).GRID
                settings, note = best(replace(searched, contestant=contestant), grid, options)[0], "best"
            if settings is not None and not (self.defaults and settings == default):
                entries.append(Entry(replace(asked, settings=settings), note))
        return entries

    def _work(self, rows: Sequence[Row], options: Options) -> Work:
        operations, least = self._operations(rows, options)
        return Work(
            rows=len(rows),
            units=sum(row.supervised if self.predicted else len(row.sequences) for row in rows),
            unit="supervised tokens" if self.predicted else "answers",
            operations=operations,
            least=least,
            peak=peak_flops(options.threads, options.device),
        )

    def _operations(self, rows: Sequence[Row], options: Options) -> tuple[float, float]:
        """Of a step, with every sequence for itself and with every common beginning once."""
        shape, full = SHAPES[options.shape_name(self.shape)], self.method == "full"
        learned = (0,) * (VIRTUAL if self.method == "prompt" else 0)
        whole = [replace(row, prompt=learned + row.prompt) for row in rows]
        supervised = sum(row.supervised for row in rows) if self.predicted else 0
        alone, together = flops.unshared(whole), flops.shared(whole)
        return flops.training(shape, alone, supervised, full), flops.training(
            shape, together, supervised, full
        )


def check_agreement(found: Sequence[Measured], tolerance: float, step: int = 0) -> str:
    """How far the losses of a step, counted from 0, lie apart, in words; Disagreement beyond the tolerance."""
    at = f"step {step + 1}" if step else "the first step"
    losses_told = [(one.entry.title, one.steps[step].loss) for one in found if not one.failure]
    losses = [loss for _, loss in losses_told if loss is not None]
    if len(losses) < 2:
        return f"Nothing to compare the loss of {at} with."
    apart = disagreement(losses)
    if not apart <= tolerance:  # so that a loss that is no number is refused too
        told = ", ".join(f"{title} {loss}" for title, loss in losses_told)
        raise Disagreement(f"losses of {at} differ by {apart:.1e} (relative): {told}")
    return f"Losses of {at} agree within {apart:.0e} (relative; at most {tolerance:.0e} is let pass)."
