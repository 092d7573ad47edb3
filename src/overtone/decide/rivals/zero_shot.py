"""Zero-shot: the base as it is, told only what the labels are called."""

from collections.abc import Callable
from typing import ClassVar

from pydantic import Field

from overtone.core.answer import System
from overtone.decide.choices import choice_scorer
from overtone.decide.likelihood import LabelLikelihood
from overtone.decide.nearest_name import NearestName
from overtone.decide.prompt import INSTRUCTION, label_text, needs_of, refuse_unread, sorting_turns
from overtone.decide.rival import Materials, Rival


class ZeroShot(Rival):
    """No labelled row is used.

    An encoder takes the label whose name is nearest to the text by cosine; a decoder takes the label that is
    the likeliest answer to an instruction listing all labels, writes the answer to the plain prompt, or prefers
    the likelier of two answers to it, or the likeliest of a row's choices. An encoder-decoder writes the answer too.
    """

    name: ClassVar[str] = "zero_shot"
    also_called: ClassVar[tuple[str, ...]] = ("prompting",)
    title: ClassVar[str] = "zero-shot"
    order: ClassVar[int] = 20

    names: dict[str, str] = Field({}, description="label to the words that describe it")
    instruction: str = Field(INSTRUCTION, description="what a decoder is told; {labels} stands for the list")

    def prepare(self, materials: Materials) -> System:
        """Choose the way by what the base is and what the task asks."""
        return WAYS[materials.base().description.kind, materials.task.asks](self, materials)


def _nearest(rival: ZeroShot, materials: Materials) -> System:
    refuse_unread(rival, "instruction", "by decoders that sort")
    texts = {label: label_text(label, rival.names) for label in materials.labels}
    return NearestName(materials.base(), texts, materials.multi_label)


def _likeliest(rival: ZeroShot, materials: Materials) -> System:
    texts = {label: label_text(label, rival.names) for label in materials.labels}
    return LabelLikelihood(
        materials.base(),
        texts,
        lambda question: sorting_turns(question.text, list(texts.values()), rival.instruction),
        materials.multi_label,
    )


def _write(rival: ZeroShot, materials: Materials) -> System:
    refuse_unread(rival, "instruction", "by decoders that sort")
    refuse_unread(rival, "names", "where texts are sorted")
    return materials.writer()


def _likelier(rival: ZeroShot, materials: Materials) -> System:
    from overtone.generate.chooser import Chooser

    refuse_unread(rival, "instruction", "by decoders that sort")
    refuse_unread(rival, "names", "where texts are sorted")
    return Chooser(materials.base())


def _choose(rival: ZeroShot, materials: Materials) -> System:
    refuse_unread(rival, "instruction", "by decoders that sort")
    refuse_unread(rival, "names", "where texts are sorted")
    return choice_scorer(materials)


WAYS: dict[tuple[str, str], Callable[[ZeroShot, Materials], System]] = {
    ("encoder", "classify"): _nearest,
    ("decoder", "classify"): _likeliest,
    ("decoder", "generate"): _write,
    ("encoder-decoder", "generate"): _write,
    ("decoder", "prefer"): _likelier,
    ("encoder-decoder", "prefer"): _likelier,
    ("decoder", "choose"): _choose,
    ("encoder-decoder", "choose"): _choose,
}
ZeroShot.needs = needs_of(WAYS)
