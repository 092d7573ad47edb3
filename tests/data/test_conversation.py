"""Conversations: the ways they are written, and who may speak when."""

import pytest

from overtone.core.example import Message
from overtone.data.cell import UnusableError
from overtone.data.conversation import check_turns, conversation, read_turns

USER, REPLY, SYSTEM = Message("user", "Hi"), Message("assistant", "Hello"), Message("system", "Be brief")


@pytest.mark.parametrize(
    "written",
    [
        [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hello"}],
        [{"from": "human", "value": "Hi"}, {"from": "gpt", "value": "Hello"}],
        [{"role": "user", "content": [{"type": "text", "text": "Hi"}]}, {"role": "bot", "content": "Hello"}],
        '[{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hello"}]',
    ],
)
def test_every_way_of_writing_gives_the_same_turns(written):
    assert read_turns(written) == (USER, REPLY)


@pytest.mark.parametrize(
    ("written", "cause"),
    [
        ([], "no turns"),
        (None, "no turns"),
        ("Hi", "turns that are not JSON"),
        (["Hi"], "a turn that is not an object"),
        ([{"role": "tool", "content": "{}"}], "unknown role 'tool'"),
        ([{"role": "user", "content": None}], "an empty turn"),
        ([{"role": "user", "content": " \u200b"}], "an empty turn"),
        ([{"role": "user", "content": [{"type": "image_url"}]}], "a turn with parts that are not text"),
    ],
)
def test_unusable_turns_say_why(written, cause):
    with pytest.raises(UnusableError) as error:
        read_turns(written)
    assert str(error.value) == cause


@pytest.mark.parametrize(
    ("turns", "cause"),
    [
        ([USER, USER, REPLY], "two user turns in a row"),
        ([USER, REPLY, REPLY], "two assistant turns in a row"),
        ([REPLY], "assistant speaks first"),
        ([USER, SYSTEM, REPLY], "system turn that is not the first"),
        ([SYSTEM], "only a system turn"),
    ],
)
def test_a_wrong_order_says_why(turns, cause):
    with pytest.raises(UnusableError) as error:
        check_turns(turns)
    assert str(error.value) == cause


def test_several_answers_are_fine_and_a_system_text_opens():
    example = conversation([USER, REPLY, USER, REPLY], "chat.jsonl:1", system="Be brief")
    assert example.messages == (SYSTEM, USER, REPLY, USER, REPLY)
    assert example.completion == "Hello" and example.source == "chat.jsonl:1"
    assert conversation([SYSTEM, USER, REPLY], "x", system="Other").messages[0] == SYSTEM
