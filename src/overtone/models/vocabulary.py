"""A vocabulary with the words of a domain: which words save most tokens, and a base that knows each as one token.

A new word stands only for itself as a whole: "fibrillations" is no "fibrillation" with an s. A byte-level tokenizer
cuts a text into words with the space before them, and takes such a word whole where its vocabulary holds it
(`ignore_merges`); every other tokenizer looks for the word between two characters that are no letters before it cuts
anything. So a text without new words has the tokens that it had.
"""

import copy
import json
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from overtone.models.base import Base

WORD = re.compile(r"\w*[^\W\d_]\w+|\w+[^\W\d_]")  # two characters or more, a letter among them


@dataclass(frozen=True)
class NewWord:
    """A word as a text has it, how the tokenizer keeps it, and the tokens that it was cut into."""

    text: str
    token: str
    pieces: tuple[int, ...]
    saved: int  # tokens of the texts that it was found in


def saving_words(base: Base, texts: Sequence[str], count: int) -> list[NewWord]:
    """The words that save most tokens of these texts, at most so many; among equals in alphabetical order."""
    whole = takes_whole_words(base.tokenizer)
    found = _cut_words(base, texts) if whole else _plain_words(base, texts)
    return sorted(found, key=lambda word: (-word.saved, word.token))[:count]


def takes_whole_words(tokenizer: Any) -> bool:
    """Whether a tokenizer is a byte-level one that cuts a text into words first, and has no word that it never takes.

    Such a word, which its merges do not lead to, would be taken from now on.
    """
    inner = tokenizer.backend_tokenizer
    if (
        type(inner.model).__name__ != "BPE"
        or inner.pre_tokenizer is None
        or _cut(inner, "of it") != ["of", "Ġit"]
    ):
        return False
    texts = {inner.decoder.decode([token]): token for token in inner.get_vocab(with_added_tokens=False)}
    whole = [text for text, token in texts.items() if text and _cut(inner, text) == [token]]
    return all(len(pieces) == 1 for pieces in _pieces(tokenizer, whole))


def _cut(inner: Any, text: str) -> list[str]:
    """A text as a tokenizer cuts it before it looks anything up."""
    normal = text if inner.normalizer is None else inner.normalizer.normalize_str(text)
    return [piece for piece, _ in inner.pre_tokenizer.pre_tokenize_str(normal)]


def _pieces(tokenizer: Any, texts: Sequence[str]) -> list[tuple[int, ...]]:
    """The tokens of each text, without marks."""
    found = tokenizer(list(texts), add_special_tokens=False, split_special_tokens=True) if texts else {}
    return [tuple(row) for row in found.get("input_ids", [])]


def _cut_words(base: Base, texts: Sequence[str]) -> list[NewWord]:
    """Words of several tokens as a byte-level tokenizer cuts them, mostly with the space before them."""
    inner = base.tokenizer.backend_tokenizer
    counts = Counter(piece for text in texts for piece in _cut(inner, text))
    words = {token: inner.decoder.decode([token]) for token in counts}
    words = {token: text for token, text in words.items() if WORD.fullmatch(text.removeprefix(" "))}
    return [
        NewWord(text, token, pieces, counts[token] * (len(pieces) - 1))
        for (token, text), pieces in zip(
            words.items(), _pieces(base.tokenizer, list(words.values())), strict=True
        )
        if len(pieces) > 1
    ]


def _plain_words(base: Base, texts: Sequence[str]) -> list[NewWord]:
    """Words of several tokens; those that the tokenizer does not tell apart, such as capitals, are one."""
    counts = Counter(word for text in texts for word in WORD.findall(text))
    alike: dict[tuple[int, ...], list[str]] = {}
    words = sorted(counts, key=lambda word: (word != word.lower(), word))
    for word, pieces in zip(words, _pieces(base.tokenizer, words), strict=True):
        if len(pieces) > 1:
            alike.setdefault(pieces, []).append(word)
    return [
        NewWord(same[0], same[0], pieces, sum(counts[word] for word in same) * (len(pieces) - 1))
        for pieces, same in alike.items()
    ]


def extended(base: Base, words: Sequence[NewWord]) -> Base:
    """A base that knows the words; its model is the same object with more rows of embeddings.

    Each new row, of the input as of the output, is the mean of those of the word's pieces.
    """
    first = len(base.tokenizer)
    grow = _with_whole_words if takes_whole_words(base.tokenizer) else _with_added_words
    tokenizer = grow(base.tokenizer, [word.token for word in words])
    places = [tokenizer.convert_tokens_to_ids(word.token) for word in words]
    if places != list(range(first, first + len(words))):
        raise ValueError("the tokenizer of the base does not take new words one after the other")
    _grow_embeddings(base.model, first, [word.pieces for word in words])
    return replace(base, tokenizer=tokenizer)


def _with_whole_words(tokenizer: Any, tokens: Sequence[str]) -> Any:
    """A byte-level tokenizer whose vocabulary holds these words as they are cut from a text."""
    from tokenizers import Tokenizer
    from transformers.tokenization_utils_tokenizers import TokenizersBackend

    plain = json.loads(tokenizer.backend_tokenizer.to_str())
    known = plain["model"]["vocab"]
    # Control tokens get the next free numbers when the file is read, unless the vocabulary says theirs.
    known |= {one["content"]: one["id"] for one in plain["added_tokens"]}
    known |= {token: len(tokenizer) + place for place, token in enumerate(tokens)}
    plain["model"]["ignore_merges"] = True
    settings = {key: value for key, value in tokenizer.init_kwargs.items() if key not in MADE_ANEW}
    grown = TokenizersBackend(tokenizer_object=Tokenizer.from_str(json.dumps(plain)), **settings)
    grown.chat_template = tokenizer.chat_template
    return grown


MADE_ANEW = ("tokenizer_object", "backend", "tokenizer_file", "vocab", "merges", "vocab_file", "merges_file")


def _with_added_words(tokenizer: Any, tokens: Sequence[str]) -> Any:
    """A tokenizer that looks for these words between characters that are no letters, before it cuts a text."""
    from tokenizers import AddedToken

    grown = copy.deepcopy(tokenizer)
    normal = grown.backend_tokenizer.normalizer is not None
    grown.add_tokens([AddedToken(token, single_word=True, normalized=normal) for token in tokens])
    return grown


def _grow_embeddings(model: Any, first: int, pieces: Sequence[Sequence[int]]) -> None:
    """Rows for new tokens from the number `first` on; rows that stand there unused already are taken."""
    import torch

    rows = model.get_input_embeddings().num_embeddings
    if rows < first + len(pieces):
        model.resize_token_embeddings(first + len(pieces), mean_resizing=False)
    with torch.no_grad():
        for weight in token_tables(model):
            for place, parts in enumerate(pieces, first):
                weight[place] = weight[list(parts)].float().mean(0).to(weight.dtype)


def token_tables(model: Any) -> list[Any]:
    """Every weight of a model that has a row a token: of its input and its output, each once; biases too."""
    output = model.get_output_embeddings()
    tables = [model.get_input_embeddings().weight]
    tables += [
        one for one in (getattr(output, "weight", None), getattr(output, "bias", None)) if one is not None
    ]
    return list({id(one): one for one in tables}.values())
