"""How documents are searched, as settings."""

import pytest
from pydantic import TypeAdapter, ValidationError

from overtone.core.errors import UserError
from overtone.decide import offers
from overtone.decide.rival import Rival
from overtone.decide.rivals.fine_tune import FineTune
from overtone.decide.rivals.retrieval import Retrieval
from overtone.decide.searching import Searching
from overtone.retrieve.indexes.dense import Dense
from tests.decide.materials import DOCUMENTS
from tests.decide.test_offers import ANSWERING

RIVALS = TypeAdapter(list[Rival])


def test_what_was_tuned_with_is_kept_and_read_again():
    tuned = FineTune(documents=2, index={"name": "bm25", "b": 0.3}, chunk_words=40, overlap_words=10)
    kept = tuned.searching()
    assert set(kept) == {"index", "chunk_words", "overlap_words"}
    again = Searching.model_validate(kept)
    assert (again.index, again.chunk_words, again.overlap_words) == (tuned.index, 40, 10)
    assert len(again.library(DOCUMENTS, None).passages) == 3


@pytest.mark.parametrize("settings", [{"overlap_words": 5}, {"overlap_words": 10, "chunk_words": 20}])
def test_an_overlap_must_fit_its_chunks(settings):
    with pytest.raises(ValidationError, match="less than half of chunk_words"):
        RIVALS.validate_python([{"name": "retrieval", **settings}])


@pytest.mark.parametrize("rival", [Retrieval(index=Dense()), FineTune(documents=1, index={"name": "fused"})])
def test_an_encoder_that_is_not_installed_is_asked_for_before_the_run(rival, monkeypatch):
    assert offers.refusal(rival, ANSWERING | {"text_encoder"}) is None
    monkeypatch.setattr(offers, "is_installed", lambda name: False)
    offered = ANSWERING - {"text_encoder"}
    with pytest.raises(
        UserError, match=r"needs an encoder to embed texts \(pip install 'overtone\[offline\]'"
    ):
        offers.chosen_rivals([rival], offered)
    assert FineTune(index=Dense()).requires() == FineTune.needs  # reads no documents


def test_an_encoder_of_ones_own_needs_no_other():
    named = Retrieval(index=Dense(encoder="some/encoder"))
    assert offers.refusal(named, ANSWERING - {"text_encoder"}) is None
