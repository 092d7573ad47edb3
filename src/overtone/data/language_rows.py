"""The rows of the languages that a plan trains on and judges; a row whose translation is judged is not trained on."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from overtone.core.errors import UserError, nearest
from overtone.core.example import Example
from overtone.data.languages import Languages
from overtone.data.split import split_rows

Rows = tuple[Example, ...]
WHERE = "data.languages"


def of_languages(
    splits: Mapping[str, Rows], rows: Sequence[Example], languages: Languages, seed: int, by_label: bool
) -> tuple[dict[str, Rows], list[Example]]:
    """The splits that have rows already (test, perhaps validation) and the rows to learn from, of the wanted languages.

    UserError where a language has no row, where none is left to learn from, and with `by_label` where all carry one
    label.
    """
    _refuse_absent(languages.train, rows, "train", "row to learn from")
    test = judged_rows(splits["test"], languages)
    learned = {
        name: learned_rows(found, languages, test, seed, by_label)
        for name, found in {"train": rows, "validation": splits.get("validation", ())}.items()
    }
    if "validation" in splits and not learned["validation"]:
        raise UserError(f"data.validation: no row is left in {_quoted(languages.train)}; give other rows.")
    if by_label:
        _refuse_one_class(learned["train"], languages)
    kept = {name: tuple(learned["validation"]) for name in splits if name == "validation"}
    return {**kept, "test": test}, learned["train"]


def judged_rows(examples: Sequence[Example], languages: Languages) -> Rows:
    """The rows to judge; UserError where one of the wanted languages has none."""
    if languages.test is not None:
        _refuse_absent(languages.test, examples, "test", "test row")
    return tuple(
        row for row in examples if row.language and row.language in (languages.test or [row.language])
    )


def learned_rows(
    examples: Sequence[Example], languages: Languages, judged: Iterable[Example], seed: int, by_label: bool
) -> list[Example]:
    """The rows to learn from: of each language its share, drawn by the seed, a smaller share within a larger.

    A row that shares its group with a judged one, such as its translation, is left out. UserError where a language that
    has rows keeps none.
    """
    groups = {row.group for row in judged} - {""}
    taken: set[int] = set()
    for name, share in languages.train.items():
        of_it = [row for row in examples if row.language == name]
        free = [row for row in of_it if row.group not in groups]
        kept = free if share == 1 else split_rows(free, [share], seed, by_label)[0]
        if of_it and not kept:
            raise UserError(
                f"{WHERE}.train.{name}: of {len(of_it)} rows {len(free)} share no group with a judged row, and none is "
                "left to learn from; add rows, or raise the share."
            )
        taken |= {id(row) for row in kept}
    return [row for row in examples if id(row) in taken]


def language_concerns(examples: Iterable[Example]) -> Iterator[str]:
    """A sentence where rows do not say in which language they are."""
    silent = [row for row in examples if not row.language]
    if silent:
        yield f"{len(silent)} rows name no language and are set aside, the first in {silent[0].source}."


def _refuse_absent(names: Iterable[str], examples: Sequence[Example], setting: str, what: str) -> None:
    known = sorted({row.language for row in examples} - {""})
    for name in names:
        if name not in known:
            there = f"There are rows in {_quoted(known)}." if known else "No row names its language."
            raise UserError(f"{WHERE}.{setting}: no {what} is in '{name}'.{nearest(name, known)} {there}")


def _refuse_one_class(examples: Sequence[Example], languages: Languages) -> None:
    labels = {label for row in examples for label in row.labels}
    if len(labels) < 2:
        raise UserError(
            f"{WHERE}.train: the rows in {_quoted(languages.train)} hold one class only ('{min(labels, default='')}'); "
            "a classifier needs rows of at least two."
        )


def _quoted(names: Iterable[str]) -> str:
    return ", ".join(f"'{name}'" for name in names)
