"""Support vector machines over dense features: parted by planes, or by a Gaussian kernel (RBF).

Each pair of labels is parted by a machine of its own and the pairs vote, graded by how clearly they decide
(Cortes and Vapnik 1995, "Support-vector networks"; Knerr et al. 1990 for the pairs), which takes far less time
than parting each label from all the rest. The time grows with the square of the rows.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, Self

from overtone.classical.choose import Rows
from overtone.classical.estimator import EstimatorModel, fit_estimator
from overtone.classical.fit import centred
from overtone.classical.linear import Matrix

Kernel = Literal["linear", "rbf"]
CACHE_MEGABYTES = 500


@dataclass(frozen=True)
class KernelModel:
    """A kernel machine over centred features: (features - mean) / deviation."""

    inner: EstimatorModel
    mean: Any
    deviation: float

    @property
    def labels(self) -> tuple[str, ...]:
        """The labels, in the order of the columns."""
        return self.inner.labels

    @property
    def multi_label(self) -> bool:
        """Whether each label stands alone."""
        return self.inner.multi_label

    def scores(self, features: Matrix) -> Any:
        """Scores before probabilities: (rows, labels)."""
        return self.inner.scores(self._prepared(features))

    def probabilities(self, features: Matrix) -> Any:
        """Probabilities (rows, labels)."""
        return self.inner.probabilities(self._prepared(features))

    def scaled(self, slope: float, shift: float) -> Self:
        """The same model with scores `slope * score + shift`."""
        return type(self)(self.inner.scaled(slope, shift), self.mean, self.deviation)

    def _prepared(self, features: Matrix) -> Any:
        return (features - self.mean) / self.deviation


def fit_kernel(
    kernel: Kernel, strength: float, width: float, labels: Sequence[str], multi_label: bool, rows: Rows
) -> KernelModel:
    """Fit at a strength C, over dense rows; a Gaussian kernel is exp(-width |a - b|^2 / features).

    Features are centred with a mean variance of one, so that a width means the same for every base.
    """
    from sklearn.svm import SVC

    features, mean, deviation = centred(rows.features)

    def make() -> Any:
        return SVC(C=strength, kernel=kernel, gamma=width / features.shape[1], cache_size=CACHE_MEGABYTES)

    return KernelModel(fit_estimator(make, features, rows.wanted, labels, multi_label), mean, deviation)
