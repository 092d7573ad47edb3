"""A workload of GRPO's update on given samples: what computing a prompt once for all of its samples is worth."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from benchmarks.engine import flops
from benchmarks.engine.compare import Entry, Measured
from benchmarks.engine.figures import Spread, faster, spread
from benchmarks.engine.job import Job
from benchmarks.engine.options import Options
from benchmarks.engine.rows import Row
from benchmarks.engine.training import Training


@dataclass(frozen=True)
class Update(Training):
    """As training; Overtone also takes the step with every sample alone."""

    def _entries(self, job: Job, options: Options) -> list[Entry]:
        """Overtone first, then Overtone that shares nothing, then the peers."""
        ours, *peers = super()._entries(job, options)
        alone = replace(ours.job, settings={**ours.job.settings, "share": False})
        return [ours, Entry(alone, "every sample alone"), *peers]

    def _remarks(self, found: Sequence[Measured], rows: Sequence[Row], options: Options) -> list[str]:
        """The gains over the fastest peer and over itself, and what the counts allow."""
        ours, *others = found
        if ours.failure:
            return []
        alone, together = (
            sum(span.tokens for span in spans) for spans in (flops.unshared(rows), flops.shared(rows))
        )
        operations, least = self._operations(rows, options)
        told = f"Tokens through the model: {alone} with every sample alone, {together} with its prompt once"
        lines = [
            f"{told}: {alone / together:.2f} is what their counts allow, {operations / least:.2f} what operations do."
        ]
        for one in (fastest(others, ours=False), fastest(others, ours=True)):
            if one is not None:
                gain = faster(ours.seconds, one.seconds)
                lines.append(
                    f"Over {one.entry.title} ({one.entry.settings}): {reached(gain, alone / together)}."
                )
        return ["", *lines]


def fastest(found: Sequence[Measured], ours: bool) -> Measured | None:
    """Of Overtone's entries or of the others' the one with the smallest median; None where there is none."""
    chosen = [one for one in found if one.ours == ours and not one.failure]
    return min(chosen, key=lambda one: spread(one.seconds).median, default=None)


def reached(gain: Spread, allowed: float) -> str:
    """A gain, and which share of the allowed one it is."""
    shares = f"{gain.median / allowed:.0%} [{gain.low / allowed:.0%}, {gain.high / allowed:.0%}]"
    return f"{gain.told(2)} times as fast, {shares} of what the token counts allow"
