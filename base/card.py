"""The card of the tiny decoder: figures as front matter, the same figures in plain words below it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

NAME = "card.md"
Figures = dict[str, Any]
_WORDS = """\
# builtin:tiny

A decoder of {millions:.1f} million weights that travels inside the package, so that every command can be tried at
once, without a network and without a GPU. It is made for demonstrations and tests of tuning.

## What it is, and what it is not

It is a Llama-shaped language model with {vocabulary} tokens and a context of {context}. It has read {train_tokens}
tokens of simple English and nothing else: a small model of one small world. It continues such text and is meant to be
tuned on a narrow task. How well it follows instructions as it stands is counted below.

It is **tiny**. It knows next to nothing about the real world, makes things up, speaks no other language, writes no
code, and reasons hardly at all. Ask it nothing whose answer matters. Use a larger base for real work.

## How it was made

The text was written for this project: prose, dialogues, how-tos and questions with answers, varied by seeded
generators. Nothing was taken from elsewhere. `make base` builds the text from seed {seed} and trains from random
weights with the product's own causal objective: {passes} passes over {train_documents} documents, some of them also
put together into long conversations. The weights are stored in half precision and computed with in single precision.

Size: {parameters} weights, {weights_megabytes:.1f} MB; with the tokenizer {folder_megabytes:.1f} MB.
Licence: Apache-2.0, as the project. Measured on {date} with `python -m base.measure`.

## Bars

| Bar | Measured | Met |
|---|---|---|
{bars}

## Held-out perplexity

Per token, every token after a document's first, against an interpolated Kneser-Ney 5-gram over the same tokens,
counted on the same training text. Held-out documents are new, but most come from the same generators, so the figures
say how well this text is modelled, not English at large; the row `prose` is the hardest test. The same documents
also told which of a few checkpoints was the best, which flatters the decoder a little. "Lower" is by how much the
decoder is below the 5-gram, with a 95 % bootstrap interval over documents.

| Source | Documents | Tokens | Decoder | 5-gram | Lower | 95 % interval |
|---|--:|--:|--:|--:|--:|---|
{perplexity}

## Copying

{samples} samples at temperature {temperature}, at most {max_tokens} tokens each, half from the start token alone and
half in answer to held-out questions: of {ngrams} runs of 12 words, **{share:.1%}** stand in the training text
({unprompted_share:.1%} from nothing, {prompted_share:.1%} in answers). Of the held-out documents themselves,
{held_out_share:.1%} do: text of this kind repeats itself that much.

## Instructions

A held-out list, answered greedily: **{right} of {n}** right ({low:.0%} to {high:.0%}, Wilson 95 %). An answer is
right where it is, or contains, the expected words. The single skills have too few rows to tell them apart.

| Skill | Right | 95 % interval |
|---|--:|---|
{instructions}
"""


def bars(figures: Figures) -> list[tuple[str, str, bool]]:
    """Each bar in words, what was measured, and whether it is met."""
    model, copied = figures["model"], figures["copying"]["share"]
    lower, total = figures["perplexity"]["all"]["lower"], model["folder_megabytes"]
    return [
        ("held-out perplexity at least 25 % below the 5-gram", f"{lower:.1%}", lower >= 0.25),
        ("under 5 % of 12-grams copied", f"{copied:.1%}", copied < 0.05),
        ("4 to 6 million weights", f"{model['parameters']:,}", 4e6 <= model["parameters"] <= 6e6),
        ("at most 16 MB", f"{total:.1f} MB", total <= 16),
        ("context of at least 1,024 tokens", f"{model['context']:,}", model["context"] >= 1024),
    ]


def render(figures: Figures) -> str:
    """The card: YAML front matter that `read` gives back, then the words."""
    model, training = figures["model"], figures["training"]
    words = _WORDS.format(
        date=figures["date"],
        seed=figures["seed"],
        millions=model["parameters"] / 1e6,
        passes=training["passes"],
        train_documents=f"{training['documents']:,}",
        train_tokens=f"{training['tokens']:,}",
        bars="\n".join(
            f"| {bar} | {value} | {'yes' if met else '**no**'} |" for bar, value, met in bars(figures)
        ),
        perplexity="\n".join(_rival(name, row) for name, row in figures["perplexity"].items()),
        instructions="\n".join(_skill(name, row) for name, row in figures["instructions"].items()),
        **{**model, **{key: f"{model[key]:,}" for key in ("parameters", "context", "vocabulary")}},
        **figures["copying"],
        **figures["instructions"]["all"],
    )
    front = yaml.safe_dump(
        {"license": "apache-2.0", **figures}, sort_keys=False, default_flow_style=None, width=110
    )
    return f"---\n{front}---\n\n{words}"


def write(folder: Path, figures: Figures) -> Path:
    """Write the card into a model's folder."""
    path = folder / NAME
    path.write_text(render(figures), encoding="utf-8")
    return path


def read(folder: Path) -> Figures:
    """The figures of the card in a model's folder."""
    front = (folder / NAME).read_text(encoding="utf-8").split("---\n")[1]
    figures: Figures = yaml.safe_load(front)
    return figures


def _rival(name: str, row: Figures) -> str:
    return (
        f"| {name} | {row['documents']} | {row['tokens']} | {row['perplexity']:.2f} "
        f"| {row['ngram_perplexity']:.2f} | {row['lower']:.1%} | {row['low']:.1%} to {row['high']:.1%} |"
    )


def _skill(name: str, row: Figures) -> str:
    return f"| {name} | {row['right']} of {row['n']} | {row['low']:.0%} to {row['high']:.0%} |"
