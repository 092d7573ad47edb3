"""Extractive summary: the sentences most like the others."""

from typing import ClassVar

from overtone.decide.extract_ranks import Rank, graph
from overtone.decide.extractive_summary import ExtractiveSummary


class ExtractGraph(ExtractiveSummary):
    """The sentences or lines that a walk over their likeness visits most, as in LexRank (Erkan and Radev 2004).

    Unit and length are chosen on validation rows. Measured unasked where the training rows look like summaries.
    """

    name: ClassVar[str] = "extract_graph"
    title: ClassVar[str] = "extract: graph"
    order: ClassVar[int] = 8
    rank: ClassVar[Rank] = staticmethod(graph)
