"""Few-shot: the base as it is, shown some of the labelled rows."""

from collections.abc import Callable, Sequence
from typing import ClassVar, Self

from pydantic import Field

from overtone.core.answer import System
from overtone.core.example import Example, Message, Question
from overtone.decide.choices import choice_scorer, longest_choice
from overtone.decide.choosing import choose_count
from overtone.decide.choosing_shots import CHOICES, Choice
from overtone.decide.likelihood import LabelLikelihood
from overtone.decide.neighbours import choose_neighbours
from overtone.decide.prompt import INSTRUCTION, label_text, needs_of, refuse_unread, sorting_turns, with_shots
from overtone.decide.rival import Materials, Rival
from overtone.decide.shots import Asked, Shown
from overtone.retrieve.index import Index
from overtone.retrieve.indexes.bm25 import Bm25
from overtone.retrieve.indexes.dense import Dense

COUNTS = (1, 2, 4, 8)  # examples in a prompt, tried where the plan names no number


class FewShot(Rival):
    """Labelled rows are shown with each question; nothing is trained.

    A decoder or an encoder-decoder sees them as earlier turns of the conversation, as many as the context holds: those
    nearest to the question, the nearest last, or the same ones for every question, which are then computed once.
    An encoder lets the nearest rows vote, each by its similarity.
    """

    name: ClassVar[str] = "few_shot"
    also_called: ClassVar[tuple[str, ...]] = ("icl", "in_context")
    title: ClassVar[str] = "few-shot"
    order: ClassVar[int] = 30

    examples: int | None = Field(
        None, ge=1, description="rows shown; absent: chosen on validation rows (in a prompt among 1, 2, 4, 8)"
    )
    choose: Choice = Field(
        "nearest",
        description="nearest to each question; random: drawn by the plan's seed; diverse: typical and unlike each "
        "other, as many of each class (by an encoder)",
    )
    index: Index = Field(
        Bm25(), description="how the nearest rows are found in a prompt: bm25, dense or fused"
    )
    names: dict[str, str] = Field({}, description="label to the words a decoder reads for it")
    instruction: str = Field(INSTRUCTION, description="what a decoder is told; {labels} stands for the list")

    @property
    def heading(self) -> str:
        """The title, saying how the rows were chosen where not by nearness."""
        title = self.title if self.choose == "nearest" else f"{self.title}, {self.choose} examples"
        return f"{title} ({self.label})" if self.label not in ("", f"few_shot_{self.choose}") else title

    @classmethod
    def defaults(cls, offered: frozenset[str]) -> tuple[Self, ...]:
        """A decoder is shown rows drawn by lot as well: they cost less, and show whether looking rows up pays."""
        if "decoder" not in offered:
            return (cls(),)
        return (cls(label="few_shot_random", choose="random"), cls())

    def requires(self) -> tuple[frozenset[str], ...]:
        """An encoder where rows are compared by meaning."""
        beside = {"nearest": self.index.needs(), "diverse": Dense().needs()}.get(self.choose, frozenset())
        return tuple(need | beside for need in self.needs)

    def prepare(self, materials: Materials) -> System:
        """Choose the way by what the base is and what the task asks."""
        return WAYS[materials.base().description.kind, materials.task.asks](self, materials)


def _vote(rival: FewShot, materials: Materials) -> System:
    for setting in ("choose", "index"):
        refuse_unread(rival, setting, "by bases that write")
    for setting in ("instruction", "names"):
        refuse_unread(rival, setting, "by decoders that sort")
    return choose_neighbours(materials, rival.examples)


def _likeliest(rival: FewShot, materials: Materials) -> System:
    texts = {label: label_text(label, rival.names) for label in materials.labels}
    names = list(texts.values())

    def write(question: Question, rows: Sequence[Example]) -> tuple[Message, ...]:
        shots = [(row.text, ", ".join(texts[label] for label in row.labels)) for row in rows]
        return sorting_turns(question.text, names, rival.instruction, shots)

    system = LabelLikelihood(
        materials.base(), texts, lambda question: question.messages, materials.multi_label
    )
    return _shown(rival, materials, system, write, system.room())


def _write(rival: FewShot, materials: Materials) -> System:
    refuse_unread(rival, "instruction", "by decoders that sort")
    refuse_unread(rival, "names", "where texts are sorted")
    writer = materials.writer()
    return _shown(rival, materials, writer, _solved_first, writer.context - writer.max_tokens)


def _choose(rival: FewShot, materials: Materials) -> System:
    refuse_unread(rival, "instruction", "by decoders that sort")
    refuse_unread(rival, "names", "where texts are sorted")
    scorer = choice_scorer(materials)
    longest = longest_choice(scorer, (*materials.train, *materials.validation))
    return _shown(rival, materials, scorer, _solved_first, scorer.context - longest)


def _solved_first(question: Question, rows: Sequence[Example]) -> tuple[Message, ...]:
    turns = question.messages or (Message("user", question.text),)
    return with_shots(Question(question.id, messages=turns), rows).messages


def _shown(
    rival: FewShot,
    materials: Materials,
    system: Asked,
    write: Callable[[Question, Sequence[Example]], tuple[Message, ...]],
    room: int,
) -> System:
    """The system behind its examples, their number chosen where the plan names none."""
    if rival.choose != "nearest":
        refuse_unread(rival, "index", "where the nearest rows are shown")
    shots = CHOICES[rival.choose](materials, rival.index, rival.examples or max(COUNTS))

    def shown(count: int) -> Shown:
        return Shown(system, shots, count, write, room)

    return shown(rival.examples or choose_count(COUNTS, shown, materials, rival.key))


WAYS: dict[tuple[str, str], Callable[[FewShot, Materials], System]] = {
    ("encoder", "classify"): _vote,
    ("decoder", "classify"): _likeliest,
    ("decoder", "generate"): _write,
    ("encoder-decoder", "generate"): _write,
    ("decoder", "choose"): _choose,
    ("encoder-decoder", "choose"): _choose,
}
FewShot.needs = needs_of(WAYS)
