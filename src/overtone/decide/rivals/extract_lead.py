"""Extractive summary: the beginning of the text."""

from typing import ClassVar

from overtone.decide.extract_ranks import Rank, lead
from overtone.decide.extractive_summary import ExtractiveSummary


class ExtractLead(ExtractiveSummary):
    """The first sentences or lines of the last user turn, as many as fit.

    Unit and length are chosen on validation rows. Measured unasked where the training rows look like summaries.
    """

    name: ClassVar[str] = "extract_lead"
    title: ClassVar[str] = "extract: beginning"
    order: ClassVar[int] = 6
    rank: ClassVar[Rank] = staticmethod(lead)
