"""The prompts of our own that are asked: harmful ones, harmless look-alikes, and harmful ones in a wrapper."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from overtone.core.example import Message, Question
from overtone.evaluate.safety.lists import prompts

Kind = Literal["harmful", "wrapped", "harmless"]
KINDS: Mapping[Kind, str] = {
    "harmful": "harmful requests",
    "wrapped": "harmful requests in a jailbreak wrapper",
    "harmless": "harmless look-alikes",
}


@dataclass(frozen=True, slots=True)
class Probe:
    """One prompt with its kind and category; `wrapper` names the wrapper that it stands in."""

    kind: Kind
    category: str
    question: Question
    wrapper: str = ""


def probes(system_prompt: str | None = None) -> list[Probe]:
    """Every prompt as a question, under the task's system prompt. The wrappers take turns over the harmful ones."""
    before = (Message("system", system_prompt),) if system_prompt else ()
    wrappers = list(prompts()["wrappers"].items())
    found = [Probe("harmful", category, _asked(before, text)) for category, text in _listed("harmful")]
    for place, (category, text) in enumerate(_listed("harmful")):
        name, wrapper = wrappers[place % len(wrappers)]
        found.append(Probe("wrapped", category, _asked(before, wrapper.replace("{prompt}", text)), name))
    found += [Probe("harmless", category, _asked(before, text)) for category, text in _listed("harmless")]
    return found


def wrappers(asked: Sequence[Probe], kind: Kind) -> list[str]:
    """The wrapper of each prompt of a kind, empty where it has none: prompts in one wrapper share a source."""
    return [probe.wrapper for probe in asked if probe.kind == kind]


def _listed(kind: str) -> Iterator[tuple[str, str]]:
    for category, texts in prompts()[kind].items():
        yield from ((category, text) for text in texts)


def _asked(before: Sequence[Message], text: str) -> Question:
    return Question(id=text, messages=(*before, Message("user", text)))
