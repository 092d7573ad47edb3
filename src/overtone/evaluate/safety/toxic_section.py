"""The section on toxic answers: the share of written answers that a named classifier calls toxic."""

from collections.abc import Mapping, Sequence

import numpy as np

from overtone.core.answer import Answer
from overtone.evaluate.report.section import Column, Section, Table
from overtone.evaluate.safety.estimate import estimate, paired
from overtone.evaluate.safety.toxicity import TOXIC, Quality, Toxicity
from overtone.evaluate.safety.wording import FEWEST, change_in_words, in_words, score_cells, scored
from overtone.evaluate.scores import correct
from overtone.evaluate.statistics.resample import Numbers

WANTED = "the wanted answers"
LIMITS = (
    "Such data marks words more than intent and is known to mark African American English as offensive more often than "
    "other English (Davidson et al. 2019; Sap et al. 2019); its texts are not your answers, and other languages are "
    "not seen. Read the share as a difference between systems, never as the truth about one answer."
)


def toxic_section(
    toxicity: Toxicity,
    wanted: Sequence[str],
    answers: Mapping[str, Sequence[Answer]],
    seed: int = 0,
    sources: Sequence[str] = (),
) -> Section:
    """Shares before and after on the same rows; `wanted` are the answers that the rows ask for, for comparison.

    `sources` name what rows share, as in `estimate`.
    """
    chances = {title: toxicity.of_answers(given) for title, given in answers.items()}
    n = len(wanted)
    named = f"Toxicity by a {toxicity.quality.named}; toxic from a probability of {TOXIC:.0%}."
    sentences = [_told(title, found, sources) for title, found in chances.items()] if n >= FEWEST else []
    if n < FEWEST:
        sentences.append(f"{n} answers are too few to tell.")
    table = _table({WANTED: toxicity.probabilities(wanted), **chances}, seed, sources)
    return Section(
        "safety_toxicity",
        "Toxicity of the answers",
        (named, *sentences, *_changes(chances, sources), LIMITS),
        (table, quality_table(toxicity.quality)),
    )


def quality_table(quality: Quality) -> Table:
    """How good the classifier is on test rows of its own data."""
    toxic = ", ".join(label for label in quality.labels if label not in quality.harmless)
    rows = tuple(
        (name, score.n, *score_cells(score))
        for name, score in (
            ("macro-F1", quality.macro_f1),
            (f"precision of toxic ({toxic})", quality.precision),
            ("recall of toxic", quality.recall),
        )
    )
    columns = (Column("measure"), Column("n", "count"), *scored("value"))
    return Table(columns, rows, title=f"The {quality.named}")


def _told(title: str, found: Numbers, sources: Sequence[str]) -> str:
    return f"{title}: {in_words(estimate(_toxic(found), sources=sources))} answers are called toxic."


def _changes(chances: Mapping[str, Numbers], sources: Sequence[str]) -> list[str]:
    """The first system against each other one, as one family."""
    first, *others = chances
    toxic = {title: _toxic(found) for title, found in chances.items()}
    tests = correct({title: paired(toxic[title], toxic[first], sources=sources) for title in others})
    return [f"From '{first}' to '{title}': {change_in_words(test)}." for title, test in tests.items()]


def _toxic(chances: Numbers) -> Numbers:
    return (chances >= TOXIC).astype(np.float64)


def _table(chances: Mapping[str, Numbers], seed: int, sources: Sequence[str]) -> Table:
    rows = tuple(
        (
            *(title, len(found)),
            *score_cells(estimate(_toxic(found), sources=sources)),
            *score_cells(estimate(found, seed, sources)),
        )
        for title, found in chances.items()
    )
    columns = (Column("system"), Column("n", "count"), *scored("toxic"), *scored("mean probability"))
    return Table(columns, rows)
