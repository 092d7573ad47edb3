"""The base as it is on plain text: what tuning has to beat."""

from typing import TYPE_CHECKING, ClassVar

from overtone.core.answer import System
from overtone.decide.rival import Materials, Rival

if TYPE_CHECKING:
    from overtone.models.base import Base


class AsIs(Rival):
    """The base without any training on the rows, saying how likely it finds each text."""

    name: ClassVar[str] = "as_is"
    title: ClassVar[str] = "base as it is"
    needs: ClassVar[tuple[frozenset[str], ...]] = (frozenset({"score"}),)
    order: ClassVar[int] = 20

    def prepare(self, materials: Materials) -> System:
        """Nothing is learned."""
        base = materials.base()
        return WAYS[base.description.kind](base, materials.seed)


def _decoder(base: "Base", seed: int) -> System:
    from overtone.generate.text_scorer import TextScorer

    return TextScorer(base)


def _encoder(base: "Base", seed: int) -> System:
    """By its own head for hidden words; where its files hold none, a new one knows nothing."""
    from overtone.engine.learner import Learner
    from overtone.engine.masked import MaskedHead
    from overtone.engine.masked_scorer import MaskedScorer

    return MaskedScorer(base, Learner(base.model, MaskedHead(base, seed), name=base.description.name))


def _encoder_decoder(base: "Base", seed: int) -> System:
    from overtone.engine.learner import Learner
    from overtone.engine.span_scorer import SpanScorer

    return SpanScorer(base, Learner(base.model, name=base.description.name))


WAYS = {"decoder": _decoder, "encoder": _encoder, "encoder-decoder": _encoder_decoder}
