"""What a learned prompt is near to: for each of its positions the tokens of the vocabulary that point the same way."""

from typing import ClassVar

from overtone.evaluate.chapter import Chapter, Results
from overtone.evaluate.report.section import Column, Section, Table
from overtone.methods.nearest_words import NEAREST


class LearnedPrompt(Chapter):
    """The nearest words of every prompt that was learned."""

    name: ClassVar[str] = "learned_prompt"
    order: ClassVar[int] = 82

    def write(self, results: Results) -> Section | None:
        """Nothing where no prompt was learned."""
        found = {
            results.titles[key]: str(facts[NEAREST]).split("\n")
            for key, facts in results.facts.items()
            if NEAREST in facts and key in results.titles
        }
        if not found:
            return None
        sentence = (
            "A position need not mean what its nearest words say: a cosine well below 1 lies between words."
        )
        tables = tuple(_table(title, positions) for title, positions in found.items())
        return Section(self.name, "What the learned prompt is near to", (sentence,), tables)


def _table(title: str, positions: list[str]) -> Table:
    columns = (Column("Position", "count"), Column("Nearest words, each with its cosine"))
    return Table(columns, tuple(enumerate(positions, 1)), title)
