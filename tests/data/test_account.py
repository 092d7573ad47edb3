"""The account: it must add up, and it can be printed and written."""

import pytest

from overtone.data.account import Account, FileAccount
from overtone.data.sources.table import Dropped

DROPPED = (Dropped("a.csv:3", "no label"), Dropped("a.csv:4", "empty text"), Dropped("a.csv:9", "no label"))


def test_rows_and_json_say_the_same():
    account = Account((FileAccount("a.csv", 10, {"train": 5, "test": 2}, DROPPED),))
    assert account.rows() == [
        ("a.csv", "read", 10, ""),
        ("a.csv", "kept for train", 5, ""),
        ("a.csv", "kept for test", 2, ""),
        ("a.csv", "dropped: no label", 2, "a.csv:3, a.csv:9"),
        ("a.csv", "dropped: empty text", 1, "a.csv:4"),
    ]
    assert account.to_json()[0]["dropped"]["no label"] == {"count": 2, "examples": ["a.csv:3", "a.csv:9"]}


def test_an_account_that_does_not_add_up_cannot_be_made():
    with pytest.raises(ValueError, match="not all of them kept, set aside or dropped"):
        FileAccount("a.csv", 11, {"train": 7}, DROPPED)
