"""Asking a judge: prompts in, replies out; what was asked once is remembered, in a run over its restarts too."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

from overtone.evaluate.judges.keeping import current_replies
from overtone.runs.kept import digest

Ask = Callable[[Sequence[str]], list[str | None]]  # a reply for each prompt; None where there is none
Hear = Callable[[str, str | None], None]  # a prompt and its reply


class Replying(Protocol):
    """A judge that tells each reply as soon as it is there, maybe from several threads."""

    def __call__(self, prompts: Sequence[str], hear: Hear) -> object:
        """Ask all prompts."""
        ...


class Remembering:
    """Asks only what was not asked before: a metric is read many times, and a judge costs money.

    `asked` and `settings` name the judge: other ones are other replies. No reply is asked for again by a later start.
    """

    def __init__(self, judge: Replying, asked: str, settings: Mapping[str, Any]) -> None:
        self._judge, self._asked, self._settings = judge, asked, settings
        self._replies: dict[str, str | None] = {}

    def __call__(self, prompts: Sequence[str]) -> list[str | None]:
        """A reply for each prompt."""
        kept, names = current_replies(), {prompt: self._name(prompt) for prompt in prompts}

        def hear(prompt: str, reply: str | None) -> None:
            self._replies[prompt] = reply
            if kept is not None and reply is not None:  # that there is none costs nothing to hear again
                kept.add(names[prompt], {"reply": reply})

        for prompt, name in names.items():
            found = kept.find(name) if kept is not None else None
            if prompt in self._replies:
                hear(prompt, self._replies[prompt])  # from another run of this process
            elif found is not None:
                self._replies[prompt] = found["reply"]
        new = [prompt for prompt in names if prompt not in self._replies]
        if new:
            self._judge(new, hear)
        return [self._replies[prompt] for prompt in prompts]

    def _name(self, prompt: str) -> str:
        return digest(self._asked, {**self._settings, "prompt": prompt})


def unheard(prompt: str, reply: str | None) -> None:
    """Hear a reply and forget it."""
