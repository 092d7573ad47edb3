"""Load a plan's data: read every file, split, find leakage, and account for each row."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from overtone.core.errors import UserError
from overtone.core.example import Document, Example
from overtone.core.task import Task
from overtone.data.account import Account, FileAccount
from overtone.data.concerns import classes_of, concerns
from overtone.data.documents import read_documents
from overtone.data.examples import Examples, read_examples
from overtone.data.language_rows import language_concerns, of_languages
from overtone.data.leakage import found_in
from overtone.data.passages import with_passages
from overtone.data.sample import refuse_classless, sampled, short_classes
from overtone.data.settings import DataSettings
from overtone.data.sources.table import Dropped
from overtone.data.split import FEWEST, split_rows

Splits = dict[str, tuple[Example, ...]]
SPLITS = ("train", "validation", "test")
LEAKED = "the same question stands in train"


@dataclass(frozen=True, slots=True)
class Data:
    """All rows of a plan, split, with what a person should know about them.

    `leaked` are ids of test rows whose question training also sees; they stay in `test`. `labels` are the
    sorted classes that stand in train. `guess` says how each file was understood.
    """

    train: tuple[Example, ...]
    validation: tuple[Example, ...]
    test: tuple[Example, ...]
    leaked: frozenset[str]
    documents: tuple[Document, ...]
    labels: tuple[str, ...]
    account: Account
    guess: str
    warnings: tuple[str, ...]


def load_data(settings: DataSettings, task: Task, seed: int, folder: Path) -> Data:
    """Read and split the files that `settings` names, relative to `folder` (where the plan stands).

    Where fewer rows are asked for, or rows of some languages, they are drawn after the test rows are cut and before the
    validation rows are: whatever is learned from, the same rows are judged.
    UserError: a file that cannot be read or understood, one class only, no row to train on or to test on.
    """
    refuse_classless(settings, task)
    names = {split: getattr(settings, split) for split in SPLITS}
    read = {split: read_examples(folder / name, task, settings) for split, name in names.items() if name}
    documents = read_documents(folder / settings.documents) if settings.documents else ()
    files = {split: with_passages(file, documents, task) for split, file in read.items()}
    classes = task.asks == "classify"
    _refuse_unusable(files, classes)
    splits, cut_from = _split(files, settings, seed, classes)
    copies = found_in(splits["validation"], splits["train"])
    clean = tuple(example for example in splits["validation"] if example.id not in copies)
    if not clean:
        raise UserError(f"{settings.validation}: every validation row also stands in train; give other rows.")
    judged = {**splits, "validation": clean}
    leaked = found_in(splits["test"], (*splits["train"], *clean))
    account = _account(files, splits, copies)
    concerned = concerns(
        judged, leaked, documents, classes, cut_from if len(files) < len(splits) else (), account
    )
    return Data(
        **judged,
        leaked=leaked,
        documents=documents,
        labels=tuple(sorted(classes_of(splits["train"]))) if classes else (),
        account=account,
        guess=_guess(files),
        warnings=(*concerned, *_of_language(files, settings), *short_classes(cut_from, settings)),
    )


def _guess(files: dict[str, Examples]) -> str:
    """How the files were understood; files that are read alike share a sentence."""
    alike: dict[str, list[str]] = {}
    for file in files.values():
        alike.setdefault(file.reading.sentence, []).append(file.reading.table.file)
    return "; ".join(f"{', '.join(names)}: {sentence}" for sentence, names in alike.items())


def _refuse_unusable(files: dict[str, Examples], classes: bool) -> None:
    """Refuse files of which no row is left, and a training file of one class."""
    for split, file in files.items():
        if not file.kept:
            causes = FileAccount(file.reading.table.file, file.read, {}, file.dropped).causes
            named = ", ".join(f"{cause}: {len(places)}" for cause, places in causes.items())
            purpose = "train on" if split == "train" else f"use as {split}"
            raise UserError(
                f"{file.reading.table.file}: no row is left to {purpose}; "
                f"all {file.read} were dropped ({named})."
            )
    labels = classes_of(files["train"].kept)
    if classes and len(labels) < 2:
        raise UserError(
            f"{files['train'].reading.table.file} holds one class only ('{min(labels)}'); "
            "a classifier needs rows of at least two."
        )


def _split(
    files: dict[str, Examples], settings: DataSettings, seed: int, by_label: bool
) -> tuple[Splits, Sequence[Example]]:
    """The rows of each split, those of its own file or a share of the training file; and what was cut last."""
    shares = {"test": settings.test_share, "validation": settings.validation_share}
    cut = {split: share for split, share in shares.items() if split not in files}
    splits: Splits = {split: file.kept for split, file in files.items()}
    rows: Sequence[Example] = files["train"].kept
    if settings.rows or settings.rows_per_class or settings.languages:
        if "test" in cut:
            test, rows = split_rows(rows, [cut.pop("test")], seed, by_label)
            splits["test"] = tuple(test)
        if settings.languages:
            found, rows = of_languages(splits, rows, settings.languages, seed, by_label)
            splits |= found
        rows = sampled(rows, settings, seed)
    parts = split_rows(rows, list(cut.values()), seed, by_label)
    splits |= {split: tuple(part) for split, part in zip((*cut, "train"), parts, strict=True)}
    for split in SPLITS:
        if not splits[split]:
            raise UserError(
                f"{files['train'].reading.table.file}: {len(rows)} rows are too few to take "
                f"{split} rows from; add rows (at least {FEWEST} different ones"
                f"{' of a class' * by_label}) or name a file in data.{split}."
            )
    return {split: splits[split] for split in SPLITS}, rows


def _of_language(files: dict[str, Examples], settings: DataSettings) -> Iterator[str]:
    """What a person should know about the languages of the rows, where the plan names some."""
    if settings.languages:
        yield from language_concerns(row for file in files.values() for row in file.kept)


def _account(files: dict[str, Examples], splits: Splits, copies: frozenset[str]) -> Account:
    """The rows of each file by split; validation rows that are copies of training rows count as dropped."""
    accounts = []
    for name, file in files.items():
        mine = [split for split in splits if split == name or (name == "train" and split not in files)]
        dropped = file.dropped
        kept = {}
        for split in mine:
            out = [row for row in splits[split] if split == "validation" and row.id in copies]
            dropped += tuple(Dropped(row.source, LEAKED) for row in out)
            kept[split] = len(splits[split]) - len(out)
        set_aside = len(file.kept) - sum(len(splits[split]) for split in mine)
        accounts.append(FileAccount(file.reading.table.file, file.read, kept, dropped, set_aside))
    return Account(tuple(accounts))
