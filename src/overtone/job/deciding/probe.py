"""Try every rival on a few rows before the run, to foresee what measuring it will take."""

import math
import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from overtone.core.answer import System
from overtone.core.event import unwatched
from overtone.core.example import Document, Example
from overtone.decide.cost_model import straight
from overtone.decide.measure import CHUNK
from overtone.decide.memory import PeakMemory
from overtone.decide.rival import Materials, Rival
from overtone.engine.remember import Recipe, Store, remembering
from overtone.engine.remember.book import Book
from overtone.engine.remember.settings import cache_folder, limit_bytes
from overtone.job.deciding.in_turn import characters, in_turn
from overtone.job.deciding.longest import longest_first
from overtone.job.deciding.spent import Spent, on_line, timed
from overtone.job.deciding.training_probe import TrainingProbe
from overtone.job.deciding.work import Work

ROWS = (16, 16, 64)  # rows that a rival is prepared from: to warm up, and two sizes that are measured
# Questions of each try, and after how many seconds of answering it is left out.
ASKED = {1: math.inf, 3: math.inf, 12: 3.0, 48: 0.5}
MOST_TEXT = 40_000  # characters of documents up to which every try has them all


@dataclass(frozen=True)
class Foretold:
    """What measuring one rival would take.

    `work` are seconds as if nothing were remembered, of which `fresh` is the share that really has to be computed.
    `cpu` is what the processor really does: what the user's store or a rival before this one holds is read.
    """

    key: str
    work: float
    cpu: float
    megabytes: float = 0.0
    fresh: float = 1.0
    kept: int = 0  # bytes that stay in the run folder
    most: int = 0  # bytes at the most
    weights: int = 0  # bytes of a tuned base in memory


def probe(work: Work) -> list[Foretold]:
    """Every rival that may be tried; random numbers and remembered work of the run stay as they are."""
    import torch

    from overtone.engine.allocator import keep_freed_memory

    keep_freed_memory()  # as a training sets it: without it each step asks for its memory anew
    with tempfile.TemporaryDirectory() as place, torch.random.fork_rng(devices=[]):
        parts = few_rows(work, Path(place))
        return [_foretell(rival, work, parts) for rival in work.rivals if rival.probed]


class Borrowing(Store):
    """Begins with what the user's store holds of a recipe; what is computed here is thrown away with its folder."""

    def book(self, recipe: Recipe) -> Book:
        """The folder of a recipe, filled when first asked for."""
        kept = Book(cache_folder(), recipe).folder
        own = self.folder / kept.name
        if kept.exists() and not own.exists():
            shutil.copytree(
                kept, own, ignore=shutil.ignore_patterns("*.tmp"), copy_function=_borrow, dirs_exist_ok=True
            )
        return super().book(recipe)


def _borrow(source: str, target: str) -> None:
    """Values never change, so a link will do."""
    (os.symlink if source.endswith(".safetensors") else shutil.copyfile)(source, target)


@dataclass(frozen=True)
class Few:
    """Some of the rows to prepare from; all have `of` times as many characters.

    Each part remembers in a store of its own: a rival reads there what those before it computed of this part, as in
    the run it will read what they computed of everything.
    """

    materials: Materials
    of: float
    store: Store | None = None


def few_rows(work: Work, place: Path) -> list[Few]:
    """Parts of the rows as large as ROWS, or as small as the rows make them; none has a row of another.

    So what is remembered of one does not make the next look cheap. Of many documents each has as large a part.
    """
    data, limit = work.data, limit_bytes()
    whole, total = len(data.train) + len(data.validation), characters((*data.train, *data.validation))
    share, sides = min(1 / sum(ROWS), 1 / whole), (data.train, data.validation)
    takes = [[max(2, round(rows * share * len(side))) for rows in ROWS] for side in sides]
    drawn = [in_turn(side, sum(each)) for side, each in zip(sides, takes)]
    parts, begun, read = [], [0, 0], 0.0
    for number in range(len(ROWS)):
        ends = [at + each[number] for at, each in zip(begun, takes)]
        train, validation = (side[at:end] or side for side, at, end in zip(drawn, begun, ends))
        of = total / characters((*train, *validation))
        documents = _passages(work.materials.documents, read, read + 1 / of)
        few = replace(
            work.materials, train=train, validation=validation, documents=documents, watch=unwatched
        )
        parts.append(Few(few, of, Borrowing(place / str(number), limit) if limit else None))
        begun, read = ends, read + 1 / of
    return parts


