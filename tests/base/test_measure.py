"""How the tiny decoder is measured, and that its card says what its weights do."""

from __future__ import annotations

import math

import numpy as np
import pytest

from base import card, following, measure, samples
from base.documents import write_rows
from base.perplexity import Encoded, compare, compare_sources, encode, losses, ngram_losses, perplexity
from base.pretrain import BUILTIN, example
from overtone.classical.ngram import NgramModel
from overtone.core.tasks.text import TextTask
from overtone.generate.request import Piece, Token
from overtone.models.base import load_base
from overtone.objectives.causal import Causal
from overtone.train.artifact import make_learner
from overtone.train.loop import evaluate_rows

ROWS = [
    {"id": "stories-0", "text": "The cat sat by the door and looked at the rain."},
    {"id": "stories-1", "text": "A dog came."},
    {
        "id": "help_desk-0",
        "messages": [{"role": "user", "content": "Hi!"}, {"role": "assistant", "content": "Hello, you."}],
    },
    {"id": "long-0", "text": "too long for the context " * 20},
]
TOLERANCE = 0.02  # of a perplexity that is computed again on other hardware


@pytest.fixture(scope="module")
def base(small_base):
    return load_base(str(small_base("llama")))


def test_documents_are_read_as_training_reads_them_and_long_ones_left_out(base):
    documents = encode(base, ROWS)
    assert [one.source for one in documents] == ["stories", "stories", "help_desk"]
    assert documents[1].tokens[0] == 1 and documents[1].tokens[-1] == 2
    assert documents[1].scored == len("A dog came.") + 1


def test_the_perplexity_is_that_of_the_validation_loss_in_training(base):
    documents, objective = encode(base, ROWS), Causal()
    rows = [objective.row(example(row), base, TextTask(), ()) for row in ROWS[:3]]
    learner = make_learner(base, base.model, (), 0.0, 0)
    loss = evaluate_rows(learner, objective, TextTask(), rows)["loss"]
    assert perplexity(losses(base, documents), documents) == pytest.approx(math.exp(loss), rel=1e-5)


def test_the_rival_is_judged_on_the_same_tokens(base):
    documents = encode(base, ROWS)
    rival = NgramModel.fit([one.tokens for one in documents], base.model.config.vocab_size)
    found = compare_sources(documents, losses(base, documents), ngram_losses(rival, documents), 0)
    whole = found["all"]
    assert list(found) == ["all", "help_desk", "stories"]
    assert whole.ngram_perplexity == pytest.approx(rival.perplexity([one.tokens for one in documents]))
    assert (
        whole.tokens
        == sum(one.scored for one in documents)
        == sum(found[source].tokens for source in ("help_desk", "stories"))
    )
    assert whole.lower == pytest.approx(1 - whole.perplexity / whole.ngram_perplexity)
    assert whole.lower < 0 < whole.tokens  # random weights lose to a rival that knows the text


def test_the_interval_holds_the_difference_and_narrows_with_more_documents():
    def width(count):
        documents = [Encoded("a", (0,) * 11) for _ in range(count)]
        sums = np.random.default_rng(0).normal(20, 2, count)
        found = compare(documents, sums, np.full(count, 25.0), 0)
        assert found.low < found.lower < found.high
        return found.high - found.low

    assert width(400) < 0.5 * width(40)


def test_samples_are_drawn_from_the_seed(base):
    assert samples.unprompted(base, 2, 0) == samples.unprompted(base, 2, 0) != samples.unprompted(base, 2, 9)
    answers = samples.prompted(base, ROWS, 5, 0)
    assert len(answers) == 1 and answers == samples.prompted(base, ROWS, 5, 0)


def test_a_conversation_from_nothing_goes_on_over_its_turns_and_a_text_stops(base, monkeypatch):
    def pieces(_, requests):
        for row, first in enumerate((base.tokenizer.convert_tokens_to_ids("<|user|>"), 40)):
            for token, text in ((first, ""), (41, "one "), (2, ""), (42, "two")):
                yield Piece(row, Token(token, 0.0), text)

    monkeypatch.setattr(samples, "pieces", pieces)
    assert samples.unprompted(base, 2, 0) == ["one two", "one "]


