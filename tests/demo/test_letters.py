from random import Random

from overtone.demo.families import families, shared
from overtone.demo.layout import Brief
from overtone.demo.letters import about_others, letter, quote, statement

FAMILY = next(family for family in families() if family.id == "late-parcel/not-arrived")


def test_distractions_never_speak_of_the_mails_own_categories() -> None:
    own = set(shared()["distractions"]["order delivery"]) | set(shared()["distractions"]["sim card"])
    others = about_others(shared()["distractions"], ["order delivery", "sim card"])
    assert others and not own & set(others)


def test_a_quoted_thread_is_about_something_else() -> None:
    values = dict.fromkeys(shared()["slots"], "X")
    for seed in range(60):
        text = quote(["order delivery"], values, Random(seed))
        assert text.startswith("On X Tarnfell support wrote:\n> ")
        assert "parcel" not in text


def test_the_first_sentence_is_always_said_and_the_others_in_turn() -> None:
    said = [statement(FAMILY, Random(seed)) for seed in range(60)]
    assert all(sentences[0] == FAMILY.sentences[0] and len(sentences) <= 2 for sentences in said)
    assert {sentence for sentences in said for sentence in sentences} == set(FAMILY.sentences)
    assert any(len(sentences) == 1 for sentences in said)


def test_a_letter_follows_its_seed() -> None:
    brief = Brief((FAMILY,))
    assert letter(brief, Random(5)) == letter(brief, Random(5))
    assert letter(brief, Random(5)) != letter(brief, Random(6))
