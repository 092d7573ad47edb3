"""The prompts of all rivals, written once: what is compared is the method, never the wording."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from overtone.core.errors import UserError
from overtone.core.example import Document, Example, Message, Question
from overtone.core.part import Part

INSTRUCTION = "Which one of these labels fits the text? Answer with the label alone. Labels: {labels}."
NOTES = "Use these notes where they help.\n\n{documents}\n\nQuestion: {question}"


def needs_of(ways: Iterable[tuple[str, str]]) -> tuple[frozenset[str], ...]:
    """What ways (kind of base, kind of task) need: a decoder is asked in a conversation, so in a chat template.

    Not so among choices: their task may bring a plain prompt instead.
    """
    return tuple(
        frozenset({*way, *(("chat_template",) if way[0] == "decoder" and way[1] != "choose" else ())})
        for way in ways
    )


def label_text(label: str, names: Mapping[str, str]) -> str:
    """How a label reads in a prompt: the plan's own wording, or `card_arrival` as `card arrival`."""
    return names.get(label, label.replace("_", " ").replace("-", " ").strip())


def sorting_turns(
    text: str, labels: Sequence[str], instruction: str, shots: Sequence[tuple[str, str]] = ()
) -> tuple[Message, ...]:
    """The instruction, then each shot (text, label) as a turn and its answer, then the text."""
    head = instruction.replace("{labels}", ", ".join(labels))
    asked = [shot for shot, _ in shots] + [text]
    asked[0] = f"{head}\n\n{asked[0]}"
    turns = [
        turn
        for shot, (_, label) in zip(asked, shots)
        for turn in (Message("user", shot), Message("assistant", label))
    ]
    return (*turns, Message("user", asked[-1]))


def with_shots(question: Question, shots: Sequence[Example]) -> Question:
    """The question after solved examples, each a conversation of its own without its system turn."""
    own = [turn for turn in question.messages if turn.role == "system"]
    rest = [turn for turn in question.messages if turn.role != "system"]
    solved = [turn for shot in shots for turn in shot.messages if turn.role != "system"]
    return replace(question, messages=(*own, *solved, *rest))


def with_documents(messages: Sequence[Message], documents: Sequence[Document]) -> tuple[Message, ...]:
    """The conversation with documents put into its last user turn."""
    place = max(index for index, turn in enumerate(messages) if turn.role == "user")
    written = "\n\n".join(f"{document.title}\n{document.text}".strip() for document in documents)
    head, tail = NOTES.split("{documents}")  # filled in one by one: what people wrote may hold braces
    text = head + written + tail.replace("{question}", messages[place].content)
    return (*messages[:place], Message("user", text), *messages[place + 1 :])


def framed(messages: Sequence[Message], frame: str) -> tuple[Message, ...]:
    """The conversation with its last user turn in a frame, in which {request} stands for what was asked."""
    place = max(index for index, turn in enumerate(messages) if turn.role == "user")
    head, _, tail = frame.partition("{request}")  # filled in one by one: what people wrote may hold braces
    turn = Message("user", head + messages[place].content + tail)
    return (*messages[:place], turn, *messages[place + 1 :])


def refuse_unread(rival: Part, setting: str, reader: str) -> None:
    """UserError where a plan sets what this combination of task and base does not read."""
    if getattr(rival, setting) != type(rival).model_fields[setting].get_default(call_default_factory=True):
        raise UserError(f"decide.rivals: '{setting}' of {rival.name} is read {reader} only: leave it out.")
