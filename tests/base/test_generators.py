"""Every generator: endless, seeded, well formed, true, and rarely repeating itself."""

from __future__ import annotations

import importlib
import re
from itertools import islice
from random import Random

import pytest

from base.build import SHARES
from base.copying import copied_share, seen_ngrams
from base.documents import plain
from base.generators import facts, help_notes, labels, lists, stories, sums
from base.generators.phrase import fill, plural, say


def sample(name: str, seed: object, size: int) -> list[dict]:
    """The first documents of a generator, `size` bytes of text."""
    rows = []
    for row in importlib.import_module(f"base.generators.{name}").documents(Random(str(seed))):
        rows.append(row)
        size -= len(plain(row).encode())
        if size <= 0:
            return rows


@pytest.mark.parametrize("name", SHARES)
def test_the_same_seed_gives_the_same_documents(name):
    assert sample(name, 1, 20_000) == sample(name, 1, 20_000)
    assert sample(name, 1, 20_000) != sample(name, 2, 20_000)


@pytest.mark.parametrize("name", SHARES)
def test_documents_are_plain_text_or_chats_in_turn(name):
    for row in sample(name, 3, 60_000):
        assert set(row) in ({"text"}, {"messages"})
        assert "{" not in plain(row) and "~" not in plain(row) and "[" not in plain(row)
        if "messages" in row:
            roles = [message["role"] for message in row["messages"]]
            turns = roles[1:] if roles[0] == "system" else roles
            assert turns == ["user", "assistant"] * (len(turns) // 2) and turns
            assert all(message["content"].strip() for message in row["messages"])


@pytest.mark.parametrize("name", SHARES)
def test_long_runs_of_words_rarely_come_back(name):
    seen = seen_ngrams(map(plain, sample(name, "large", 1_000_000)))
    assert copied_share(map(plain, sample(name, "other", 30_000)), seen) < 0.05


def test_say_fills_slots_groups_articles_and_capitals():
    assert say(Random(0), "[a~|a~]{x} and i. so {y}", x="owl", y="it is") == "An owl and I. So it is"
    assert fill(Random(0), "a {b} [, |] c", b="x") in ("a x, c", "a x c")
    assert [plural(word) for word in ("fox", "lady", "toy", "mouse")] == ["foxes", "ladies", "toys", "mice"]


def test_sums_are_right():
    for row in sample("sums", 5, 60_000):
        for line in plain(row).splitlines():
            words = line.split("=")
            if len(words) == 2 and words[0].replace(" ", "").replace("+", "").isdigit():
                assert sum(map(int, words[0].split("+"))) == int(words[1].split(".")[0])
    assert all(str(sums._NUMBERS[i]) for i in range(21)) and len(sums._NUMBERS) == 21


def test_list_answers_hold():
    sort = next(rule for form, rule in lists._WORD_TASKS.items() if "alphabet" in form)
    assert sort(["b", "a"]) == ["a", "b"]
    assert all(len({*row, *row[::-1]}) == 2 for row in facts._OPPOSITES)


def test_the_reply_copies_the_steps_of_one_given_note_in_order():
    chats = [row["messages"] for row in sample("help_desk", 9, 100_000) if "messages" in row]
    for messages in chats:
        prompt = next(message["content"] for message in messages if message["role"] == "user")
        answer = next(message["content"] for message in messages if message["role"] == "assistant")
        steps = [line for line in answer.splitlines() if line[:2] in {f"{place}." for place in range(1, 7)}]
        assert len(steps) >= 2 and "\n".join(steps) in prompt


def test_the_help_desk_is_not_about_telecom():
    for word in ("router", "broadband", "sim card", "invoice", "roaming", "landline", "modem"):
        assert all(word not in item for item in help_notes.ITEMS)


def test_labels_come_from_the_task():
    for row in islice(labels.documents(Random(4)), 200):
        if "messages" in row and "does not fit" not in plain(row):
            prompt = next(message["content"] for message in row["messages"] if message["role"] == "user")
            first = next(message["content"] for message in row["messages"] if message["role"] == "assistant")
            assert first in prompt


def test_the_last_holder_follows_from_the_hand_overs():
    chats = [row["messages"] for row in map(stories._tracked, map(Random, range(200))) if "messages" in row]
    for messages in chats:
        told = next(message["content"] for message in messages if message["role"] == "user")
        owned = re.findall(r"(\w+) (has|holds|keeps|owns) the (\w+)\.", told)
        holder = {thing: who for who, _, thing in owned}
        given = r"(?:gives|hands|passes|lends|sells) the (\w+) to (\w+)"
        holder |= dict(re.findall(given, told))
        for answer in (message["content"] for message in messages if message["role"] == "assistant"):
            who, thing = answer.rstrip(".").split(" has the ")
            assert holder[thing] == who
    assert len(chats) > 50
