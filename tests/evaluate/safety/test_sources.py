"""Which rows share a source, by group or by template, and that what is said of them counts sources."""

import numpy as np
import pytest

from overtone.core.answer import Answer
from overtone.core.example import Example, Message
from overtone.core.tasks.classify import ClassifyTask
from overtone.evaluate.metrics.accuracy import Accuracy
from overtone.evaluate.safety.estimate import estimate, paired
from overtone.evaluate.safety.gaps import gaps, permutation_p
from overtone.evaluate.safety.sensitivity import sensitivity
from overtone.evaluate.safety.sources import template, told_sources, with_sources
from overtone.evaluate.safety.swap import groups
from overtone.evaluate.safety.swap_section import swap_section
from overtone.evaluate.safety.toxic_section import toxic_section
from overtone.evaluate.safety.twins import twins
from overtone.evaluate.statistics.share import clustered_share
from overtone.evaluate.statistics.wilson import wilson
from tests.evaluate.safety.test_output_filter import TOXICITY


def row(name, text, group=""):
    return Example(name, text=text, labels=("a",), group=group)


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        ("Mary lost her keys.", "John lost his keys.", True),
        ("an elderly man wrote", "a young woman wrote", True),
        ("Fatima met Wei", "Mary met John", True),
        ("Mary lost her keys.", "Mary lost her bag.", False),
        ("no names here", "no names there", False),
    ],
)
def test_a_template_is_the_text_without_names_and_group_words(first, second, same):
    assert (template(first) == template(second)) is same


def test_rows_share_a_source_by_group_or_template_also_by_way_of_others():
    rows = [
        row("0", "Mary is late", "g"),
        row("1", "John is late"),
        row("2", "nothing alike", "g"),
        row("3", "on its own"),
        row("4", "alone in its group", "h"),
    ]
    found = [one.group for one in with_sources(rows)]
    assert found[0] == found[1] == found[2] != ""
    assert found[3:] == ["", ""]
    assert told_sources(with_sources(rows))[0].startswith("3 of 5 test rows share 1 source (a group,")
    assert told_sources(with_sources(rows[3:])) == []


def test_conversations_share_a_source_by_all_that_was_asked():
    def talk(name, *turns):
        said = [Message(("user", "assistant")[place % 2], turn) for place, turn in enumerate(turns)]
        return Example(name, messages=(*said, Message("assistant", f"answer {name}")))

    rows = [
        talk("0", "Mary?", "yes", "why?"),
        talk("1", "John?", "yes", "why?"),
        talk("2", "Mary?", "no", "why?"),
    ]
    found = [one.group for one in with_sources(rows)]
    assert found[0] == found[1] != "" and found[2] == ""


def copies(values, times):
    """Each value so many times, and the name of its source."""
    return np.repeat(np.array(values, dtype=float), times), [
        str(place) for place in range(len(values)) for _ in range(times)
    ]


def test_copies_of_rows_tell_no_more_than_the_rows():
    values, sources = copies([1, 0, 1, 1, 0, 1, 0, 1, 1, 1], 8)
    found = estimate(values, 0, sources)
    assert (found.n, found.method) == (80, "wilson of 10 groups")
    assert (found.low, found.high) == clustered_share(8 * values[::8], np.full(10, 8.0))
    alone, blind = wilson(7, 10), estimate(values)
    assert found.high - found.low >= alone[1] - alone[0] > 2 * (blind.high - blind.low)
    means, sources = copies([0.1, 0.9, 0.4, 0.7, 0.2, 0.8], 5)
    assert estimate(means, 0, sources).method == "bca of 6 groups"
    few, many = estimate(means, 0, sources), estimate(means)
    assert few.high - few.low > 1.8 * (many.high - many.low)


def test_a_difference_of_copies_is_tested_by_sources():
    first, sources = copies([1, 1, 1, 1, 0, 1], 10)
    found = paired(first, np.zeros(60), 0, sources)
    assert found.p == pytest.approx(2 * 0.5**5) and found.test == "paired permutation of groups"
    assert paired(first, np.zeros(60)).p < 1e-9
    assert found.difference == pytest.approx(5 / 6) and found.low < found.difference < found.high


def test_rows_that_stand_for_themselves_are_counted_as_without_sources():
    values = np.array([0.0, 1.0, 1.0, 0.0, 1.0])
    assert estimate(values, 0, [""] * 5) == estimate(values)
    assert paired(values, values[::-1], 0, list("abcde")) == paired(values, values[::-1])


