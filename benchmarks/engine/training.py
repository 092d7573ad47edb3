"""A workload of training: steps over the same rows by Overtone and by its peers."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from benchmarks.engine import flops
from benchmarks.engine.compare import Entry, Measured, best, compare, module
from benchmarks.engine.figures import disagreement
from benchmarks.engine.job import Job, Settings
from benchmarks.engine.options import Options
from benchmarks.engine.peak import peak_flops
from benchmarks.engine.rows import MAKERS, Row
from benchmarks.engine.shapes import SHAPES
from benchmarks.engine.table import Work, table

SFT_PEERS = ("plain", "plain_head", "trainer", "trl_sft", "litgpt")
TOLERANCE = {"cpu": 1e-4, "cuda": 2e-2}  # of the first loss, relative; bfloat16 on a GPU


class Disagreement(Exception):
    """Contestants did not do the same work: their figures must not be compared."""


@dataclass(frozen=True)
class Training:
    """`count` rows a step. `fixed` settings hold for all contestants and leave nothing to search."""

    name: str
    title: str
    shape: str
    rows: Literal["instructions", "classification", "preferences"]
    count: int
    contestants: tuple[str, ...] = ("overtone", *SFT_PEERS)
    method: Literal["lora", "full"] = "lora"
    fixed: Settings | None = None
    search_count: int = 16
    defaults: bool = (
        True  # beside the best settings; a large model in large batches fills the memory of a laptop
    )

    def measure(self, options: Options) -> list[str]:
        """The table as Markdown; Disagreement where the first losses differ."""
        rows = self._make(options, self.count)
        job = self._job(options, rows, self.name)
        found = compare(self._entries(job, options), options)
        agreement = check_agreement(found, TOLERANCE[options.device])
        return [*table(found, self._work(rows, options)), "", agreement]

    def _make(self, options: Options, count: int) -> list[Row]:
        return MAKERS[self.rows](options.count(count), SHAPES[options.shape_name(self.shape)].vocabulary)

    def _job(self, options: Options, rows: list[Row], name: str) -> Job:
        model = options.model(options.shape_name(self.shape))
        file = options.rows(name, rows)
        return Job("", str(model), str(file), 1, {}, self.method, device=options.device)

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
        shape = SHAPES[options.shape_name(self.shape)]
        supervised, full = sum(row.supervised for row in rows), self.method == "full"
        return Work(
            rows=len(rows),
            units=supervised,
            unit="supervised tokens",
            operations=flops.training(shape, flops.unshared(rows), supervised, full),
            least=flops.training(shape, flops.shared(rows), supervised, full),
            peak=peak_flops(options.threads, options.device),
        )


def check_agreement(found: Sequence[Measured], tolerance: float) -> str:
    """How far the losses of the first step lie apart, in words; Disagreement beyond the tolerance."""
    first = [(one.entry.title, one.steps[0].loss) for one in found if not one.failure]
    losses = [loss for _, loss in first if loss is not None]
    if len(losses) < 2:
        return "Nothing to compare the first loss with."
    apart = disagreement(losses)
    if not apart <= tolerance:  # so that a loss that is no number is refused too
        told = ", ".join(f"{title} {loss}" for title, loss in first)
        raise Disagreement(f"losses of the first step differ by {apart:.1e} (relative): {told}")
    return (
        f"Losses of the first step agree within {apart:.0e} (relative; at most {tolerance:.0e} is let pass)."
    )
