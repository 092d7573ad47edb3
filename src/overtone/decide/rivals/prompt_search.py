"""The optimised prompt: instructions and examples tried on validation rows, within a budget of answers."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import ClassVar

from pydantic import Field

from overtone.core.answer import System
from overtone.core.errors import UserError
from overtone.core.event import Event
from overtone.core.example import Example, Message, Question
from overtone.decide.halving import halve, most_candidates
from overtone.decide.likelihood import LabelLikelihood
from overtone.decide.nearest_name import NearestName
from overtone.decide.prompt import framed, label_text, needs_of, refuse_unread, sorting_turns, with_shots
from overtone.decide.prompt_candidates import NONE, Candidate, crossed, example_sets, rewritten
from overtone.decide.prompt_searched import Searched
from overtone.decide.rewording import INSTRUCTIONS, NAMES, REQUESTS
from overtone.decide.rival import Materials, Rival
from overtone.decide.shots import Asked, FixedShots, Shown

Make = Callable[[Candidate], System]
Write = Callable[[Question, Sequence[Example]], tuple[Message, ...]]


class PromptSearch(Rival):
    """The base as it is, with the prompt that scores best on validation rows; the test rows play no part.

    Tried are the instructions of the plan, some of our own and, where the base writes, its own rewrites of the first,
    each without examples, with random and with diverse ones. Successive halving shares out the budget. An encoder,
    which reads the names of labels alone, tries the words around them.
    """

    name: ClassVar[str] = "prompt_search"
    title: ClassVar[str] = "optimised prompt"
    order: ClassVar[int] = 33

    instructions: list[str] = Field(
        [],
        description="tried first; {labels} stands for the list of labels, {label} for one where the base is an "
        "encoder, {request} for the question where answers are written",
    )
    budget_answers: int = Field(240, ge=8, description="validation answers that the search may ask for")
    examples: int = Field(4, ge=0, description="solved examples in a prompt that has some")
    rewrites: int = Field(2, ge=0, le=4, description="instructions that the base itself may add by rewriting")
    names: dict[str, str] = Field({}, description="label to the words that describe it")

    def prepare(self, materials: Materials) -> System:
        """Search; the best candidate is the system."""
        if not materials.validation:
            raise UserError(
                f"decide.rivals: '{self.key}' chooses a prompt on validation rows, and there are none: give "
                "data.validation or a validation_share, or take it out of the list."
            )
        way = WAYS[materials.base().description.kind, materials.task.asks]
        candidates, make = way(self, materials)
        tried = candidates[: most_candidates(self.budget_answers)]
        trials = halve(
            [make(candidate) for candidate in tried],
            materials.task,
            materials.validation,
            self.budget_answers,
            materials.seed,
            lambda done, total: materials.watch(Event(f"prepare {self.key}", done, total)),
        )
        return Searched(tried, trials, len(candidates) - len(tried))


def _around_names(rival: PromptSearch, materials: Materials) -> tuple[list[Candidate], Make]:
    for setting in ("examples", "rewrites"):
        refuse_unread(rival, setting, "by bases that write")
    if lacking := next((one for one in rival.instructions if "{label}" not in one), None):
        raise UserError(
            f"decide.rivals: an encoder reads the label's words alone, so an instruction of '{rival.key}' must hold "
            f"{{label}}, as in 'a text about {{label}}'; not {lacking!r}."
        )
    texts = _texts(rival, materials)

    def make(candidate: Candidate) -> System:
        around = {label: candidate.instruction.replace("{label}", text) for label, text in texts.items()}
        return NearestName(materials.base(), around, materials.multi_label)

    return crossed([*rival.instructions, *NAMES], [NONE]), make


def _sorting(rival: PromptSearch, materials: Materials) -> tuple[list[Candidate], Make]:
    texts = _texts(rival, materials)
    system = LabelLikelihood(
        materials.base(), texts, lambda question: question.messages, materials.multi_label
    )

    def make(candidate: Candidate) -> System:
        def write(question: Question, rows: Sequence[Example]) -> tuple[Message, ...]:
            shots = [(row.text, ", ".join(texts[label] for label in row.labels)) for row in rows]
            return sorting_turns(question.text, list(texts.values()), candidate.instruction, shots)

        return _shown(system, candidate, write, system.room())

    return _crossed(rival, materials, rival.instructions, INSTRUCTIONS), make


def _writing(rival: PromptSearch, materials: Materials) -> tuple[list[Candidate], Make]:
    refuse_unread(rival, "names", "where texts are sorted")
    writer = materials.writer()
    given = [one if "{request}" in one else f"{one}\n\n{{request}}" for one in rival.instructions]

    def make(candidate: Candidate) -> System:
        def write(question: Question, rows: Sequence[Example]) -> tuple[Message, ...]:
            turns = framed(question.messages or (Message("user", question.text),), candidate.instruction)
            shots = [replace(row, messages=framed(row.messages, candidate.instruction)) for row in rows]
            return with_shots(Question(question.id, messages=turns), shots).messages

        return _shown(writer, candidate, write, writer.context - writer.max_tokens)

    return _crossed(rival, materials, given, REQUESTS), make


def _crossed(
    rival: PromptSearch, materials: Materials, given: Sequence[str], ours: Sequence[str]
) -> list[Candidate]:
    """The plan's instructions, our first, the base's own, the rest of ours; each with every set of examples."""
    first = next(one for one in (*given, *ours) if one != "{request}")  # the bare question has no words
    own = rewritten(materials.base(), first, rival.rewrites) if rival.rewrites else []
    return crossed([*given, ours[0], *own, *ours[1:]], example_sets(materials, rival.examples))


def _shown(system: Asked, candidate: Candidate, write: Write, room: int) -> System:
    rows = candidate.examples.rows
    return Shown(system, FixedShots(rows), len(rows), write, room)


def _texts(rival: PromptSearch, materials: Materials) -> dict[str, str]:
    return {label: label_text(label, rival.names) for label in materials.labels}


WAYS: dict[tuple[str, str], Callable[[PromptSearch, Materials], tuple[list[Candidate], Make]]] = {
    ("encoder", "classify"): _around_names,
    ("decoder", "classify"): _sorting,
    ("decoder", "generate"): _writing,
    ("encoder-decoder", "generate"): _writing,
}
PromptSearch.needs = needs_of(WAYS)