def test_swaps_on_one_template_are_one_piece_of_evidence():
    names = ("Mary", "Anna", "John", "Paul", "Emma", "Kevin", "Laura", "James")
    rows = with_sources([row(f"{n}{t}", f"{n} wrote letter {t}") for t in range(6) for n in names])
    made = twins(rows, "gender")
    lot = np.random.default_rng(1).random(6)  # how far the model goes is a matter of the template

    def answer(text):
        share = 0.5 + (0.4 * lot[int(text.split()[-1])] if groups([text], "gender") == ["woman"] else 0.0)
        return Answer(probabilities={"yes": share, "no": 1 - share})

    asked, given = (
        {p: answer(one.text) for p, one in enumerate(rows)},
        [answer(t.question.text) for t in made],
    )
    known = sensitivity(made, asked, given, ClassifyTask(), [one.group for one in rows])
    blind = sensitivity(made, asked, given, ClassifyTask())
    assert len(set(known.sources)) == 6 and len(known.sources) == 48
    assert len(known.controlled_sources) == known.controlled.sum()
    table = [
        swap_section({"gender": {"x": one}}, 48, texts=False).tables[0].rows[0] for one in (known, blind)
    ]
    widths = [cells[9] - cells[8] for cells in table]
    assert table[0][7] == table[1][7] and widths[0] > widths[1]
    assert table[0][-1] > table[1][-1]  # p of swap against control


def test_toxic_answers_to_one_source_are_one_piece_of_evidence():
    given = [Answer(text="a vile text" if place < 10 else "a kind text") for place in range(40)]
    clean = [Answer(text="good")] * 40
    sources = [str(place // 10) for place in range(40)]
    section = toxic_section(TOXICITY, ["fine"] * 40, {"a": given, "b": clean}, sources=sources)
    blind = toxic_section(TOXICITY, ["fine"] * 40, {"a": given, "b": clean})
    told, untold = (one.tables[0].rows[1] for one in (section, blind))
    assert told[2] == untold[2] == 0.25 and told[4] - told[3] > 1.5 * (untold[4] - untold[3])
    assert "p 1.000" in section.sentences[3] and "p 0.002" in blind.sentences[3]


def alarms(make, times=40):
    """How often a test by sources, and a blind one, see a gap that is not there."""
    found = np.zeros(2)
    for seed in range(times):
        right, groups, place = make(np.random.default_rng(seed))
        tallies = np.stack([right.astype(float), np.ones(len(right))], axis=1)
        found += [permutation_p(Accuracy(), tallies, groups, seed, one) < 0.05 for one in (place, None)]
    return found


@pytest.fixture(autouse=True)
def fewer(monkeypatch):
    monkeypatch.setattr("overtone.evaluate.safety.gaps.PERMUTATIONS", 300)


def test_a_gap_between_sources_is_no_gap_between_groups():
    def make(random):
        place = np.repeat(np.arange(16), 8)  # sixteen customers, each right or wrong throughout, eight a site
        return (random.random(16) < 0.6)[place], place // 8, place

    known, blind = alarms(make)
    assert known <= 5 < 15 < blind


def test_pairs_over_two_groups_are_dealt_out_within_the_pair():
    place, groups = np.repeat(np.arange(60), 2), np.tile([0, 1], 60)
    right = (place < 30) & ~(
        (groups == 1) & (place < 11)
    )  # easy pairs and hard ones; one side fares worse in eleven
    tallies = np.stack([right.astype(float), np.ones(120)], axis=1)
    known, blind = (permutation_p(Accuracy(), tallies, groups, 0, one) for one in (place, None))
    assert known < 0.02 < blind


def test_the_interval_of_a_gap_counts_sources():
    def gap(group):
        rows = [
            Example(str(n), text="x", labels=("a",), traits=(("site", "ns"[n % 80 >= 40]),), group=group(n))
            for n in range(80)
        ]
        right = [n % 40 < (36 if n < 40 else 20) for n in range(80)]
        given = [Answer(probabilities={"a" if one else "b": 1.0}) for one in right]
        return gaps(Accuracy(), rows, given, ClassifyTask())[0]

    known, blind = gap(lambda n: str(n // 4)), gap(lambda n: "")
    assert known.gap.value == blind.gap.value == pytest.approx(0.4)
    assert known.gap.high - known.gap.low > 1.3 * (blind.gap.high - blind.gap.low)
    assert known.gap.method == "bootstrap of 20 groups" and known.p > blind.p
