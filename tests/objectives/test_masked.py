"""Hidden words: how many and which, the head that files hold, and readings that ask each token once."""

from collections import Counter

import pytest
import torch
import transformers
from transformers import AutoConfig

from overtone.core.errors import UserError
from overtone.core.example import Example, Question
from overtone.core.task import Task
from overtone.engine.learner import Learner
from overtone.engine.masked import MaskedHead, MaskedRow, hide
from overtone.engine.masked_scorer import MaskedScorer
from overtone.models.base import load_base
from overtone.models.families import FAMILIES
from overtone.models.known_head import PLACES
from overtone.objectives.masked import Masked
from overtone.train.artifact import make_learner
from tests.objectives.plain_text import with_gaps
from tests.small import POSITIONS, SHAPE, SHAPES, tokenizer

TASK = Task.model_validate("text")
ENCODERS = [name for name, family in FAMILIES.items() if family.kind == "encoder"]


def test_of_the_hidden_tokens_80_in_100_are_masked_10_drawn_and_10_seen():
    row = MaskedRow(tuple(range(100, 1100)), (False, *(True,) * 998, False), hidden=900, mask=3)
    torch.manual_seed(0)
    found = hide(row, 5000, training=True)
    pairs = [(found.tokens[place], target) for place, target in zip(found.places, found.targets, strict=True)]
    fates = Counter("mask" if now == 3 else "seen" if now == was else "drawn" for now, was in pairs)
    assert len(set(found.places)) == 900 and not {0, 999} & set(found.places)
    assert abs(fates["mask"] - 720) < 40 and abs(fates["drawn"] - 90) < 30 and abs(fates["seen"] - 90) < 30
    assert [token for place, token in enumerate(found.tokens) if place not in set(found.places)] == [
        token for place, token in enumerate(row.tokens) if place not in set(found.places)
    ]


def test_they_are_drawn_anew_in_each_step_and_the_same_in_each_validation():
    row = MaskedRow(tuple(range(50)), (True,) * 50, hidden=8, mask=3)
    assert hide(row, 99, training=False) == hide(row, 99, training=False)
    drawn = [hide(row, 99, training=True).places for _ in range(3)]
    assert drawn[0] != drawn[1] != drawn[2]
    torch.manual_seed(5)
    first = hide(row, 99, training=True)
    torch.manual_seed(5)
    assert hide(row, 99, training=True) == first


@pytest.mark.parametrize("family", ENCODERS)
def test_the_head_of_the_files_gives_the_logits_of_the_whole_model(tmp_path, family):
    shape = SHAPES.get(family, {**SHAPE, **POSITIONS})
    config = AutoConfig.for_model(
        family, **shape, vocab_size=262, pad_token_id=0, bos_token_id=1, eos_token_id=2
    )
    torch.manual_seed(1)
    whole = transformers.AutoModelForMaskedLM.from_config(config).eval()
    with torch.no_grad():
        for name, weight in whole.named_parameters():
            if name.endswith("bias"):
                weight.normal_()
    whole.save_pretrained(tmp_path)
    tokenizer().save_pretrained(tmp_path)
    base = load_base(str(tmp_path))
    head = MaskedHead(base, 0)
    assert family in PLACES and not head.fresh
    tokens = torch.tensor([[1, 50, 60, 70, 2]])
    with torch.no_grad():
        found = head.projection(base.model)(head(base.model(input_ids=tokens).last_hidden_state))
        torch.testing.assert_close(found, whole(input_ids=tokens).logits, rtol=1e-4, atol=1e-5)


def test_a_new_head_is_told_and_a_known_one_goes_on_at_the_rate_of_the_body(small_base):
    base = with_gaps(load_base(str(small_base("bert"))))
    learner = make_learner(base, base.model, (), 0.0, 0, Masked())
    assert "new one" in Masked().remarks(learner)[0]
    learner.head.fresh = False
    assert not Masked().remarks(learner)


def test_an_encoder_without_a_mask_is_refused(small_base):
    base = load_base(str(small_base("bert")))
    with pytest.raises(UserError, match="no mask token"):
        Masked().row(Example("1", text="text"), base, TASK, ())


def test_every_token_is_asked_once_with_six_of_seven_others_in_sight(small_base):
    base = with_gaps(load_base(str(small_base("bert"))))
    scorer = MaskedScorer(base, Learner(base.model, MaskedHead(base, 0)))
    reads = scorer.read(Question("1", text="a text of some length"))
    asked = sorted(place for read in reads for place in read.about.places)
    tokens = base.tokenizer("a text of some length")["input_ids"]
    assert len(reads) == 7 and asked == list(range(1, len(tokens) - 1))
    for read in reads:
        covered = [place for place, token in enumerate(read.tokens) if token != tokens[place]]
        assert covered == list(read.about.places)
    (answer,) = scorer.answer([Question("1", text="a text of some length")])
    assert float(answer.text) == pytest.approx(-len(asked) * 5.57, rel=0.05), (
        "untrained: drawn from 262 tokens"
    )
