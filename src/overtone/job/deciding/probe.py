"""Try every rival on a few rows before the run, to foresee what measuring it will take."""

import math
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from functools import partial
from itertools import zip_longest
from pathlib import Path

from overtone.core.answer import System
from overtone.core.event import unwatched
from overtone.core.example import Document, Example
from overtone.decide.cost_model import straight
from overtone.decide.measure import CHUNK
from overtone.decide.memory import PeakMemory
from overtone.decide.rival import Materials, Rival
from overtone.engine.remember import Store, remembering
from overtone.engine.remember.settings import limit_bytes
from overtone.job.deciding.spent import Spent, timed
from overtone.job.deciding.training_probe import TrainingProbe
from overtone.job.deciding.work import Work

ROWS = (16, 16, 64)  # rows that a rival is prepared from: to warm up, and two sizes that are measured
# Questions of each try, and after how many seconds of answering it is left out.
ASKED = {1: math.inf, 3: math.inf, 12: 3.0, 48: 0.5}
MOST_TEXT = 300_000  # characters of documents up to which every try has them all


@dataclass(frozen=True)
class Foretold:
    """What measuring one rival would take; `once` is the share that nothing before it in the run has computed."""

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

    with tempfile.TemporaryDirectory() as place, torch.random.fork_rng(devices=[]), _store(Path(place)):
        parts = few_rows(work)
        return [_foretell(rival, work, parts) for rival in work.rivals if rival.probed]


def _store(folder: Path) -> AbstractContextManager[Store | None]:
    """Work is remembered as the run will remember it, in a folder that is thrown away."""
    limit = limit_bytes()
    return remembering(Store(folder, limit) if limit else None)


@dataclass(frozen=True)
class Few:
    """Some of the rows to prepare from; `of` is by how much all are more."""

    materials: Materials
    of: float


def few_rows(work: Work) -> list[Few]:
    """Parts of the rows as large as ROWS, or as small as the rows make them; none has a row of another.

    So what is remembered of one does not make the next look cheap. Of many documents each has as large a part.
    """
    whole = len(work.data.train) + len(work.data.validation)
    share = min(1.0, sum(ROWS) / whole) / sum(ROWS)
    drawn = [_in_turn(rows) for rows in (work.data.train, work.data.validation)]
    parts, begun, read = [], [0, 0], 0.0
    for rows in ROWS:
        ends = [at + max(2, round(rows * share * len(part))) for at, part in zip(begun, drawn)]
        train, validation = (part[at:end] or part for part, at, end in zip(drawn, begun, ends))
        of = whole / (len(train) + len(validation))
        documents = _passages(work.materials.documents, read, read + 1 / of)
        few = replace(
            work.materials, train=train, validation=validation, documents=documents, watch=unwatched
        )
        parts.append(Few(few, of))
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


def _in_turn(rows: Sequence[Example]) -> list[Example]:
    """The rows in an order in which the classes take turns: a few in a row are of several classes."""
    classes: dict[tuple[str, ...], list[Example]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: row.id):
        classes[row.labels[:1]].append(row)
    turns = zip_longest(*(classes[name] for name in sorted(classes)))
    return [row for turn in turns for row in turn if row is not None]


def _foretell(rival: Rival, work: Work, parts: Sequence[Few]) -> Foretold:
    return (_tuned if rival.tuned else _untuned)(rival, work, parts)


def _untuned(rival: Rival, work: Work, parts: Sequence[Few]) -> Foretold:
    first, small, large = parts
    rival.prepare(first.materials)  # what is loaded at first use is not counted
    memory = PeakMemory()
    (_, one), (system, two) = (_prepared(rival, part.materials) for part in (small, large))
    most = memory.megabytes()
    prepared = _on_line([(1 / small.of, one), (1 / large.of, two)], [1.0])
    answered, held = _answers(system, work.data.test)
    fresh = min(1.0, two.seconds / two.work) if two.work else 1.0
    seconds, cpu = prepared.work + answered.work, prepared.cpu + answered.cpu
    return Foretold(rival.key, seconds, cpu, max(most, held), fresh)


def _prepared(rival: Rival, materials: Materials) -> tuple[System, Spent]:
    """The system, and what preparing it took; the work counts what an earlier rival had done for it."""
    system, took = timed(partial(rival.prepare, materials))
    spared = float(getattr(system, "facts", {}).get("spared_seconds", 0.0))
    return system, replace(took, work=took.work + spared)


def _tuned(rival: Rival, work: Work, parts: Sequence[Few]) -> Foretold:
    part = parts[-1]
    trainer, memory = TrainingProbe(work.tuner, part.of), PeakMemory()
    system, took = timed(lambda: rival.prepare(replace(part.materials, tune=trainer)))
    most, found, own = memory.megabytes(), trainer.found, trainer.took
    assert found is not None and own is not None
    beside = part.of * max(0.0, took.work - own.work), part.of * max(0.0, took.cpu - own.cpu)
    longest = _wanted_tokens(work, system)
    if longest is not None:
        system.max_tokens = longest  # type: ignore[attr-defined]
    answered, held = _answers(system, work.data.test)
    seconds, cpu = found.seconds + beside[0] + answered.work, found.cpu + beside[1] + answered.cpu
    sizes = {"kept": found.kept, "most": found.most, "weights": found.weights}
    return Foretold(rival.key, seconds, cpu, max(most, held), **sizes)


def _answers(system: System, test: Sequence[Example]) -> tuple[Spent, float]:
    """What answering all test rows would take, in chunks as the run asks them, and the megabytes of one."""
    tries = list(_tries(system, test))
    measured = tries[1:] or tries  # the first warms up
    chunks = [float(min(CHUNK, len(test) - first)) for first in range(0, len(test), CHUNK)]
    megabytes = straight([(asked, held) for asked, _, held in measured], max(chunks))
    return _on_line([(asked, took) for asked, took, _ in measured], chunks), megabytes


def _on_line(points: Sequence[tuple[float, Spent]], wanted: Sequence[float]) -> Spent:
    """The sum over wanted sizes on the straight lines through what was spent on measured ones."""
    work, cpu = (
        sum(straight([(size, getattr(took, kind)) for size, took in points], one) for one in wanted)
        for kind in ("work", "cpu")
    )
    return Spent(work, work, cpu)


def _tries(system: System, test: Sequence[Example]) -> Iterator[tuple[float, Spent, float]]:
    """More and more questions, none twice, with what they took and their megabytes."""
    rows, used, total = sorted(test, key=lambda row: row.id), 0, 0.0
    for asked, limit in ASKED.items():
        questions = [row.question for row in rows[used : used + asked]]
        if not questions or total > limit:
            return
        memory = PeakMemory()
        _, took = timed(partial(system.answer, questions))
        yield float(len(questions)), took, memory.megabytes()
        used, total = used + asked, total + took.seconds


def _wanted_tokens(work: Work, system: System) -> int | None:
    """Mean length of the wanted answers, which a tuned model will write; None where no text is written."""
    wanted = [row.completion for row in work.data.test if row.completion]
    if "generate" not in system.can or not wanted:
        return None
    from overtone.models.text import encode_plain

    base = work.materials.base()
    return math.ceil(sum(len(encode_plain(base, text)) for text in wanted) / len(wanted)) + 1
