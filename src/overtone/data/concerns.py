"""What a person should know about the rows before any training, in sentences."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from overtone.core.example import Document, Example
from overtone.data.account import Account
from overtone.data.labels import label_warnings
from overtone.data.leakage import of_shared_groups, repeats
from overtone.data.pairs import pair_warnings
from overtone.data.split import FEWEST, small_classes

FEW_GROUPS = 10  # test groups below which an interval says little
MANY_DROPPED = 0.1  # of a file's rows, from which it is worth a sentence


def concerns(
    splits: Mapping[str, Sequence[Example]],
    leaked: frozenset[str],
    documents: Sequence[Document],
    classes: bool,
    cut_from: Sequence[Example],
    account: Account,
) -> Iterator[str]:
    """What a person should know about the rows, in sentences; the gravest first.

    `classes` says that the labels are the task; `cut_from` are the rows of the file that was split, if any.
    """
    test, train = splits["test"], splits["train"]
    copied = sum(example.id in leaked for example in test)
    if copied:
        yield f"{copied} of {len(test)} test rows also stand in training; scores come with and without them."
    yield from _of_groups(test, (*train, *splits["validation"]))
    for file in account.files:
        if len(file.dropped) > MANY_DROPPED * file.read:
            cause = next(iter(file.causes))
            yield f"{len(file.dropped)} of {file.read} rows of {file.file} were dropped, most for: {cause}."
    for name in ("test", "train"):
        if again := repeats(splits[name]):
            yield f"{name} rows that repeat an earlier one: {again} of {len(splits[name])}."
    if classes:
        yield from label_warnings([row for rows in splits.values() for row in rows])
        yield from _of_classes(splits, cut_from)
    yield from pair_warnings([row for rows in splits.values() for row in rows])
    unknown = {name for row in train for name in row.documents} - {document.id for document in documents}
    if documents and unknown:
        yield f"{len(unknown)} document ids of rows are not among the documents, such as '{min(unknown)}'."


def _of_groups(test: Sequence[Example], seen: Sequence[Example]) -> Iterator[str]:
    """Test rows of a source that training sees, and sources too few to say much about others."""
    if shared := of_shared_groups(test, seen):
        yield (
            f"{shared} of {len(test)} test rows share their group with training rows; scores may be higher than "
            "on groups never seen."
        )
    groups = {row.group for row in test}
    if groups != {""} and len(groups) < FEW_GROUPS:
        yield f"The test rows come from {len(groups)} groups only; they say little about other groups."


def _of_classes(splits: Mapping[str, Sequence[Example]], cut_from: Sequence[Example]) -> Iterator[str]:
    """Classes that could not be split, and classes that only the test rows hold."""
    if small := small_classes(cut_from):
        named = ", ".join(f"'{label}' ({count})" for label, count in list(small.items())[:5])
        yield f"Classes of fewer than {FEWEST} different rows, which stay in train: {len(small)}, {named}."
    unseen = sorted(classes_of(splits["test"]) - classes_of(splits["train"]))
    if unseen:
        rows = sum(not set(row.labels).isdisjoint(unseen) for row in splits["test"])
        yield (
            f"{rows} test rows hold labels that train does not, which no system can learn: "
            f"{', '.join(unseen[:5])}."
        )


def classes_of(examples: Iterable[Example]) -> set[str]:
    """Every label that stands in the examples."""
    return {label for example in examples for label in example.labels}
