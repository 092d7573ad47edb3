"""Measures the tiny decoder against its bars and writes its card.

Run as `python -m base.measure --text FOLDER --date 2026-01-31 [--model FOLDER]` after the training.
"""

from __future__ import annotations

import argparse
from dataclasses import asdict, is_dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from base import card, following, samples
from base.build import SHARES, generated, prose
from base.documents import Row, numbered_rows, read_rows
from base.perplexity import compare_sources, encode, losses, ngram_losses, perplexity
from base.pretrain import BUILTIN, STAGE, long_conversations
from overtone.classical.ngram import NgramModel
from overtone.models.base import Base, load_base

CHECK_DOCUMENTS = 2  # of each generator, beside the first held-out prose
CHECK_PROSE = 6


def check_rows() -> list[Row]:
    """Some documents that the training text lacks, made on the spot, to test the weights against the card."""
    rows = list(numbered_rows("prose", prose()[1][:CHECK_PROSE]))
    for name in SHARES:
        documents = islice(generated(name, "card check", 10**6, set()), CHECK_DOCUMENTS)
        rows += numbered_rows(name, documents)
    return rows


def check(base: Base) -> card.Figures:
    """The decoder's perplexity on the documents of `check_rows`."""
    documents = encode(base, check_rows())
    return {"documents": len(documents), "perplexity": perplexity(losses(base, documents), documents)}


def describe(base: Base) -> card.Figures:
    """Size and shape of a model in its folder; a megabyte is a million bytes, the card itself does not count."""
    sizes = {
        path: path.stat().st_size for path in base.description.folder.iterdir() if path.name != card.NAME
    }
    weights = sum(size for path, size in sizes.items() if path.suffix == ".safetensors")
    return {
        "parameters": sum(weight.numel() for weight in base.model.parameters()),
        "weights_megabytes": weights / 1e6,
        "folder_megabytes": sum(sizes.values()) / 1e6,
        "context": base.description.context,
        "vocabulary": base.model.get_input_embeddings().num_embeddings,
    }


def measure(base: Base, text: Path, count: int, seed: int) -> card.Figures:
    """All figures of the card but its date; `count` samples are drawn."""
    train, held_out = read_rows(text / "train.jsonl"), read_rows(text / "held_out.jsonl")
    read, unseen = encode(base, train), encode(base, held_out)
    long = encode(base, long_conversations(train, seed))
    ngram = NgramModel.fit([one.tokens for one in read], base.model.config.vocab_size)
    free = samples.unprompted(base, count // 2, seed)
    answers = samples.prompted(base, held_out, count - count // 2, seed)
    instructions = read_rows(following.INSTRUCTIONS)
    return {
        "seed": seed,
        "model": describe(base),
        "training": {
            "documents": len(read) + len(long),
            "tokens": sum(len(one.tokens) for one in [*read, *long]),
            "passes": STAGE.epochs,
        },
        "perplexity": compare_sources(unseen, losses(base, unseen), ngram_losses(ngram, unseen), seed),
        "copying": samples.copying(free, answers, train, held_out),
        "instructions": following.shares(instructions, following.answers(base, instructions)),
        "check": check(base),
    }


def rounded(value: Any) -> Any:
    """The figures as plain values, shares and perplexities with four places."""
    if is_dataclass(value) and not isinstance(value, type):
        return rounded(asdict(value))
    if isinstance(value, dict):
        return {key: rounded(inner) for key, inner in value.items()}
    return round(value, 4) if isinstance(value, float) else value


def main() -> None:
    """Measure, write the card, and print the bars."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--text", type=Path, required=True, help="folder with train.jsonl and held_out.jsonl")
    parser.add_argument("--date", required=True, help="the day of the measurement, for the card")
    parser.add_argument(
        "--model", type=Path, default=BUILTIN, help="folder of the model; the card goes there"
    )
    parser.add_argument("--samples", type=int, default=200, help="how many samples to look for copying in")
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    base = load_base(str(given.model))
    figures = rounded({"date": given.date, **measure(base, given.text, given.samples, given.seed)})
    path = card.write(given.model, figures)
    for bar, value, met in card.bars(figures):
        print(f"{'met   ' if met else 'MISSED'} {bar}: {value}")
    share = figures["instructions"]["all"]
    print(f"instructions right: {share['right']} of {share['n']}\ncard in {path}")


if __name__ == "__main__":
    main()
