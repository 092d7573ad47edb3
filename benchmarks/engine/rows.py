"""The rows that are measured, as token ids, so that no tool's tokenizer matters."""

import json
import random
import re
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from zlib import crc32

from benchmarks.engine.shapes import END

ALPACA = Path(__file__).parents[3] / "shared" / "data" / "alpaca_mini" / "train.jsonl"
PIECE = re.compile(r"\w{1,8}|[^\w\s]|\n")  # about the pieces of a subword tokenizer
FIRST = 3  # ids below are marks
TURN = 8  # marks around the turns of a conversation
PREFIX = 300  # tokens of the instruction that all rows of a classification begin with
SAMPLES, SAMPLED_PROMPT = 8, 200  # samples of a prompt, and its tokens

Tokens = tuple[int, ...]


@dataclass(frozen=True)
class Row:
    """A prompt, and one completion that is learned; a preference has the rejected one beside it."""

    prompt: Tokens
    completion: Tokens
    rejected: Tokens = ()

    @property
    def sequences(self) -> list[Tokens]:
        """What goes through the model."""
        return [self.prompt + answer for answer in (self.completion, self.rejected) if answer]

    @property
    def tokens(self) -> int:
        """Tokens of all sequences, nothing shared."""
        return sum(map(len, self.sequences))

    @property
    def supervised(self) -> int:
        """Tokens that are predicted."""
        return len(self.completion) + len(self.rejected)


def instructions(count: int, vocabulary: int, seed: int = 0) -> list[Row]:
    """Instructions and answers with the lengths of public ones, or of that distribution where they are not there."""
    chance = random.Random(seed)
    if not ALPACA.is_file():
        return [_random_row(chance, vocabulary) for _ in range(count)]
    lines = [json.loads(line) for line in ALPACA.read_text(encoding="utf-8").splitlines()]
    chance.shuffle(lines)
    ids = partial(_ids, vocabulary=vocabulary)
    return [
        Row(
            (1, *ids(f"{line['instruction']}\n{line['input']}".strip()), *range(FIRST, FIRST + TURN)),
            (*ids(line["output"]), END),
        )
        for line in lines[:count]
    ]


def classification(count: int, vocabulary: int, seed: int = 0) -> list[Row]:
    """A constant instruction, a short text, and a label of two tokens with the end behind it."""
    chance = random.Random(seed)
    prefix = _draw(chance, PREFIX, vocabulary)
    labels = [_draw(chance, 2, vocabulary) for _ in range(20)]
    return [
        Row(
            prefix + _draw(chance, _within(8, _lengths(chance, 36, 0.45), 120), vocabulary),
            (*chance.choice(labels), END),
        )
        for _ in range(count)
    ]


def preferences(count: int, vocabulary: int, seed: int = 0) -> list[Row]:
    """Prompts of about 200 tokens with two answers of about 60."""
    chance = random.Random(seed)

    def answer() -> Tokens:
        return (*_draw(chance, _within(10, _lengths(chance, 54, 0.45), 200), vocabulary), END)

    return [
        Row(_draw(chance, _within(40, _lengths(chance, 190, 0.35), 500), vocabulary), answer(), answer())
        for _ in range(count)
    ]


def of_length(count: int, length: int, vocabulary: int, seed: int = 0) -> list[Row]:
    """Rows of one length, half of it learned."""
    chance = random.Random(seed)
    return [
        Row(_draw(chance, length - length // 2, vocabulary), _draw(chance, length // 2, vocabulary))
        for _ in range(count)
    ]


def samples(count: int, vocabulary: int, seed: int = 0, *, length: int) -> list[Row]:
    """A prompt with 8 samples of one length, then the next prompt with its 8."""
    chance = random.Random(seed)
    prompts = [_draw(chance, SAMPLED_PROMPT, vocabulary) for _ in range(-(-count // SAMPLES))]
    return [
        Row(prompts[number // SAMPLES], (*_draw(chance, length - 1, vocabulary), END))
        for number in range(count)
    ]


MAKERS = {
    "instructions": instructions,
    "classification": classification,
    "preferences": preferences,
    "samples_60": partial(samples, length=60),
    "samples_200": partial(samples, length=200),
}


def save_rows(rows: list[Row], file: Path) -> None:
    """Write rows for a worker."""
    file.write_text(
        json.dumps([[row.prompt, row.completion, row.rejected] for row in rows]), encoding="utf-8"
    )


def load_rows(file: Path) -> list[Row]:
    """Read what `save_rows` wrote."""
    return [Row(*map(tuple, parts)) for parts in json.loads(file.read_text(encoding="utf-8"))]


def _ids(text: str, vocabulary: int) -> Tokens:
    """An id for each piece of a text; like pieces get like ids, so that frequencies are those of language."""
    return tuple(FIRST + crc32(piece.encode()) % (vocabulary - FIRST) for piece in PIECE.findall(text))


def _draw(chance: random.Random, count: int, vocabulary: int) -> Tokens:
    return tuple(chance.randrange(FIRST, vocabulary) for _ in range(count))


def _lengths(chance: random.Random, median: float, spread: float) -> int:
    """A length of the log-normal distribution."""
    return max(1, round(median * chance.lognormvariate(0, spread)))


def _within(low: int, value: int, high: int) -> int:
    return min(high, max(low, value))


def _random_row(chance: random.Random, vocabulary: int) -> Row:
    prompt, completion = _lengths(chance, 17, 0.6), min(900, _lengths(chance, 120, 0.7))
    return Row(_draw(chance, prompt + TURN, vocabulary), (*_draw(chance, completion, vocabulary), END))
