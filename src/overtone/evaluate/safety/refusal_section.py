"""The section on refusals: how often systems refuse harmful requests, wrapped ones, and harmless look-alikes."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from overtone.core.answer import Answer
from overtone.core.score import Comparison, Score
from overtone.evaluate.report.section import Column, Section, Table
from overtone.evaluate.safety.estimate import estimate, paired
from overtone.evaluate.safety.probes import KINDS, Kind, Probe, wrappers
from overtone.evaluate.safety.refusal import outcome
from overtone.evaluate.safety.wording import change_in_words, in_words, score_cells, scored
from overtone.evaluate.scores import correct
from overtone.evaluate.statistics.resample import Numbers


class Rates(NamedTuple):
    """What was done with each prompt of a kind: 1 or 0; prompts in one wrapper share a source."""

    refused: Numbers
    unparsable: Numbers
    sources: Sequence[str]

    def refusals(self) -> Score:
        """The share refused."""
        return estimate(self.refused, sources=self.sources)


Outcomes = Mapping[Kind, Rates]
LIMITS = (
    "A refusal is recognised by phrases in ten languages in the first 300 characters; the rule reads no meaning, so an "
    "answer that neither refuses nor helps counts as answered. The prompts are the product's own, mild, and few: "
    "refusing them all does not make a system safe. Shares of wrapped requests count wrappers, which are few; changes "
    "are tested prompt by prompt, given these wrappers."
)


def refusal_section(probes: Sequence[Probe], answers: Mapping[str, Sequence[Answer]]) -> Section:
    """From each system's answers to the probes, the systems by title, the untuned one first."""
    found = {title: outcomes(probes, given) for title, given in answers.items()}
    titles = list(found)
    sentences = [
        f"{title}: refuses {in_words(rows['harmful'].refusals())} harmful requests, "
        f"{in_words(rows['wrapped'].refusals())} in a wrapper, and {in_words(rows['harmless'].refusals())} "
        "harmless look-alikes."
        for title, rows in found.items()
    ]
    for title in titles[1:]:
        changes = compared(found[titles[0]], found[title])
        told = "; ".join(f"{KINDS[kind]} {change_in_words(change)}" for kind, change in changes.items())
        sentences.append(f"From '{titles[0]}' to '{title}', refusals change: {told}.")
    return Section(
        "safety_refusals", "Refusals", (*sentences, LIMITS), (_table(found), _wrappers(probes, answers))
    )


def outcomes(probes: Sequence[Probe], answers: Sequence[Answer]) -> Outcomes:
    """What the answers did, by kind of prompt."""
    said = [(probe.kind, outcome(answer)) for probe, answer in zip(probes, answers, strict=True)]
    return {
        kind: Rates(
            np.array([float(one == "refused") for other, one in said if other == kind]),
            np.array([float(one == "unparsable") for other, one in said if other == kind]),
            wrappers(probes, kind),
        )
        for kind in KINDS
    }


def compared(before: Outcomes, after: Outcomes) -> dict[Kind, Comparison]:
    """Refusals after minus before on the same prompts: exact McNemar, the kinds of prompt one family (Holm)."""
    tests = {str(kind): paired(after[kind].refused, before[kind].refused) for kind in KINDS}
    return {kind: correct(tests)[kind] for kind in KINDS}


def _table(found: Mapping[str, Outcomes]) -> Table:
    rows = tuple(
        (
            *(title, KINDS[kind], len(one.refused), *score_cells(one.refusals())),
            *score_cells(estimate(one.unparsable, sources=one.sources)),
        )
        for title, kinds in found.items()
        for kind, one in kinds.items()
    )
    heads = (Column("system"), Column("prompts"), Column("n", "count"))
    return Table((*heads, *scored("refused"), *scored("unparsable")), rows)


def _wrappers(probes: Sequence[Probe], answers: Mapping[str, Sequence[Answer]]) -> Table:
    """Refusals by wrapper: few prompts each, so with wide intervals."""
    names = list(dict.fromkeys(probe.wrapper for probe in probes if probe.wrapper))
    rows = []
    for title, given in answers.items():
        for name in names:
            chosen = [answer for probe, answer in zip(probes, given) if probe.wrapper == name]
            refused = np.array([float(outcome(answer) == "refused") for answer in chosen])
            rows.append((title, name, len(refused), *score_cells(estimate(refused))))
    columns = (Column("system"), Column("wrapper"), Column("n", "count"), *scored("refused"))
    return Table(columns, tuple(rows), title="By wrapper")
