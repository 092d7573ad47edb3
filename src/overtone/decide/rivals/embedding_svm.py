"""Frozen features: the base's own vectors and a support vector machine over them."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import ClassVar

from pydantic import Field

from overtone.classical.choose import Rows, choose
from overtone.classical.kernel import Kernel, KernelModel, fit_kernel
from overtone.core.answer import System
from overtone.decide.frozen_rows import FrozenRows, frozen_classifier, frozen_rows, progress_of
from overtone.decide.rival import Materials, Rival

Setting = tuple[Kernel, float, float]  # the kernel, its strength C, its width (0 for a linear one)
SETTINGS: dict[Kernel, tuple[Setting, ...]] = {
    "linear": tuple(("linear", strength, 0.0) for strength in (0.01, 0.1)),
    "rbf": tuple(("rbf", strength, width) for strength in (3.0, 10.0) for width in (0.1, 0.3)),
}
MOST_RBF_ROWS = 5000  # beyond, its settings take minutes


class EmbeddingSvm(Rival):
    """Mean-pooled vectors of the base as it is, into a support vector machine, linear or with a Gaussian kernel.

    Kernel, strength and width are chosen on validation rows; then it is refitted on training and validation rows.
    """

    name: ClassVar[str] = "embedding_svm"
    also_called: ClassVar[tuple[str, ...]] = ("svm",)
    title: ClassVar[str] = "frozen embedding + support vector machine"
    needs: ClassVar[tuple[frozenset[str], ...]] = (frozenset({"classify"}),)
    order: ClassVar[int] = 42

    kernel: Kernel | None = Field(
        None,
        description="absent: both are tried and validation rows choose, rbf up to 5,000 rows",
    )

    def prepare(self, materials: Materials) -> System:
        """Embed the rows once, try every setting, refit the best."""
        rows = frozen_rows(materials)
        kernels, told = self._kernels(rows)
        model, (kernel, strength, width) = choose(
            {setting: self._fit(materials, setting) for kernel in kernels for setting in SETTINGS[kernel]},
            rows.train,
            rows.validation,
            progress_of(materials, self.key),
        )
        found: dict[str, float | str] = {"kernel": kernel, "strength": strength, "width": width}
        return frozen_classifier(materials, model, {**found, **told, "spared_seconds": rows.spared_seconds})

    def _kernels(self, rows: FrozenRows) -> tuple[Sequence[Kernel], dict[str, str]]:
        """The kernels to try, and what is to be told of one that is left out."""
        if self.kernel is not None:
            return [self.kernel], {}
        if rows.count > MOST_RBF_ROWS:
            return ["linear"], {"left_out": f"rbf: {rows.count:,} rows are over {MOST_RBF_ROWS:,}"}
        return ["linear", "rbf"], {}

    def _fit(self, materials: Materials, setting: Setting) -> Callable[[Rows], KernelModel]:
        return partial(fit_kernel, *setting, materials.labels, materials.multi_label)
