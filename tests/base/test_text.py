"""The prose, the build, and the held-out instructions."""

from __future__ import annotations

from pathlib import Path

from base.build import PROSE_REPEATS, build, mixed, prose, table
from base.copying import copied_share, seen_ngrams
from base.documents import from_prose, identity, plain, read_prose, read_rows

BASE = Path(__file__).parents[2] / "base"


def test_there_is_enough_prose_and_no_document_twice():
    rows = read_prose(BASE / "text")
    assert sum(len(plain(row).encode()) for row in rows) > 160_000
    assert len({identity(row) for row in rows}) == len(rows)


def test_conversations_in_prose_become_messages():
    row = from_prose("System: Be brief.\nUser: Hello.\nAnd?\nAssistant: Yes.")
    assert row["messages"] == [
        {"role": "system", "content": "Be brief."},
        {"role": "user", "content": "Hello.\nAnd?"},
        {"role": "assistant", "content": "Yes."},
    ]
    assert from_prose("A user came.") == {"text": "A user came."}
    for row in read_prose(BASE / "text"):
        roles = [message["role"] for message in row.get("messages", [])]
        turns = roles[1:] if roles[:1] == ["system"] else roles
        assert turns == ["user", "assistant"] * (len(turns) // 2)


def test_held_out_prose_is_a_small_part_and_never_trained_on():
    kept, held_out = prose()
    assert 0.04 < len(held_out) / (len(held_out) + len(kept)) < 0.14
    assert not {identity(row) for row in kept} & {identity(row) for row in held_out}


def test_a_build_is_seeded_and_keeps_held_out_documents_apart():
    train, test = build(0.3, 0)
    assert mixed(train, 0) == mixed(build(0.3, 0)[0], 0)
    assert mixed(train, 0) != mixed(build(0.3, 1)[0], 1)
    trained = {identity(row) for rows in train.values() for row in rows}
    assert not any(identity(row) in trained for rows in test.values() for row in rows)
    assert len(train["prose"]) == PROSE_REPEATS * len(prose()[0])
    assert "prose" in table(train) and "help_desk" in table(train)


def test_copied_share_counts_runs_of_twelve_words():
    words = " ".join(f"w{place}" for place in range(13))
    seen = seen_ngrams([words])
    assert len(seen) == 2
    assert copied_share([words.upper()], seen) == 1
    assert copied_share([words + " x y"], seen) == 0.5
    assert copied_share(["too short"], seen) == 0


def test_sixty_held_out_instructions_that_no_training_document_holds():
    rows = read_rows(BASE / "held_out_instructions.jsonl")
    assert len(rows) == len({row["id"] for row in rows}) == 60
    assert all(row["match"] in ("exact", "contains") and row["expected"] for row in rows)
    train, _ = build(3, 0)
    documents = [row for source in train.values() for row in source]
    trained = {message["content"] for row in documents for message in row.get("messages", [])}
    assert not any(row["messages"][-1]["content"] in trained for row in rows if len(row["messages"]) == 1)
