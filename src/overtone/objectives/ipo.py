"""Identity preference optimisation: bring each pair to one fixed margin over the base, and no further.

Azar et al. 2023, "A General Theoretical Paradigm to Understand Learning from Human Preferences", arXiv 2310.12036,
equation 17. `beta` is the paper's tau. Log-probabilities of whole answers are compared, as the equation says; they
are not divided by the length.
"""

from typing import TYPE_CHECKING, ClassVar

from overtone.objectives.preference import Referenced

if TYPE_CHECKING:
    from torch import Tensor


class Ipo(Referenced):
    """The squared distance of each pair's gain over the untuned base, in nats, from 1 / (2 beta)."""

    name: ClassVar[str] = "ipo"

    def losses(self, chosen: "Tensor", rejected: "Tensor") -> "Tensor":
        """In squared nats: rewards hold the factor beta, and the half is where their margin shall stand: (pairs,)."""
        return ((chosen - rejected - 0.5) / self.beta) ** 2
