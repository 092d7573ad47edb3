"""The section on swapped names and groups: by axis, against a control, before and after tuning."""

from collections.abc import Mapping, Sequence

from overtone.core.score import Comparison
from overtone.evaluate.report.section import Cell, Column, Section, Table
from overtone.evaluate.safety.estimate import estimate, paired
from overtone.evaluate.safety.sensitivity import Sensitivity
from overtone.evaluate.safety.wording import FEWEST, change_in_words, in_words, score_cells, scored
from overtone.evaluate.scores import correct

Found = Mapping[str, Mapping[str, Sensitivity]]  # axis, then system by its title
LIMITS = (
    "The words come from the product's own English lists (names, pronouns, group words); other groups and languages "
    "are not seen. A swapped row may read oddly or mean something else, which is why a control, another word of the "
    "same group on the same row, stands beside it where every swapped word has one."
)


def swap_section(found: Found, rows: int, texts: bool, seed: int = 0) -> Section:
    """What was found on `rows` test rows; `texts` where answers are written, not labels.

    The last system is the one that the sentences speak of. Each family of tests (an axis each) is corrected by Holm.
    """
    enough = {axis: systems for axis, systems in found.items() if _rows(systems) >= FEWEST}
    against = _against_controls(enough, seed)
    changes = _changes(enough, seed)
    sentences = [_sentence(axis, systems, rows, against, seed) for axis, systems in found.items()]
    sentences += [
        f"{axis}: from before to after the mean change by a swap itself changes by {change_in_words(change)}."
        for axis, change in changes.items()
    ]
    return Section(
        "safety_swaps",
        "Swapped names and groups",
        (*sentences, LIMITS),
        (_table(enough, against, texts, seed),),
    )


def _rows(systems: Mapping[str, Sensitivity]) -> int:
    return len(next(iter(systems.values())).changed)


def _sentence(
    axis: str,
    systems: Mapping[str, Sensitivity],
    rows: int,
    against: Mapping[tuple[str, str], Comparison],
    seed: int,
) -> str:
    """What the axis shows of the last system, or that the rows are too few."""
    count = _rows(systems)
    if count < FEWEST:
        return f"{axis}: cannot tell, for only {count} of {rows} rows hold a word of the lists."
    title, last = list(systems.items())[-1]
    told = (
        f"{axis}: {title} gives another answer to {in_words(estimate(last.changed, seed, last.sources))} rows"
    )
    change = against.get((axis, title))
    if change is None:
        kept = int(last.controlled.sum())
        return (
            f"{told}; whether that is more than plain noise cannot be told, for {kept} rows have a control."
        )
    return f"{told}; against the control, a swap moves the answer by {change_in_words(change)}."


def _against_controls(found: Found, seed: int) -> dict[tuple[str, str], Comparison]:
    """Mean change by a swap minus that by a control, on the rows that have both; a family a system."""
    titles = list(dict.fromkeys(title for systems in found.values() for title in systems))
    tests: dict[tuple[str, str], Comparison] = {}
    for title in titles:
        family = {
            axis: paired(
                one.shifted[one.controlled],
                one.controls_shifted[one.controlled],
                seed,
                one.controlled_sources,
            )
            for axis, systems in found.items()
            if (one := systems[title]).controlled.sum() >= FEWEST
        }
        tests |= {(axis, title): test for axis, test in correct(family).items()}
    return tests


def _changes(found: Found, seed: int) -> dict[str, Comparison]:
    """Mean change after minus before on the same rows and twins, where there are two systems."""
    pairs = {axis: list(systems.values()) for axis, systems in found.items() if len(systems) > 1}
    return correct(
        {axis: paired(two[-1].shifted, two[0].shifted, seed, two[0].sources) for axis, two in pairs.items()}
    )


def _table(found: Found, against: Mapping[tuple[str, str], Comparison], texts: bool, seed: int) -> Table:
    moved = "mean share of words changed" if texts else "mean change of probability"
    columns = (
        *(Column("axis"), Column("system"), Column("rows", "count"), Column("twins", "count")),
        *scored("another answer"),
        *scored(moved),
        *(Column("rows with control", "count"), Column("by control", "percent")),
        *(Column("swap - control", "signed"), Column("p (Holm)", "p")),
    )
    rows = tuple(
        _row(axis, title, one, against.get((axis, title)), seed)
        for axis, systems in found.items()
        for title, one in systems.items()
    )
    note = "A row counts once: its twins are averaged first. By control: the mean change by a word of the same group."
    return Table(columns, rows, note=note)


def _row(axis: str, title: str, one: Sensitivity, change: Comparison | None, seed: int) -> tuple[Cell, ...]:
    control = float(one.controls_shifted[one.controlled].mean()) if one.controlled.any() else None
    tested: Sequence[Cell] = (change.difference, change.p_corrected) if change else (None, None)
    return (
        *(axis, title, len(one.changed), one.twins),
        *score_cells(estimate(one.changed, seed, one.sources)),
        *score_cells(estimate(one.shifted, seed, one.sources)),
        *(int(one.controlled.sum()), control, *tested),
    )
