"""What a person chooses by: which settings mattered, and the trials that no other beats in every objective."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from overtone.evaluate.report.section import Column, Line, Plot, Section, Table
from overtone.search.importance import Importance
from overtone.search.measures import COSTS, title
from overtone.search.outcome import Outcome, pareto
from overtone.search.settings import Dimension
from overtone.search.trials import cell, short, written


def importance_section(found: Importance | None, objective: str) -> Section | None:
    """Which settings moved the objective; None where the trials cannot tell."""
    if found is None:
        return None
    rows = tuple((short(key), share) for key, share in found.shares.items())
    sure = (
        ""
        if found.explained > 0
        else " It predicts unseen trials no better than their mean: do not lean on it."
    )
    return Section(
        name="importance",
        title="What mattered",
        sentences=(
            f"Shares by which shuffling a setting spoils a forest's prediction of {title(objective)}, over "
            f"{found.trials} finished trials; unseen trials it explains to {found.explained:.0%}.{sure}",
        ),
        tables=(Table((Column("Setting"), Column("Share", "percent")), rows),),
    )


def choice_section(
    outcomes: Sequence[Outcome],
    objectives: Sequence[str],
    constraints: Mapping[str, float],
    dimensions: Mapping[str, Dimension],
) -> Section | None:
    """The trials among which a person chooses; None where there is one objective and no constraint."""
    if len(objectives) < 2 and not constraints:
        return None
    set_ = pareto(outcomes, objectives, constraints)
    names = [*objectives, *(name for name in constraints if name not in objectives)]
    heads = (Column("Trial", "count"), *map(written, names), *(Column(short(key)) for key in dimensions))
    rows = tuple(
        (
            one.number,
            *(one.measures.get(name) for name in names),
            *(cell(one.values.get(key)) for key in dimensions),
        )
        for one in sorted(set_, key=lambda one: one.number)
    )
    return Section(
        name="choice",
        title="To choose from",
        sentences=tuple(_choice(outcomes, objectives, constraints, len(set_))),
        tables=(Table(heads, rows),) if rows else (),
        plots=tuple(_tradeoff(outcomes, set_, objectives)),
    )


def _choice(
    outcomes: Sequence[Outcome], objectives: Sequence[str], constraints: Mapping[str, float], count: int
) -> Iterator[str]:
    done = [one for one in outcomes if one.state == "finished"]
    if constraints:
        kept = sum(one.fits(constraints) for one in done)
        limits = ", ".join(
            f"{title(name)} {'at most' if name in COSTS else 'at least'} {limit:g}"
            for name, limit in constraints.items()
        )
        yield f"{kept} of {len(done)} finished trials keep the constraints: {limits}."
    if len(objectives) > 1:
        yield (
            f"{count} of them are beaten by no other in all of {', '.join(map(title, objectives))}: a person chooses. "
            f"The final proof is of the one with the best {title(objectives[0])}."
        )


def _tradeoff(
    outcomes: Sequence[Outcome], set_: Sequence[Outcome], objectives: Sequence[str]
) -> Iterator[Plot]:
    if len(objectives) < 2:
        return
    up, across = objectives[:2]
    done = [one for one in outcomes if one.state == "finished"]

    def points(chosen: Sequence[Outcome]) -> tuple[tuple[float, float], ...]:
        return tuple(sorted((one.measures[across], one.measures[up]) for one in chosen))

    yield Plot(
        title=f"{title(up)} against {title(across)}",
        across=title(across),
        up=title(up),
        lines=(Line("trial", points(done), dots=True), Line("to choose from", points(set_))),
        across_written=_axis(across),
        up_written=_axis(up),
    )


def _axis(name: str) -> Any:
    kinds = {"seconds_per_answer": "seconds", "training_seconds": "seconds"}
    return kinds.get(name, "number") if name in COSTS else "percent"
