"""Asking a judge: prompts in, replies out; what was asked once is remembered as long as the process lives."""

from collections.abc import Callable, Sequence

Ask = Callable[[Sequence[str]], list[str | None]]  # a reply for each prompt; None where there is none


class Remembering:
    """Asks only what was not asked before: a metric is read many times, and a judge costs money."""

    def __init__(self, ask: Ask) -> None:
        self._ask = ask
        self._replies: dict[str, str | None] = {}

    def __call__(self, prompts: Sequence[str]) -> list[str | None]:
        """A reply for each prompt."""
        new = [prompt for prompt in dict.fromkeys(prompts) if prompt not in self._replies]
        if new:
            self._replies |= zip(new, self._ask(new), strict=True)
        return [self._replies[prompt] for prompt in prompts]