def test_copying_is_told_apart_by_kind_of_sample():
    words = [" ".join(f"{kind}{place}" for place in range(12)) for kind in "abc"]
    train = [{"text": words[0]}, {"text": "something else"}]
    found = samples.copying([words[0]], [words[1]], train, [{"text": words[2]}])
    assert (found.samples, found.ngrams, found.share) == (2, 2, 0.5)
    assert (found.unprompted_share, found.prompted_share, found.held_out_share) == (1, 0, 0)


@pytest.mark.parametrize(
    ("match", "expected", "answer", "is_right"),
    [
        ("exact", "7, 19, 41", " 7, 19,  41\n", True),
        ("exact", "7, 19, 41", "7, 19, 41, 50", False),
        ("contains", "No", "no, it is not.", True),
        ("contains", "No", "I know.", False),
        ("contains", "18", "It is 118.", False),
        ("contains", "1. Wipe the lid.", "Hello,\n1. Wipe the lid.\nBye", True),
    ],
)
def test_what_counts_as_right(match, expected, answer, is_right):
    assert following.right({"match": match, "expected": expected}, answer) is is_right


def test_instructions_are_counted_over_all_and_by_skill():
    rows = [{"id": name, "match": "exact", "expected": "x"} for name in ("sort-1", "sort-2", "number-word-1")]
    found = following.shares(rows, ["x", "y", "x"])
    assert {skill: (share.right, share.n) for skill, share in found.items()} == {
        "all": (2, 3),
        "sort": (1, 2),
        "number-word": (1, 1),
    }
    assert 0 < found["all"].low < 2 / 3 < found["all"].high < 1


@pytest.fixture(scope="module")
def written(small_base, base, tmp_path_factory):
    """The card of a small random base, measured on a small text."""
    text = tmp_path_factory.mktemp("text")
    write_rows(text / "train.jsonl", ROWS)
    write_rows(text / "held_out.jsonl", ROWS[:3])
    figures = measure.rounded({"date": "2026-01-31", **measure.measure(base, text, 2, 0)})
    return figures, card.write(tmp_path_factory.mktemp("card"), figures)


def test_a_card_gives_back_its_figures_and_says_which_bars_are_missed(written):
    figures, path = written
    assert card.read(path.parent) == {"license": "apache-2.0", **figures}
    words = path.read_text(encoding="utf-8")
    assert words.count("| **no** |") == sum(not met for _, _, met in card.bars(figures)) >= 3
    assert "2026-01-31" in words and "Apache-2.0" in words and "{" not in words.split("---\n")[2]


def test_the_card_does_not_change_what_a_base_is(small_base, written, tmp_path):
    from shutil import copytree

    from overtone.train.artifact import base_digest

    folder = copytree(small_base("llama"), tmp_path / "base")
    before = base_digest(str(folder))
    card.write(folder, written[0])
    assert base_digest(str(folder)) == before


@pytest.fixture(scope="module")
def tiny():
    """The published decoder with its card."""
    if not (BUILTIN / card.NAME).is_file():
        pytest.skip("builtin:tiny has no card yet: make base trains and measures it")
    return load_base("builtin:tiny"), card.read(BUILTIN)


def test_the_card_of_the_tiny_decoder_meets_every_bar(tiny):
    figures = tiny[1]
    assert figures["perplexity"]["all"]["lower"] >= 0.25
    assert figures["perplexity"]["all"]["tokens"] > 50_000
    assert figures["copying"]["share"] < 0.05 and figures["copying"]["samples"] == 200
    assert figures["instructions"]["all"]["n"] == 60
    assert 4e6 <= figures["model"]["parameters"] <= 6e6
    assert figures["model"]["folder_megabytes"] <= 16 and figures["model"]["context"] >= 1024
    assert all(met for _, _, met in card.bars(figures))


def test_the_card_describes_the_weights_beside_it(tiny):
    base, figures = tiny
    assert measure.rounded(measure.describe(base)) == figures["model"]
    assert len(measure.check_rows()) == figures["check"]["documents"] == 32
    assert measure.check(base)["perplexity"] == pytest.approx(figures["check"]["perplexity"], rel=TOLERANCE)
