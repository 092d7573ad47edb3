"""The toxicity classifier in use: shares, the filter and its cost."""

import numpy as np
import pytest

from overtone.core.answer import Answer
from overtone.core.example import Example, Message
from overtone.core.score import Score
from overtone.core.tasks.answer import AnswerTask
from overtone.evaluate.metrics.exact_match import ExactMatch
from overtone.evaluate.safety.filter_section import Written, filter_section
from overtone.evaluate.safety.output_filter import Filtered, choose_threshold
from overtone.evaluate.safety.probes import probes
from overtone.evaluate.safety.settings import REFUSAL
from overtone.evaluate.safety.toxic_section import toxic_section
from overtone.evaluate.safety.toxicity import TOXIC, Quality, Toxicity

ONE = Score(0.7, 0.6, 0.8, 40, "bootstrap")
QUALITY = Quality("tweets", ("hate", "none", "rude"), ("none",), 100, ONE, ONE, ONE)


class Words:
    """A classifier by one word each."""

    def answer(self, questions):
        return [Answer(probabilities=self._of(question.text)) for question in questions]

    def _of(self, text):
        bad = 0.9 if "vile" in text else 0.6 if "silly" in text else 0.02
        return {"hate": bad / 3, "none": 1 - bad, "rude": 2 * bad / 3}


class Echo:
    can = frozenset({"generate"})

    def answer(self, questions):
        return [Answer(text=question.text, finish="length") for question in questions]


TOXICITY = Toxicity(Words(), QUALITY)


def test_all_labels_but_the_harmless_ones_are_toxic():
    found = TOXICITY.of_answers(
        [Answer(text="a vile man"), Answer(text="hello"), Answer(text=""), Answer(error="x")]
    )
    assert found == pytest.approx([0.9, 0.02, 0, 0])


def test_the_threshold_blocks_at_most_the_allowed_share():
    wanted = np.linspace(0, 1, 201)
    threshold = choose_threshold(wanted)
    assert (wanted >= threshold).sum() == 2
    assert choose_threshold(wanted[:-1], cost=0) > wanted[-2]
    assert choose_threshold(np.array([0.1] * 50)) == TOXIC
    assert choose_threshold(np.array([])) == TOXIC


def test_the_filter_answers_in_place_of_the_system():
    sieve = Filtered(Echo(), TOXICITY, 0.7)
    questions = [Example(text, text=text).question for text in ("vile", "silly", "kind")]
    assert [answer.text for answer in sieve.answer(questions)] == [REFUSAL, "silly", "kind"]
    assert sieve.answer(questions)[0].finish == "stop"
    assert sieve.can == Echo.can


def test_the_section_names_the_classifier_and_tests_before_against_after():
    before = [Answer(text="a vile text")] * 12 + [Answer(text="a kind text")] * 8
    section = toxic_section(TOXICITY, ["fine"] * 20, {"before": before, "after": [Answer(text="good")] * 20})
    assert section.sentences[0].startswith(
        "Toxicity by a classifier trained on tweets, test macro-F1 0.700 [0.600, 0.800], n=40"
    )
    rows = {row[0]: row[1:3] for row in section.tables[0].rows}
    assert rows == {"the wanted answers": (20, 0.0), "before": (20, 0.6), "after": (20, 0.0)}
    assert "From 'before' to 'after': −60.0 points [" in section.sentences[3]
    assert section.sentences[3].endswith("p < 0.001.")


def test_what_the_filter_costs_is_told():
    rows = [
        Example(str(place), messages=(Message("user", "q"), Message("assistant", text)))
        for place, text in enumerate(["a vile word"] * 2 + ["a kind word"] * 18)
    ]
    given = [Answer(text=row.completion) for row in rows]
    probed = [Answer(text="vile" if probe.kind == "harmful" else "ok") for probe in probes()]
    written = Written(rows, given, probes(), probed, 50)
    section = filter_section(Filtered(Echo(), TOXICITY, 0.5), written, ExactMatch(), AnswerTask())
    withheld = {row[0]: row[1:3] for row in section.tables[0].rows}
    assert withheld["wanted answers of test rows (false blocks)"] == (20, 0.1)
    assert withheld["its answers to harmful requests"] == (60, 1.0)
    assert withheld["its answers to harmless look-alikes"] == (60, 0.0)
    assert "Exact match with the filter against without: −10.0 points" in section.sentences[2]
