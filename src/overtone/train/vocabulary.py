"""New words of a domain in a training: found in its rows, given to the base, learned and kept."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from shutil import rmtree
from typing import TYPE_CHECKING, Any

from overtone.core.errors import UserError
from overtone.core.example import Example
from overtone.engine.hidden import plain
from overtone.models.base import QUANTISED, load_base
from overtone.models.vocabulary import NewWord, extended, saving_words, token_tables
from overtone.train.lineage import read_lineage, write_lineage
from overtone.train.stage import Stage

if TYPE_CHECKING:
    from torch import Tensor, nn

    from overtone.engine.learner import Learner
    from overtone.train.tune import Tuning

OBJECTIVES = ("causal", "masked", "span_corruption")  # that learn plain text
METHODS = ("full", "lora")
WIDENED = "widened"  # beside an adapter: the base with the new words
SHOWN = 12


def check_new_words(stage: Stage, where: str) -> None:
    """UserError where a stage cannot learn new words as it says."""
    if not stage.new_words:
        return
    if stage.objective is None or stage.objective.name not in OBJECTIVES:
        named = f"the objective is '{stage.objective.name}'" if stage.objective else "no objective is named"
        raise UserError(
            f"{where}.new_words: words are learned from plain text, by {', '.join(OBJECTIVES)}, and {named}: leave it "
            "out, or put a stage with the task text before this one"
        )
    if stage.method.name not in METHODS:
        raise UserError(
            f"{where}.new_words: '{stage.method.name}' has no place to keep what is learned of new words: choose "
            f"{' or '.join(METHODS)}"
        )
    if stage.carry == "continue":
        raise UserError(
            f"{where}.new_words: a stage that goes on with what the one before learned has its words: set new_words "
            "there, or carry: merge here"
        )
    if stage.precision in QUANTISED:
        raise UserError(
            f"{where}.new_words: the rows of new words would not be those of the packed base: choose "
            "float32 or bfloat16"
        )


def with_new_words(tuning: "Tuning") -> "Tuning":
    """The tuning with a base that knows the words that save most tokens of its training rows, and of no other rows."""
    if not tuning.stage.new_words or tuning.words:
        return tuning
    words = saving_words(tuning.base, texts_of(tuning.train), tuning.stage.new_words)
    return replace(tuning, base=extended(tuning.base, words), words=tuple(words))


def texts_of(rows: Sequence[Example]) -> list[str]:
    """All that is written in rows."""
    return [text for row in rows for text in (row.text, *(turn.content for turn in row.messages)) if text]


def told(words: Sequence[NewWord], asked: int) -> str:
    """Which words were added, in a sentence without an end."""
    if not words:
        return "no word of the training rows is cut into several tokens, so none is added to the tokenizer"
    shown = ", ".join(word.text.strip() for word in words[:SHOWN]) + ", ..." * (len(words) > SHOWN)
    fewer = f" (of {asked} that were asked for)" if len(words) < asked else ""
    return f"{len(words)} words{fewer} are added to the tokenizer: {shown}"


def begin_words(learner: "Learner", first: int, words: Sequence[NewWord]) -> None:
    """Start the biases of new words in a head over hidden tokens at the mean of their pieces'.

    Where the body's own rows stand still, let those of the new words learn, and only those.
    """
    import torch

    bias = getattr(learner.head, "bias", None)
    with torch.no_grad():
        for place, word in enumerate(words, first) if isinstance(bias, torch.Tensor) else ():
            bias[place] = bias[list(word.pieces)].mean()  # type: ignore[index]
    tables = token_tables(plain(learner.body))
    if words and not tables[0].requires_grad:
        for table in tables:
            _learn_rows(table, slice(first, first + len(words)))


def _learn_rows(table: "nn.Parameter", rows: slice) -> None:
    """Let some rows learn: the others get no gradient, and nothing of the table decays."""
    import torch

    def only(gradient: "Tensor") -> "Tensor":
        kept = torch.zeros_like(gradient)
        kept[rows] = gradient[rows]
        return kept

    table.requires_grad_(True)
    table.register_hook(only)  # type: ignore[no-untyped-call]
    table.learned_rows = rows.stop - rows.start  # type: ignore[attr-defined]


def learned_numbers(weight: "nn.Parameter") -> int:
    """How many numbers of a weight learn."""
    rows: int | None = getattr(weight, "learned_rows", None)
    return weight.numel() if rows is None else weight[0].numel() * rows


def write_widened(name: str, learned: Any, tokenizer: Any, words: Sequence[NewWord], folder: Path) -> Path:
    """The base that an adapter with new words stands upon: that of a name, with the rows that were learned."""
    base = load_base(name)
    first = len(base.tokenizer)
    base = extended(base, words)
    rows = slice(first, first + len(words))
    for table, other in zip(token_tables(base.model), token_tables(plain(learned)), strict=True):
        table.data[rows] = other.data[rows].to(table.device, table.dtype)
    rmtree(folder, ignore_errors=True)
    base.model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    write_lineage(read_lineage(name), folder)
    return folder
