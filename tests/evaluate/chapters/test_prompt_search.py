"""The chapter on a prompt search: all that was tried, the chosen one first."""

import json
from dataclasses import replace

from overtone.evaluate.chapters.prompt_search import PromptSearch
from tests.evaluate.chapters.made_up import classified


def tried(instruction, rows, value, chosen=False):
    return {"instruction": instruction, "examples": "none", "rows": rows, "value": value, "chosen": chosen}


def test_every_prompt_is_shown_the_chosen_one_first_and_marked():
    search = [
        tried("early", 4, 0.9),
        tried("unseen", 0, None),
        tried("good", 20, 0.5),
        tried("won", 20, 0.75, True),
    ]
    facts = {
        "search": json.dumps(search),
        "candidates": 4.0,
        "candidates_left_out": 2.0,
        "validation_answers": 44.0,
    }
    plain = classified(n=50)
    key = plain.best
    section = PromptSearch().write(replace(plain, facts={key: facts, "other": {}}))
    assert [row[0] for row in section.tables[0].rows] == ["won", "good", "early", "unseen"]
    assert section.tables[0].rows[0] == ("won", "none", 20, 0.75)
    assert section.tables[0].marked == (0,)
    assert "4 prompts were tried with 44 answers to validation rows" in section.sentences[0]
    assert "2 more were left out" in section.sentences[0]
    assert PromptSearch().write(replace(plain, facts={key: {"candidates": 1.0}})) is None
