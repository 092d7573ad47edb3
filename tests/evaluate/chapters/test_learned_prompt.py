"""The chapter on a learned prompt's nearest words."""

from dataclasses import replace

from overtone.evaluate.chapters.learned_prompt import LearnedPrompt
from overtone.methods.nearest_words import NEAREST
from tests.evaluate.chapters.made_up import classified


def test_each_position_has_its_words_and_others_have_no_chapter():
    assert LearnedPrompt().write(classified()) is None
    facts = {"fine_tune": {NEAREST: "; 0.98 / b 0.50\n_the 0.40"}, "left_out": {NEAREST: "x 1.00"}}
    section = LearnedPrompt().write(replace(classified(), facts=facts))
    assert section and len(section.tables) == 1
    assert section.tables[0].rows == ((1, "; 0.98 / b 0.50"), (2, "_the 0.40"))
    assert section.tables[0].title == "tuned"
