"""From text to token ids and back, for text that people wrote: control strings in it stay plain text."""

from collections.abc import Sequence

from overtone.models.base import Base


def encode_text(base: Base, text: str) -> list[int]:
    """Token ids of a text with the tokenizer's own start and end marks; `[SEP]` or `<|user|>` in it stay text."""
    tokens: list[int] = base.tokenizer(_plain(base, text), split_special_tokens=True)["input_ids"]
    return tokens


def encode_plain(base: Base, text: str, control: bool = False) -> list[int]:
    """Token ids without added marks; with `control`, control strings in the text become control tokens."""
    written = text if control else _plain(base, text)
    encoded = base.tokenizer(written, add_special_tokens=False, split_special_tokens=not control)
    tokens: list[int] = encoded["input_ids"]
    return tokens


def encode_document(base: Base, text: str) -> list[int]:
    """Token ids of a whole text between the tokenizer's start and end tokens, those of the two that it has."""
    marks = (base.tokenizer.bos_token_id, base.tokenizer.eos_token_id)
    return [token for token in (marks[0], *encode_plain(base, text), marks[1]) if token is not None]


def kept_tokens(base: Base, tokens: Sequence[int]) -> list[bool]:
    """Which tokens are of the text itself; marks that the tokenizer put around it are not."""
    known = base.tokenizer
    marks = {
        known.cls_token_id,
        known.sep_token_id,
        known.bos_token_id,
        known.eos_token_id,
        known.pad_token_id,
    }
    return [token not in marks for token in tokens]


def _plain(base: Base, text: str) -> str:
    """The text, with a space inside each control string that the tokenizer takes for a control token all the same.

    A unigram vocabulary (T5, XLM-R) holds its control strings as pieces, which splitting does not keep from matching.
    """
    for mark in base.tokenizer.all_special_tokens:
        if mark in text:
            alone = base.tokenizer(mark, add_special_tokens=False, split_special_tokens=True)["input_ids"]
            found = base.tokenizer.convert_tokens_to_ids(mark) in alone
            text = text.replace(mark, f"{mark[0]} {mark[1:]}") if found else text
    return text


def decode(base: Base, tokens: Sequence[int]) -> str:
    """The text of token ids, control tokens left out."""
    text: str = base.tokenizer.decode(
        list(tokens), skip_special_tokens=True, clean_up_tokenization_spaces=False
    )
    return text


def end_tokens(base: Base) -> frozenset[int]:
    """Ids that end an answer: the tokenizer's end token and those of the model's generation settings."""
    generation = getattr(base.model, "generation_config", None)
    ids = getattr(generation, "eos_token_id", None)
    listed = ids if isinstance(ids, list) else [ids]
    return frozenset(token for token in (base.tokenizer.eos_token_id, *listed) if token is not None)
