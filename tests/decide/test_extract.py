"""Extraction: splitting in many scripts, rankings, lengths, and whether rows look like summaries."""

from dataclasses import replace

import numpy as np
import pytest

from overtone.core.example import Example, Message, Question
from overtone.decide.extract_ranks import centroid, graph, inverse_frequencies, stationary, tfidf
from overtone.decide.extract_rows import likeness
from overtone.decide.extract_sentences import joined, lines, sentences
from overtone.decide.extract_system import Length, common_pieces
from overtone.decide.offers import default_rivals
from overtone.decide.rivals.extract_centroid import ExtractCentroid
from overtone.decide.rivals.extract_graph import ExtractGraph
from overtone.decide.rivals.extract_lead import ExtractLead
from tests.decide.materials import answering, answering_rows

SPLIT = [
    ("It rains. Mr. Smith left at 4 p.m. today! Why?", ["It rains.", "Mr. Smith left at 4 p.m. today!", "Why?"]),
    ('He said "Go." Then J. R. Hobbs went.', ['He said "Go."', "Then J. R. Hobbs went."]),
    ("Version 2.5 is out... See www.a.b for it", ["Version 2.5 is out...", "See www.a.b for it"]),
    ("one\n\n two. Three", ["one", "two.", "Three"]),
    ("今日は晴れ。「行こう！」と言った？はい", ["今日は晴れ。", "「行こう！」", "と言った？", "はい"]),
    ("यह घर है। वह पेड़ है।", ["यह घर है।", "वह पेड़ है।"]),
    ("هل هذا بيت؟ نعم.", ["هل هذا بيت؟", "نعم."]),
    ("Wait!", ["Wait!"]),
    ("  ", []),
]  # fmt: skip


@pytest.mark.parametrize(("text", "wanted"), SPLIT)
def test_sentences_end_where_a_reader_ends_them(text, wanted):
    assert sentences(text) == wanted


def test_pieces_are_joined_as_they_stood():
    assert lines("a b.\n\n c") == ["a b.", "c"]
    assert joined(["a.", "b"], "lines") == "a.\nb"
    assert joined(["a.", "b"], "sentences") == "a. b"
    assert joined(["晴れ。", "はい。"], "sentences") == "晴れ。はい。"


def test_a_length_takes_the_beginning_that_fits_and_at_least_one():
    assert Length(words=5).take([2, 0, 1], [3, 9, 2]) == [0, 2]
    assert Length(words=1).take([1, 0], [3, 3]) == [1]
    assert Length(pieces=2).take([2, 0, 1], [3, 9, 2]) == [0, 2]
    assert Length(pieces=2).take([], []) == []


TEXT = ["the card is late", "the sun shines", "a late card is a lost card", "we ate"]
RARITY = inverse_frequencies(TEXT)


def test_the_frequencies_and_vectors_are_those_of_the_library():
    vectorizer = pytest.importorskip("sklearn.feature_extraction.text").TfidfVectorizer(token_pattern=r"\w+")
    expected = vectorizer.fit_transform(TEXT).toarray()
    own = tfidf(TEXT, RARITY)
    assert own @ own.T == pytest.approx(expected @ expected.T)


def test_the_graph_is_page_rank_over_likeness():
    networkx = pytest.importorskip("networkx")
    vectors = tfidf(TEXT, RARITY)
    likeness_of = vectors @ vectors.T - np.diag(np.diag(vectors @ vectors.T))
    expected = networkx.pagerank(networkx.from_numpy_array(likeness_of), alpha=0.85, tol=1e-9, max_iter=999)
    assert stationary(likeness_of) == pytest.approx(list(expected.values()), abs=1e-5)
    assert graph(TEXT, RARITY)[0] == 0
    assert graph(TEXT, RARITY)[-1] == 3


def test_the_centroid_prefers_what_most_sentences_speak_of():
    assert set(centroid(TEXT, RARITY)[:2]) == {0, 2}
    assert centroid(["...", "!"], RARITY) == [0, 1]


def rows_of(text, wanted, count=6):
    turns = (Message("user", text), Message("assistant", wanted))
    return [Example(id=f"r{row}", messages=turns) for row in range(count)]


LONG = (
    "Sum this up.\nThe card is late. It was sent by post on Monday to the old address of the man. He moved."
)
SHORT = "The card was sent by post to the old address."


