"""Other words for the same request: what a steady system does not notice."""

from collections.abc import Sequence
from dataclasses import replace

from overtone.core.example import Example
from overtone.decide.prompt import INSTRUCTION, framed, label_text
from overtone.decide.rival import Rival
from overtone.decide.rivals.few_shot import FewShot
from overtone.decide.rivals.zero_shot import ZeroShot

# The first of each is what a rival uses by itself.
INSTRUCTIONS = (
    INSTRUCTION,
    "Read the text and name the label that suits it best, and nothing else. The labels are: {labels}.",
    "Labels: {labels}. Which of them does the text below belong to? Write only the label.",
    "Sort the text into one of these classes: {labels}. Reply with the class and no other word.",
    "Your task is to label a text. Allowed labels: {labels}. Give exactly one of them as your answer.",
)
NAMES = ("{label}", "about {label}", "a message about {label}", "the topic is {label}", "{label} problem")
REQUESTS = (
    "{request}",
    "Please answer the following.\n\n{request}",
    "{request}\n\nPlease reply.",
    "Here is a message. Answer it.\n\n{request}",
    "Answer this as well as you can:\n\n{request}",
)
MOST = len(REQUESTS)


def reworded(
    rival: ZeroShot | FewShot, rows: Sequence[Example], labels: Sequence[str], kind: str, number: int
) -> tuple[Rival, Sequence[Example]] | None:
    """The rival and the rows in wording `number` (from 1); None where the rival reads no words of ours.

    A decoder that sorts reads another instruction, an encoder other words around each label; where there are no
    labels, the last turn of the user is framed otherwise. Rows keep their ids.
    """
    if not labels:
        return rival, [replace(row, messages=framed(row.messages, REQUESTS[number])) for row in rows]
    if kind != "encoder":
        return rival.model_copy(update={"instruction": INSTRUCTIONS[number]}), rows
    if not isinstance(rival, ZeroShot):  # rows vote by themselves
        return None
    told = {label: NAMES[number].replace("{label}", label_text(label, rival.names)) for label in labels}
    return rival.model_copy(update={"names": told}), rows
