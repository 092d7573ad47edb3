"""Content ids and fingerprints: what counts as the same row, and what does not."""

import pytest

from overtone.data.identity import content_id, fingerprint

SAME = [
    ("Has my top-up gone through?", "has my  top up gone through"),
    ("Cafe\u0301 au lait", "CAFÉ AU LAIT!"),
    ("a\u00a0b", "a b"),
    ("in\u200bvisible", "invisible"),
    ("ｆｕｌｌ ２４", "full 24"),
    ("STRASSE", "straße"),
    ("“quoted” – text…", '"quoted" - text'),
]
DIFFERENT = [
    ("कि", "की"),  # vowel signs are no letters to every test of letters, and yet tell words apart
    ("?!", "..."),
    ("5 $", "5 €"),
    ("C++", "C"),
    ("is", "is not"),
]


@pytest.mark.parametrize(("one", "two"), SAME)
def test_copies_share_a_fingerprint(one, two):
    assert fingerprint(one) == fingerprint(two)


@pytest.mark.parametrize(("one", "two"), DIFFERENT)
def test_different_texts_do_not(one, two):
    assert fingerprint(one) != fingerprint(two)


def test_a_content_id_is_stable_and_holds_every_part():
    assert content_id("Cafe\u0301  x", "a") == content_id("Café x\n", "a")
    assert len({content_id("a", "b"), content_id("ab"), content_id("a b"), content_id("A", "b")}) == 4
    assert content_id("text", "label") == "006e571255a082b9"
