"""What the methods share that learn how every row begins, and leave all weights of the base as they are."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Self

from pydantic import Field

from overtone.core.errors import UserError
from overtone.methods.library_adapter import LibraryAdapter
from overtone.methods.start import agreeing, begin_from, started_settings

if TYPE_CHECKING:
    from torch import Tensor, nn

    from overtone.models.base import Base, Precision
    from overtone.models.families import Kind

TASK_TYPES = {"decoder": "CAUSAL_LM", "encoder": "FEATURE_EXTRACTION", "encoder-decoder": "SEQ_2_SEQ_LM"}


class Beginning(LibraryAdapter):
    """A learned beginning of every row, before its first token (abstract: it has no name)."""

    merges: ClassVar[bool] = False
    keys: ClassVar[bool] = False  # whether it learns keys and values, not embeddings

    # Before what a base reads whole, a decoder's are `usual_tokens` and `learning_rate`.
    usual_tokens: ClassVar[int] = 20
    reading_tokens: ClassVar[int]
    reading_rate: ClassVar[float]

    settings_elsewhere: ClassVar[Mapping[str, str]] = {
        "num_virtual_tokens": "tokens",
        "prompt_tuning_init_text": "text",
    }

    tokens: int | None = Field(
        None, ge=1, description="length of what is learned; if absent, what suits the kind of base"
    )
    text: str | None = Field(
        None,
        min_length=1,
        description="what it starts from, repeated or cut to length; random words if absent",
    )

    def usual_rate(self, kind: "Kind", width: int) -> float:
        """What sees the row it stands before wants a smaller one."""
        return self.learning_rate if kind == "decoder" else self.reading_rate

    def suited(self, kind: "Kind") -> Self:
        """With its length written out."""
        if self.tokens is not None:
            return self
        return self.model_copy(
            update={"tokens": self.usual_tokens if kind == "decoder" else self.reading_tokens}
        )

    @property
    def positions(self) -> int:
        """As many as it has tokens."""
        return self.usual_tokens if self.tokens is None else self.tokens

    def started(self) -> Self:
        """With the length of the adapter that it begins as, where it does."""
        if self.begins_as is None:
            return self
        found = started_settings(self.begins_as, self.name)
        own: dict[str, Any] = {"tokens": found["num_virtual_tokens"]}
        own |= dict.fromkeys({"text", "projection"} & set(type(self).model_fields))
        return self.model_copy(update=agreeing(self, own))

    def attach(self, body: "nn.Module", seed: int) -> "nn.Module":
        """Freeze the body and put the beginning before its rows; the seed draws what no text gives."""
        import torch

        from overtone.engine.parent import check_takes_keys

        if self.tokens is None:
            return self.suited(kind_of(body)).attach(body, seed)
        if self.keys:
            check_takes_keys(body)
        self._check_room(body)
        if self.begins_as is not None:
            return begin_from(body, self.begins_as, self.name, "prompt_encoder")
        torch.manual_seed(seed)
        with torch.no_grad():
            adapted = self._adapted(body, self._config(body))
            self._start(adapted, body)
        return adapted

    def load(self, base: str, folder: Path, precision: "Precision" = "float32") -> "Base":
        """Put the saved beginning, of any length, before the rows of a freshly loaded base."""
        loaded = super().load(base, folder, precision)
        saved = self.model_copy(update={"tokens": loaded.model.active_peft_config.num_virtual_tokens})
        return saved.tuned(loaded, loaded.model)

    def merge(self, body: "nn.Module") -> "nn.Module":
        """Refused: it is no change of a weight."""
        raise UserError(
            f"what the method '{self.name}' learns stands before the rows and cannot be merged into the weights of the "
            "base: serve it as an adapter, or tune with lora"
        )

    def _config(self, body: Any) -> Any:
        """The settings of PEFT."""
        raise NotImplementedError

    def _start(self, adapted: "nn.Module", body: "nn.Module") -> None:
        """Put the first numbers into what is learned."""
        raise NotImplementedError

    def _words(self, body: Any) -> "Tensor":
        """Token ids to start from: those of the text, without control tokens, or random ones: (tokens,)."""
        import torch
        from transformers import AutoTokenizer

        if self.text is None:
            return torch.randint(0, body.config.vocab_size, (self.positions,), device=body.device)
        tokenizer = AutoTokenizer.from_pretrained(
            body.name_or_path, local_files_only=True, trust_remote_code=False
        )
        ids = tokenizer(self.text, add_special_tokens=False)["input_ids"]
        if not ids:
            raise UserError("stages[0].method.text: it has no tokens: give words, or leave it out")
        repeated = ids * -(-self.positions // len(ids))
        return torch.tensor(repeated[: self.positions], device=body.device)

    def _check_room(self, body: Any) -> None:
        from overtone.models.families import FAMILIES

        context = getattr(body.config, FAMILIES[body.config.model_type].context)
        if self.positions >= context:
            raise UserError(
                f"stages[0].method.tokens: {self.positions} tokens leave no room in the base's context of {context}: "
                "choose fewer"
            )


def shape_of(body: Any, width: int) -> dict[str, Any]:
    """What PEFT has to know of a body: its kind of task, and what it finds in few families alone.

    `width` is that of a learned row. An encoder-decoder has learned rows before its source alone (Lester et al. 2021).
    """
    kind = kind_of(body)
    found = {"token_dim": width, "num_attention_heads": body.config.num_attention_heads}
    return {"task_type": TASK_TYPES[kind], "num_transformer_submodules": 1, **found}


def kind_of(body: Any) -> "Kind":
    """The kind of base that a body is."""
    from overtone.models.families import FAMILIES

    return FAMILIES[body.config.model_type].kind


def embedding_width(body: Any) -> int:
    """Of a token: an ELECTRA's is smaller than its states."""
    width: int = body.get_input_embeddings().weight.shape[1]
    return width
