"""Leakage: questions that stand in train as well, and repeats."""

from overtone.core.example import Example, Message
from overtone.data.leakage import found_in, repeats


def test_copies_are_found_whatever_their_label():
    seen = [Example("1", text="Where is my card?", labels=("a",))]
    test = [
        Example("2", text="where is my CARD", labels=("a",)),
        Example("3", text="Where is my card", labels=("b",)),
        Example("4", text="Where is her card?", labels=("a",)),
    ]
    assert found_in(test, seen) == {"2", "3"}
    assert repeats(test) == 1


def test_conversations_are_compared_by_what_is_asked():
    def chat(name: str, question: str, reply: str) -> Example:
        return Example(name, messages=(Message("user", question), Message("assistant", reply)))

    assert found_in([chat("2", "hi!", "Ho"), chat("3", "Bye", "Hello")], [chat("1", "Hi", "Hello")]) == {"2"}
