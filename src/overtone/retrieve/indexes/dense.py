"""By meaning: texts whose vectors lie nearest to the query's come first."""

from collections.abc import Sequence
from typing import ClassVar

from pydantic import Field, field_validator

from overtone.core.errors import UserError
from overtone.models.locate import refuse_unknown
from overtone.retrieve.dense import DenseIndex
from overtone.retrieve.encoder import BUILTIN_ENCODER, load_encoder
from overtone.retrieve.index import Index, LoadBase


class Dense(Index):
    """By meaning: texts whose vectors lie nearest to the query's come first, by cosine over all of them.

    The built-in encoder knows English alone and reads the first 512 tokens of a text: cut longer documents into chunks.
    """

    name: ClassVar[str] = "dense"
    also_called: ClassVar[tuple[str, ...]] = ("faiss", "vector", "vectors")

    encoder: str | None = Field(
        None,
        description="base that embeds: a built-in one, a folder or a hub id; absent: the plan's own base where that is "
        f"an encoder, else {BUILTIN_ENCODER}",
    )

    @field_validator("encoder")
    @classmethod
    def _known(cls, name: str | None) -> str | None:
        try:
            if name is not None:
                refuse_unknown(name)
        except UserError as error:
            raise ValueError(str(error)) from None
        return name

    def build(self, texts: Sequence[str], base: LoadBase) -> DenseIndex:
        """Embed every text once."""
        return DenseIndex(texts, load_encoder(self.encoder, base))

    def needs(self) -> frozenset[str]:
        """An encoder that is there, where the plan names none."""
        return frozenset({"text_encoder"}) if self.encoder in (None, BUILTIN_ENCODER) else frozenset()
