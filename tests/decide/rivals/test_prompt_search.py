"""The prompt search: its budget, its rows, its candidates, and that it never looks at test rows."""

import json
from dataclasses import replace

import pytest

from overtone.core.answer import Answer
from overtone.core.errors import UserError
from overtone.core.example import Example, Message, Question
from overtone.core.tasks.classify import ClassifyTask
from overtone.decide import prompt_candidates
from overtone.decide.halving import answers_of, halve, most_candidates, rounds_of
from overtone.decide.measure import measure
from overtone.decide.offers import default_rivals, offers
from overtone.decide.prompt import framed
from overtone.decide.prompt_candidates import Candidate, crossed, example_sets, rewritten
from overtone.decide.rewording import INSTRUCTIONS, NAMES, REQUESTS
from overtone.decide.rivals.prompt_search import PromptSearch
from tests.decide.materials import ROWS, answering, sorting

CARD = Question("q", text="my card is late")
CHAT = Question("q", messages=(Message("system", "Be kind."), Message("user", "slow {request} wifi")))


class Skilled:
    """A system that is right on a share of the rows; it notes what it is asked."""

    can = frozenset({"classify"})

    def __init__(self, share):
        self.share, self.asked = share, []

    def answer(self, questions):
        self.asked += [question.id for question in questions]
        right = [int(question.id[1:]) % 10 < 10 * self.share for question in questions]
        return [Answer(text="a" if one else "b") for one in right]


def numbered(count):
    return [Example(f"v{row}", text="x", labels=("a",)) for row in range(count)]


def search(shares, rows, budget):
    systems, told = [Skilled(share) for share in shares], []
    trials = halve(systems, ClassifyTask(), numbered(rows), budget, 0, lambda *done: told.append(done))
    return trials, max(trials, key=lambda trial: trial.rank), told


def test_the_better_half_sees_more_rows_and_the_best_is_left():
    trials, best, told = search([0.1, 0.9, 0.2, 0.3, 0.5, 0.4], 500, 300)
    assert best.system.share == 0.9
    seen = sorted(len(trial.answers) for trial in trials)
    assert seen == [16, 16, 16, 16 + 33, 16 + 33 + 50, 16 + 33 + 50]  # three rounds of at most 100 answers
    assert told[-1] == (answers_of(trials), 300)
    assert answers_of(trials) <= 300
    shortest = next(trial for trial in trials if len(trial.answers) == 16).system.asked
    assert best.system.asked[:16] == shortest  # all see the same rows first
    assert len(set(best.system.asked)) == len(best.system.asked)
    assert best.value == pytest.approx(sum(answer.text == "a" for answer in best.answers) / len(best.answers))


def test_few_validation_rows_are_seen_once_and_equals_go_by_their_order():
    trials, best, _ = search([0.5, 0.5, 1.0, 1.0], 10, 400)
    assert [len(trial.answers) for trial in trials] == [10] * 4
    assert best is trials[2]
    assert search([0.3], 5, 100)[1].value <= 1


@pytest.mark.parametrize("budget", [8, 40, 240, 1000])
def test_a_budget_bounds_the_candidates_so_that_each_sees_some_rows(budget):
    count = most_candidates(budget)
    trials, _, _ = search([0.5] * count, 2000, budget)
    assert min(len(trial.answers) for trial in trials) >= 4
    assert answers_of(trials) <= budget
    assert (count + 1) * 4 * rounds_of(count + 1) > budget


def test_every_instruction_meets_every_set_and_sets_are_the_same_for_all():
    materials = answering()
    sets = example_sets(materials, 2)
    assert [(one.name, len(one.rows)) for one in sets] == [("diverse", 2), ("none", 0), ("random", 2)]
    assert {row.labels for row in sets[0].rows} == {("card_arrival",), ("slow_wifi",)}
    assert example_sets(materials, 2) == sets
    assert [one.name for one in example_sets(materials, 0)] == ["none"]
    pairs = crossed(["i", "j", "i"], sets)
    assert [(pair.instruction, pair.examples.name) for pair in pairs[:4]] == [
        ("i", "diverse"),
        ("i", "none"),
        ("i", "random"),
        ("j", "diverse"),
    ]
    assert len(pairs) == 6


def test_rewrites_keep_what_an_instruction_needs_and_nonsense_is_left_out(small_base, monkeypatch):
    texts = iter(["Sort it now please.", "no", "Use {labels} as they are.", " Name the label.\n"])
    asked = []

    class Writes:
        def __init__(self, base, max_tokens):
            pass

        def answer(self, questions):
            asked.extend(question.messages[0].content for question in questions)
            return [Answer(text=next(texts)) for _ in questions]

    monkeypatch.setattr("overtone.generate.writer.Writer", Writes)
    found = rewritten(None, INSTRUCTIONS[0], 4)
    assert found == ["Sort it now please. Labels: {labels}.", "Name the label. Labels: {labels}."]
    assert asked[0] == (
        "Rewrite this instruction in other words. Answer with the new instruction alone.\n\n"
        "Which one of these labels fits the text? Answer with the label alone."
    )
    texts = iter(["Reply to this now."])
    assert rewritten(None, "Answer.\n\n{request}", 1) == ["Reply to this now.\n\n{request}"]


def test_a_frame_stands_around_the_last_turn_of_the_user():
    turns = framed((*CHAT.messages, Message("assistant", "?")), "Now:\n{request}!")
    assert [turn.content for turn in turns] == ["Be kind.", "Now:\nslow {request} wifi!", "?"]


