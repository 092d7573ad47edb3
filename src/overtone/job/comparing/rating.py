"""Blind side-by-side rating: two systems' answers to the same rows, in an order that hides which is whose."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from overtone.core.answer import Answer
from overtone.core.errors import UserError
from overtone.evaluate.chosen import chosen
from overtone.evaluate.statistics.mcnemar import mcnemar
from overtone.evaluate.statistics.share import share_interval
from overtone.job.comparing.pair import common_rows
from overtone.job.comparing.standing import Standing


@dataclass(frozen=True)
class Match:
    """One row to rate: what is asked, what was wanted, and two answers of which nobody says whose they are."""

    row: str
    question: str
    wanted: str
    answers: tuple[str, str]
    owners: tuple[str, str]  # whose the answers are, in their order: never shown before the choice


@dataclass(frozen=True)
class Rating:
    """What a person chose: the name of the better system, or `tie`."""

    row: str
    better: str
    first: str  # whose answer stood first


@dataclass(frozen=True)
class Tally:
    """Ratings counted: `share` of the decided rows that the first system won, with its 95 % interval."""

    systems: tuple[str, str]
    wins: tuple[int, int]
    ties: int
    share: float | None
    interval: tuple[float, float] | None
    p: float  # of both being equally good, by the sign test (exact binomial)
    placed_first: (
        float | None
    )  # share of decided rows on which the answer shown first won: 0.5 without a bias


def matches(first: Standing, second: Standing, seed: int) -> list[Match]:
    """Rows on which the two answered differently, in a seeded order; UserError where there is none."""
    names = (first.name, second.name)
    found = []
    for row in sorted(common_rows(first, second), key=lambda row: _draw(f"order {seed} {row}")):
        said = tuple(_said(run.answers[run.key][row], run) for run in (first, second))
        if said[0] == said[1]:
            continue
        swap = _draw(f"side {seed} {row}") & 1
        order = (1, 0) if swap else (0, 1)
        answers, owners = (said[order[0]], said[order[1]]), (names[order[0]], names[order[1]])
        example = first.rows[row]
        wanted = example.completion or ", ".join(example.labels)
        found.append(Match(row, example.input, wanted, answers, owners))
    if not found:
        raise UserError(
            f"'{names[0]}' and '{names[1]}' have no common test row that they answered differently."
        )
    return found


def read_ratings(path: Path, names: Sequence[str]) -> list[Rating]:
    """The ratings in a file, none where it is missing; UserError where it belongs to other runs."""
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    ratings = [Rating(**json.loads(line)) for line in lines if line]
    foreign = {one.better for one in ratings} - {*names, "tie"}
    if foreign:
        raise UserError(
            f"{path} rates other runs ({', '.join(sorted(foreign))}); give another file with --out."
        )
    return ratings


def keep_rating(path: Path, match: Match, choice: int | None) -> Rating:
    """Add one rating to the file at once; `choice` is 0 or 1, the place of the better answer, or None for a tie."""
    rating = Rating(match.row, "tie" if choice is None else match.owners[choice], match.owners[0])
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="utf-8") as file:
        file.write(json.dumps(asdict(rating)) + "\n")
    return rating


def tally(ratings: Sequence[Rating], names: tuple[str, str]) -> Tally:
    """Count the ratings; ties decide nothing."""
    wins = tuple(sum(one.better == name for one in ratings) for name in names)
    decided = sum(wins)
    placed = sum(one.better == one.first for one in ratings)
    return Tally(
        systems=names,
        wins=(wins[0], wins[1]),
        ties=len(ratings) - decided,
        share=wins[0] / decided if decided else None,
        interval=share_interval(wins[0], decided) if decided else None,
        p=mcnemar(wins[0], wins[1]),
        placed_first=placed / decided if decided else None,
    )


def _said(answer: Answer, run: Standing) -> str:
    """An answer as a person reads it."""
    if answer.error is not None:
        return f"(no answer: {answer.error})"
    return answer.text if answer.text is not None else ", ".join(sorted(chosen(answer, run.task)))


def _draw(text: str) -> int:
    """A number that only the text decides."""
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "big")
