"""Few-shot: the base as it is, shown the labelled rows nearest to each question."""

from collections.abc import Callable, Sequence
from typing import ClassVar

from pydantic import Field

from overtone.core.answer import System
from overtone.core.example import Message, Question
from overtone.decide.likelihood import LabelLikelihood
from overtone.decide.neighbours import choose_neighbours
from overtone.decide.prompt import INSTRUCTION, label_text, needs_of, refuse_unread, sorting_turns
from overtone.decide.rival import Materials, Rival
from overtone.decide.room import fitting
from overtone.decide.shots import ShotWriter
from overtone.retrieve.bm25 import Bm25Index

SHOTS = 4  # examples in a decoder's prompt where the plan names no number


class FewShot(Rival):
    """Labelled rows are looked up for each question; nothing is trained.

    An encoder lets the nearest rows vote, each by its similarity. A decoder or an encoder-decoder sees the rows nearest
    by BM25 as earlier turns of the conversation, the nearest last, as many as the context holds.
    """

    name: ClassVar[str] = "few_shot"
    title: ClassVar[str] = "few-shot"
    order: ClassVar[int] = 30

    examples: int | None = Field(
        None, ge=1, description="rows looked up; absent: chosen on validation (encoder), 4 (decoder)"
    )
    names: dict[str, str] = Field({}, description="label to the words a decoder reads for it")
    instruction: str = Field(INSTRUCTION, description="what a decoder is told; {labels} stands for the list")

    def prepare(self, materials: Materials) -> System:
        """Choose the way by what the base is and what the task asks."""
        return WAYS[materials.base().description.kind, materials.task.asks](self, materials)


def _vote(rival: FewShot, materials: Materials) -> System:
    refuse_unread(rival, "instruction", "by decoders that sort")
    refuse_unread(rival, "names", "by decoders that sort")
    return choose_neighbours(materials, rival.examples)


def _likeliest(rival: FewShot, materials: Materials) -> System:
    texts = {label: label_text(label, rival.names) for label in materials.labels}
    index = Bm25Index([row.text for row in materials.train])

    def turns(question: Question) -> tuple[Message, ...]:
        found = [materials.train[place] for place in index.search(question.text, rival.examples or SHOTS)]
        shots = [(row.text, ", ".join(texts[label] for label in row.labels)) for row in found]

        def written(chosen: Sequence[tuple[str, str]]) -> tuple[Message, ...]:
            return sorting_turns(question.text, list(texts.values()), rival.instruction, chosen[::-1])

        kept = fitting(shots, lambda chosen: len(system.encode(written(chosen))), system.room())
        return written(kept)

    system = LabelLikelihood(materials.base(), texts, turns, materials.multi_label)
    return system


def _write(rival: FewShot, materials: Materials) -> System:
    refuse_unread(rival, "instruction", "by decoders that sort")
    refuse_unread(rival, "names", "where texts are sorted")
    return ShotWriter(materials.writer(), materials.train, rival.examples or SHOTS)


WAYS: dict[tuple[str, str], Callable[[FewShot, Materials], System]] = {
    ("encoder", "classify"): _vote,
    ("decoder", "classify"): _likeliest,
    ("decoder", "generate"): _write,
    ("encoder-decoder", "generate"): _write,
}
FewShot.needs = needs_of(WAYS)
