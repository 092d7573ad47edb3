"""How Overtone's cost grows: with the rows, and with their length at a constant number of tokens."""

from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.engine.compare import Entry, Measured, compare
from benchmarks.engine.figures import fit_cost, spread
from benchmarks.engine.job import Job
from benchmarks.engine.launch import NotMeasured
from benchmarks.engine.options import Options
from benchmarks.engine.rows import of_length
from benchmarks.engine.shapes import SHAPES

Case = tuple[int, int]  # rows, tokens of each
FACTORS = (1, 2, 4, 8)


@dataclass(frozen=True)
class Cost:
    """Steps of LoRA on rows of one length: first more and more rows, then longer and longer ones."""

    name: str
    title: str
    shape: str
    tokens: int = 4096  # of a step in which the length varies
    shortest: int = 128
    longest: int = 4096
    row_length: int = 256  # where the number of rows varies
    fewest: int = 2

    def measure(self, options: Options) -> list[str]:
        """Two tables in Markdown with the fit; NotMeasured where a step fails."""
        by_rows = self._measure([(self.fewest * factor, self.row_length) for factor in FACTORS], options)
        cases = self.by_length(options)
        return [*tell_rows(by_rows), "", *tell_lengths(cases, self._measure(cases, options))]

    def by_length(self, options: Options) -> list[Case]:
        """Longer and longer rows, of the same number of tokens together."""
        tokens, longest = (1024, 512) if options.quick else (self.tokens, self.longest)
        cases, length = [], self.shortest
        while length <= longest:
            cases.append((tokens // length, length))
            length *= 2
        return cases

    def _measure(self, cases: Sequence[Case], options: Options) -> list[Measured]:
        found = compare([self._entry(case, options) for case in cases], options)
        for one in found:
            if one.failure:
                raise NotMeasured(one.failure)
        return found

    def _entry(self, case: Case, options: Options) -> Entry:
        shape = options.shape_name(self.shape)
        rows = of_length(*case, SHAPES[shape].vocabulary)
        file = options.rows(f"{self.name}-{case[0]}x{case[1]}", rows)
        job = Job("overtone", str(options.model(shape)), str(file), 1, {}, device=options.device)
        return Entry(job, f"{case[0]} rows of {case[1]} tokens")


def tell_rows(found: Sequence[Measured]) -> list[str]:
    """Seconds for 1, 2, 4 and 8 times the rows, and how much longer each takes."""
    first = spread(found[0].seconds).median
    lines = ["| rows | seconds a step | times the first |", "|---|---|---|"]
    for factor, one in zip(FACTORS, found, strict=True):
        seconds = spread(one.seconds)
        lines.append(f"| {factor} x | {seconds.told(2)} | {seconds.median / first:.2f} |")
    return lines


def tell_lengths(cases: Sequence[Case], found: Sequence[Measured]) -> list[str]:
    """Seconds by length, and how far they lie from a T + b (sum of squared lengths)."""
    seconds = [spread(one.seconds) for one in found]
    fit = fit_cost(
        [one.median for one in seconds],
        [rows * length for rows, length in cases],
        [rows * length**2 for rows, length in cases],
    )
    lines = ["| rows x length | seconds a step | fit is off by |", "|---|---|---|"]
    lines += [
        f"| {rows} x {length} | {one.told(2)} | {error:+.1%} |"
        for (rows, length), one, error in zip(cases, seconds, fit.errors, strict=True)
    ]
    return [*lines, "", f"a = {fit.linear:.2e} s, b = {fit.quadratic:.2e} s; at most {fit.worst:.1%} off."]
