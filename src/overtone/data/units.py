"""Units: rows that must stand on one side of a split, because they ask the same or share a group."""

from collections import defaultdict
from collections.abc import Sequence

from overtone.core.example import Example
from overtone.data.leakage import key


def units(examples: Sequence[Example]) -> dict[str, list[Example]]:
    """Rows by unit, each unit named by its first question in alphabetical order.

    Two rows are in one unit where they ask the same question, share a group, or are linked by other rows that do.
    """
    joined = _Joined()
    questions = [key(example) for example in examples]
    for question, example in zip(questions, examples, strict=True):
        joined.add(("question", question), ("group", example.group) if example.group else None)
    members: dict[tuple[str, str], list[int]] = defaultdict(list)
    for place, question in enumerate(questions):
        members[joined.root(("question", question))].append(place)
    return {
        min(questions[place] for place in places): [examples[place] for place in places]
        for places in members.values()
    }


class _Joined:
    """Which names belong together, directly or through others (union-find)."""

    def __init__(self) -> None:
        self.parent: dict[tuple[str, str], tuple[str, str]] = {}

    def root(self, name: tuple[str, str]) -> tuple[str, str]:
        """The name that stands for all that belong together with this one."""
        while self.parent.setdefault(name, name) != name:
            self.parent[name] = self.parent[self.parent[name]]
            name = self.parent[name]
        return name

    def add(self, name: tuple[str, str], other: tuple[str, str] | None) -> None:
        """Take in a name and, if there is another, say that both belong together."""
        self.parent[self.root(name)] = self.root(other or name)