def test_rows_look_like_summaries_where_short_answers_are_made_of_the_inputs_words():
    assert likeness(rows_of(LONG, SHORT)).summaries
    assert likeness(rows_of(LONG, SHORT)).length == 10
    assert not likeness(rows_of(LONG, "late")).summaries  # a span
    assert not likeness(rows_of(LONG, "Bonjour, votre carte est en route vers vous.")).summaries
    assert not likeness(rows_of(SHORT, LONG)).summaries
    assert not likeness(answering_rows()).summaries
    assert not likeness([]).summaries


@pytest.mark.parametrize("rival", [ExtractLead(), ExtractCentroid(), ExtractGraph()], ids=str)
def test_each_answers_with_sentences_of_the_input_in_its_order(rival):
    rows = [
        replace(row, messages=(Message("user", f"Sum this up.\nRow {place}. {LONG[13:]}"), row.messages[1]))
        for place, row in enumerate(rows_of(LONG, SHORT))
    ]
    system = rival.prepare(answering(train=rows, validation=rows[:2]))
    answers = system.answer([row.question for row in rows])
    for row, answer in zip(rows, answers, strict=True):
        pieces = [piece for piece in sentences(row.question.messages[-1].content) if piece in answer.text]
        assert pieces and "Sum this up." not in answer.text
        assert answer.error is None
    assert system.facts["wanted_words"] == 10
    assert system.facts["unit"] in ("sentences", "lines")
    assert system.answer([Question("q", messages=(Message("user", ""),))])[0].text == ""


def counted(number, wanted):
    """A row whose sentences have five, five and ten words, the first two on one line."""
    text = f"One two three four n{number}. Six seven eight nine m{number}.\nA b c d e f g h i j{number}."
    return Example(f"r{number}", messages=(Message("user", text), Message("assistant", wanted(text))))


def test_unit_and_length_are_those_that_score_best_on_validation_rows():
    train = [
        counted(number, lambda text: "one two three four five six seven eight nine ten")
        for number in range(6)
    ]

    def chosen(wanted, **more):
        rows = [counted(number, wanted) for number in range(9, 12)] if wanted else []
        return ExtractLead().prepare(answering(train=train, validation=rows, **more)).facts

    told = []
    two = chosen(lambda text: text.split("\n")[0], watch=told.append)
    assert (two["unit"], two["most_words"]) == ("sentences", 10)
    assert (told[-1].phase, told[-1].done, told[-1].total) == ("prepare extract_lead", 10, 10)
    assert chosen(lambda text: text.split(". ")[0])["most_words"] == 5
    assert chosen(lambda text: text)["most_words"] == 20
    assert chosen(None)["most_words"] == 10
    fixed = ExtractLead(pieces=1, unit="lines").prepare(answering(train=train))
    assert fixed.answer([train[0].question])[0].text == train[0].input.split("\n")[0]


def test_what_stands_in_half_of_the_inputs_belongs_to_the_instruction():
    inputs = ["Sum up. A b.", "Sum up. C d.", "Sum up. E.", "F."]
    assert common_pieces(inputs, "sentences") == {"Sum up."}
    assert common_pieces(inputs[:3], "sentences") == frozenset()


def test_they_are_measured_unasked_only_where_rows_look_like_summaries():
    offered = frozenset({"generate", "decoder", "chat_template"})
    assert not [rival for rival in default_rivals(offered) if rival.key.startswith("extract")]
    keys = [rival.key for rival in default_rivals(offered | {"summaries"})]
    assert keys[1:4] == ["extract_lead", "extract_centroid", "extract_graph"]


@pytest.mark.data
def test_the_first_three_turns_score_as_published_for_these_rows(shared_data):
    """ROUGE-1/2/L 26.95/6.71/20.39, stemmed, mean over the three references of each dialogue."""
    import json

    rouge = pytest.importorskip("rouge_score.rouge_scorer")
    scorer = rouge.RougeScorer(["rouge1", "rouge2", "rougeL"], use_stemmer=True)
    file = shared_data / "dialogsum_small" / "test.jsonl"
    if not file.exists():
        pytest.skip("dialogsum_small is not beside the project")
    rows = [json.loads(line) for line in file.read_text().splitlines()]
    train = rows_of(LONG, SHORT)
    system = ExtractLead(pieces=3, unit="lines").prepare(answering(train=train))
    questions = [Question(row["id"], messages=(Message("user", row["dialogue"]),)) for row in rows]
    found = np.array(
        [
            [
                [score.fmeasure for score in scorer.score(wanted, answer.text).values()]
                for wanted in row["summaries"]
            ]
            for row, answer in zip(rows, system.answer(questions), strict=True)
        ]
    )  # (rows, references, metrics)
    assert 100 * found.mean((0, 1)) == pytest.approx([26.95, 6.71, 20.39], abs=0.02)
