"""Extractive summary: the sentences nearest to the middle of all."""

from typing import ClassVar

from overtone.decide.extract_ranks import Rank, centroid
from overtone.decide.extractive_summary import ExtractiveSummary


class ExtractCentroid(ExtractiveSummary):
    """The sentences or lines nearest to the mean of all by TF-IDF (Radev et al. 2004).

    Unit and length are chosen on validation rows. Measured unasked where the training rows look like summaries.
    """

    name: ClassVar[str] = "extract_centroid"
    title: ClassVar[str] = "extract: centroid"
    order: ClassVar[int] = 7
    rank: ClassVar[Rank] = staticmethod(centroid)