def test_an_encoder_tries_words_around_the_labels(small_base):
    told = []
    rival = PromptSearch(instructions=["my {label}"], budget_answers=120)
    system = rival.prepare(sorting(small_base("bert"), watch=told.append))
    tried = json.loads(system.facts["search"])
    assert [one["instruction"] for one in tried] == ["my {label}", *NAMES]
    assert {one["rows"] for one in tried} == {6}
    assert sum(one["chosen"] for one in tried) == 1
    best = max(tried, key=lambda one: one["value"])
    assert system.facts["instruction"] == best["instruction"]
    assert system.answer([CARD])[0].probabilities.keys() == {"card_arrival", "slow_wifi"}
    assert told[-1].phase == "prepare prompt_search"
    with pytest.raises(UserError, match=r"must hold \{label\}, as in 'a text about \{label\}'; not 'Sort\.'"):
        PromptSearch(instructions=["Sort."]).prepare(sorting(small_base("bert")))
    with pytest.raises(UserError, match="'rewrites' of prompt_search is read by bases that write only"):
        PromptSearch(rewrites=1).prepare(sorting(small_base("bert")))


def test_a_decoder_that_sorts_tries_instructions_with_sets_of_examples(small_base):
    rival = PromptSearch(instructions=["{labels}?"], budget_answers=40, examples=2, rewrites=1)
    system = rival.prepare(sorting(small_base("llama")))
    tried = json.loads(system.facts["search"])
    assert [(one["instruction"], one["examples"]) for one in tried] == [
        ("{labels}?", "diverse"),
        ("{labels}?", "none"),
        ("{labels}?", "random"),
        (INSTRUCTIONS[0], "diverse"),
    ]
    assert system.facts["candidates_left_out"] >= 14
    assert system.facts["validation_answers"] <= 40
    assert system.answer([CARD])[0].error is None
    turns = system.system.prompts([CARD])[0].messages
    assert turns[-1].content.endswith("my card is late")


def test_answers_are_asked_for_in_frames_with_framed_examples(small_base):
    rival = PromptSearch(instructions=["Help."], budget_answers=16, examples=1, rewrites=0)
    system = rival.prepare(answering(small_base("llama")))
    tried = json.loads(system.facts["search"])
    assert [one["instruction"] for one in tried] == ["Help.\n\n{request}"] * 2
    shown = system.system.prompts([CHAT])[0].messages
    assert shown[0] == Message("system", "Be kind.")
    users = [turn.content for turn in shown if turn.role == "user"]
    assert all(text.startswith("Help.\n\n") for text in users)
    assert users[-1] == "Help.\n\nslow {request} wifi"
    assert len(users) == (2 if system.facts["examples"] == "diverse" else 1)
    assert system.answer([CHAT])[0].text is not None


def test_the_base_is_asked_for_rewrites_of_the_first_instruction_that_has_words(small_base, monkeypatch):
    asked = []
    monkeypatch.setattr(
        "overtone.decide.rivals.prompt_search.rewritten",
        lambda base, instruction, count: asked.append((instruction, count)) or ["Own.\n\n{request}"],
    )
    rival = PromptSearch(budget_answers=400, examples=0, rewrites=3)
    tried = json.loads(rival.prepare(answering(small_base("llama"))).facts["search"])
    assert asked == [(REQUESTS[1], 3)]
    assert [one["instruction"] for one in tried] == [REQUESTS[0], "Own.\n\n{request}", *REQUESTS[1:]]


class Trap(tuple):
    """Test rows that must not be read before the search has ended."""

    closed = True

    def __iter__(self):
        assert not self.closed, "a test row was read"
        return super().__iter__()

    def __getitem__(self, place):
        assert not self.closed, "a test row was read"
        return super().__getitem__(place)


def test_the_search_asks_validation_rows_only_and_never_test_rows(small_base, monkeypatch):
    from overtone.decide.nearest_name import NearestName

    trap, asked = Trap(replace(row, id=f"test-{row.id}") for row in sorting().train), []
    answer = NearestName.answer
    monkeypatch.setattr(
        NearestName,
        "answer",
        lambda self, questions: asked.extend(one.id for one in questions) or answer(self, questions),
    )

    class Opens(PromptSearch):
        def prepare(self, materials):
            system = super().prepare(materials)
            assert asked and all(one.startswith("v-") for one in asked)
            trap.closed = False
            return system

    with pytest.raises(AssertionError, match="a test row was read"):
        trap[0]
    measured, _ = measure(Opens(), sorting(small_base("bert")), trap, False)
    assert len(measured.answers) == len(ROWS)
    assert measured.facts["validation_answers"] == 30
    assert isinstance(measured.facts["search"], str)


def test_without_validation_rows_it_is_refused(small_base):
    with pytest.raises(
        UserError, match="'prompt_search' chooses a prompt on validation rows, and there are none"
    ):
        PromptSearch().prepare(sorting(small_base("bert"), validation=[]))


def test_it_is_measured_unasked_behind_what_it_is_compared_with():
    keys = [
        one.key
        for one in default_rivals(offers(ClassifyTask(), "encoder", chat_template=False, documents=False))
    ]
    assert keys.index("few_shot") < keys.index("prompt_search") < keys.index("embedding_head")
    assert Candidate("i", prompt_candidates.NONE).examples.rows == ()
