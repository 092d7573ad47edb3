"""A text's log-probability is that of plain full logits, and the end token counts."""

import math

import pytest
import torch

from overtone.core.example import Message, Question
from overtone.generate.text_scorer import TextScorer
from overtone.models.base import load_base


@pytest.mark.parametrize("family", ["llama", "gpt2", "falcon"])
def test_it_is_the_sum_over_all_tokens_behind_the_start(small_base, family):
    base = load_base(str(small_base(family)))
    first, long = TextScorer(base).answer([Question("1", text="some text"), Question("2", text="x" * 500)])
    tokens = torch.tensor([[1, *base.tokenizer("some text", add_special_tokens=False)["input_ids"], 2]])
    with torch.no_grad():
        logs = base.model(input_ids=tokens).logits[0, :-1].log_softmax(-1)
    assert float(first.text) == pytest.approx(logs.gather(1, tokens[0, 1:, None]).sum().item(), rel=1e-5)
    assert first.prompt_tokens == tokens.shape[1]
    assert long.text is None and "502 tokens" in long.error


def test_without_a_start_token_the_first_token_is_one_of_all(small_base):
    base = load_base(str(small_base("llama")))
    with_start = float(TextScorer(base).answer([Question("1", text="a")])[0].text)
    base.tokenizer.bos_token = None
    (answer,) = TextScorer(base).answer([Question("1", text="a")])
    tokens = base.tokenizer("a", add_special_tokens=False)["input_ids"]
    (values,) = TextScorer(base).score([(tokens, [2])])
    assert float(answer.text) == pytest.approx(values[0] - math.log(262))
    assert float(answer.text) != with_start


def test_a_conversation_is_answered_in_writing(small_base):
    scorer = TextScorer(load_base(str(small_base("llama"))), max_tokens=2)
    asked = [Question("1", messages=(Message("user", "hi"),)), Question("2", text="a")]
    written, scored = scorer.answer(asked)
    assert written.completion_tokens and not scored.completion_tokens
    assert float(scored.text) < 0