def _passages(documents: Sequence[Document], begin: float, end: float) -> Sequence[Document]:
    """The documents from one share of all their text to another, those at both ends cut; all where they are few."""
    total = sum(len(document.text) for document in documents)
    if total <= MOST_TEXT:
        return documents
    first, last, at, found = begin * total, end * total, 0, []
    for document in documents:
        cut = slice(max(0, round(first - at)), max(0, round(last - at)))
        if document.text[cut]:
            found.append(replace(document, text=document.text[cut]))
        at += len(document.text)
    return found


def _foretell(rival: Rival, work: Work, parts: Sequence[Few]) -> Foretold:
    return (_tuned if rival.tuned else _untuned)(rival, work, parts)


def _untuned(rival: Rival, work: Work, parts: Sequence[Few]) -> Foretold:
    first, small, large = parts
    _prepared(rival, first)  # what is loaded at first use is not counted
    memory = PeakMemory()
    (_, one), (system, two) = (_prepared(rival, part) for part in (small, large))
    most = memory.megabytes()
    prepared = on_line([(1 / small.of, one), (1 / large.of, two)], [1.0])
    with remembering(large.store):
        answered, held = _answers(system, work.data.test)
    whole = prepared + answered
    fresh = min(1.0, whole.seconds / whole.work) if whole.work else 1.0
    return Foretold(rival.key, whole.work, whole.cpu, max(most, held), fresh)


def _prepared(rival: Rival, part: Few) -> tuple[System, Spent]:
    """The system, and what preparing it took; the work counts what an earlier rival had done for it."""
    with remembering(part.store):
        system, took = timed(partial(rival.prepare, part.materials))
    spared = float(getattr(system, "facts", {}).get("spared_seconds", 0.0))
    return system, replace(took, work=took.work + spared)


def _tuned(rival: Rival, work: Work, parts: Sequence[Few]) -> Foretold:
    part = parts[-1]
    with remembering(part.store):
        trainer, memory = TrainingProbe(work.tuner, part.of, longest_first(work.data.train)), PeakMemory()
        system, took = timed(lambda: rival.prepare(replace(part.materials, tune=trainer)))
        most, found, own = memory.megabytes(), trainer.found, trainer.took
        assert found is not None and own is not None
        longest = _wanted_tokens(work, system)
        if longest is not None:
            system.max_tokens = longest  # type: ignore[attr-defined]
        answered, held = _answers(system, work.data.test)
    del system
    # What is loaded at first use and stays is no part of what the run will measure. Memory that the training has freed
    # stays with the process too, in pieces that what answering takes rarely fits into.
    most += found.further + held - memory.megabytes_left()
    whole = found.took + took.beyond(own).times(part.of) + answered
    fresh = min(1.0, whole.seconds / whole.work)
    return Foretold(rival.key, whole.work, whole.cpu, most, fresh, found.kept, found.most, found.weights)


def _answers(system: System, test: Sequence[Example]) -> tuple[Spent, float]:
    """What answering all test rows would take, in chunks as the run asks them, and the megabytes of one."""
    tries = list(_tries(system, test))
    measured = tries[1:] or tries  # the first warms up
    each = characters(test) / len(test)
    chunks = [each * min(CHUNK, len(test) - first) for first in range(0, len(test), CHUNK)]
    megabytes = straight([(asked, held) for asked, _, held in measured], max(chunks))
    return on_line([(asked, took) for asked, took, _ in measured], chunks), megabytes


def _tries(system: System, test: Sequence[Example]) -> Iterator[tuple[float, Spent, float]]:
    """More and more questions, none twice: their characters, what they took and the megabytes."""
    rows, used, total = in_turn(test, sum(ASKED)), 0, 0.0
    for asked, limit in ASKED.items():
        few = rows[used : used + asked]
        if not few or total > limit:
            return
        memory = PeakMemory()
        _, took = timed(partial(system.answer, [row.question for row in few]))
        yield float(characters(few)), took, memory.megabytes()
        used, total = used + asked, total + took.seconds


def _wanted_tokens(work: Work, system: System) -> int | None:
    """Mean length of the wanted answers, which a tuned model will write; None where no text is written."""
    wanted = [row.completion for row in work.data.test if row.completion]
    if "generate" not in system.can or not wanted:
        return None
    from overtone.models.text import encode_plain

    base = work.materials.base()
    return math.ceil(sum(len(encode_plain(base, text)) for text in wanted) / len(wanted)) + 1
