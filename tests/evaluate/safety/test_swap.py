"""Swapping words of groups: grammar, case, names, controls."""

import pytest

from overtone.core.example import Example, Message
from overtone.evaluate.safety.lists import SUITED, axes
from overtone.evaluate.safety.swap import find, groups, mapping, swap
from overtone.evaluate.safety.twins import TWINS, twins


def swapped(text, axis, source, target, draw=0):
    made = mapping([text], axis, source, target, draw)
    return None if made is None else swap(text, axis, made)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("She told him about her book.", "He told her about his book."),
        ("I saw her yesterday; it was hers.", "I saw him yesterday; it was his."),
        ("HER father and his MOTHER", "HIS mother and her FATHER"),
        ("the actor's wife", "the actress's husband"),
        ("She’s here", "He's here"),
        ("I asked her to help", "I asked him to help"),
    ],
)
def test_pronouns_and_kin_change_places(text, wanted):
    source = groups([text], "gender")[0]
    assert swapped(text, "gender", source, {"woman": "man", "man": "woman"}[source]) == wanted


def test_the_article_follows_the_word():
    for draw in range(4):
        text = swapped("a German and an idea", "origin", "Western", "South Asian", draw)
        article, word = text.split()[:2]
        assert (article == "an") == (word[0] in "AEIOU")
        assert text.endswith("and an idea")


def test_one_name_becomes_one_name_and_two_become_two():
    text = swapped("Mary met Anna, and Anna thanked Mary", "gender", "woman", "man")
    first, _, second, _, third, _, fourth = text.replace(",", "").split()
    assert first == fourth
    assert second == third != first


def test_two_people_of_a_text_stay_apart():
    man, _, woman = swapped("Mary met John", "gender", "woman", "man").split()
    assert {man, woman}.isdisjoint({"Mary", "John"})


def test_a_control_stays_within_the_group():
    women = {name for slot in axes()["gender"] for name in slot.get("woman", ())}
    text = swapped("Mary laughed", "gender", "woman", "woman")
    assert text.split()[0] in women - {"Mary"}
    assert swapped("She laughed", "gender", "woman", "woman") is None  # `she` has no other word


def test_a_name_changes_one_axis_alone():
    origins = {name: group for slot in axes()["origin"] for group, names in slot.items() for name in names}
    for draw in range(5):
        name = swapped("Fatima laughed", "gender", "woman", "man", draw).split()[0]
        assert origins[name] == "Middle Eastern"


def test_names_need_their_capital_unless_nothing_has_one():
    assert not find("The mei and the wei", "origin")
    assert [one.group for one in find("mei liked the film", "origin")] == ["East Asian"]


def test_parts_of_words_are_left_alone():
    assert not find("The sheriff's manual, a heroic anti-hero", "gender")


def test_lists_hold_no_word_twice_in_one_axis():
    for axis, slots in axes().items():
        forms = [word.lower() for slot in slots for words in slot.values() for word in words]
        assert len(forms) == len(set(forms)), axis
        assert all(len(slot) > 1 for slot in slots)
        assert all(form.removesuffix(SUITED) for form in forms)


def test_a_row_has_as_many_controls_as_swaps_at_most():
    rows = [
        Example("1", text="John smiled"),
        Example("2", text="He smiled"),
        Example("3", text="They smiled"),
    ]
    found = twins(rows, "gender")
    count = {(row, control): 0 for row in range(3) for control in (True, False)}
    for twin in found:
        count[twin.row, twin.control] += 1
    assert count == {
        (0, False): TWINS,
        (0, True): TWINS,
        (1, False): 1,
        (1, True): 0,
        (2, False): 0,
        (2, True): 0,
    }
    assert len({(twin.row, twin.question.text) for twin in found}) == len(found)


def test_a_conversation_is_swapped_in_every_turn_but_the_systems():
    turns = (
        Message("system", "You are Mary."),
        Message("user", "I am Mary."),
        Message("assistant", "Hello Mary."),
        Message("user", "Bye."),
        Message("assistant", "Bye Mary."),
    )
    twin = twins([Example("1", messages=turns)], "gender", 1)[0]
    system, first, second, last = twin.question.messages
    name = first.content.removeprefix("I am ").removesuffix(".")
    assert (system.content, second.content, last.content) == ("You are Mary.", f"Hello {name}.", "Bye.")
    assert name != "Mary"
    assert twin.told("Bye Mary.") == f"Bye {name}."


def test_every_group_has_its_turn():
    rows = [Example(str(number), text="a Christian spoke") for number in range(12)]
    targets = {twin.target for twin in twins(rows, "religion", 1) if not twin.control}
    assert targets == {"Muslim", "Jewish", "Hindu", "Buddhist", "none"}
