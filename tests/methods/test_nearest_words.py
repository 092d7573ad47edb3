"""The words that a learned prompt is nearest to."""

from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from torch.nn.functional import cosine_similarity

from overtone.core.errors import UserError
from overtone.methods import nearest_words as module
from overtone.methods.nearest_words import nearest_words
from overtone.methods.p_tuning import PTuning
from overtone.methods.prefix import Prefix
from overtone.methods.prompt import Prompt
from overtone.models.base import load_base

SmallBase = Callable[[str], Path]


@pytest.mark.parametrize("kind", [Prompt, PTuning])
def test_a_prompt_at_its_start_is_nearest_to_its_own_words(small_base: SmallBase, kind: type[Prompt]) -> None:
    base = load_base(str(small_base("llama")))
    body = kind(tokens=4, text="go a").attach(base.model, 0)
    rows = nearest_words(body, base.tokenizer)
    assert [row[0].word for row in rows] == ["g", "o", "_", "a"]
    assert all(row[0].cosine == pytest.approx(1.0, abs=1e-5) for row in rows)


def test_cosines_order_the_vocabulary_whatever_its_chunks(
    small_base: SmallBase, monkeypatch: pytest.MonkeyPatch
) -> None:
    base = load_base(str(small_base("gpt2")))
    body = Prompt(tokens=3).attach(base.model, 0)
    torch.manual_seed(3)
    with torch.no_grad():
        body.prompt_encoder["default"].embedding.weight.normal_()  # type: ignore[index, union-attr, operator]
    row = body.prompt_encoder["default"].embedding.weight[1]  # type: ignore[index, union-attr]
    every = cosine_similarity(row[None], base.model.get_input_embeddings().weight)
    every[base.tokenizer.all_special_ids] = -1
    wanted = [base.tokenizer.decode([token]) for token in every.topk(2).indices.tolist()]
    monkeypatch.setattr(module, "CHUNK", 50)
    found = nearest_words(body, base.tokenizer, 2)[1]
    assert [near.word for near in found] == [text.replace(" ", "_").strip() or repr(text) for text in wanted]
    assert [near.cosine for near in found] == pytest.approx(every.topk(2).values.tolist(), abs=1e-5)


def test_control_tokens_are_left_out(small_base: SmallBase) -> None:
    base = load_base(str(small_base("llama")))
    body = Prompt(tokens=1).attach(base.model, 0)
    start = base.model.get_input_embeddings().weight[1:2]
    with torch.no_grad():
        body.prompt_encoder["default"].embedding.weight.copy_(start)  # type: ignore[index, union-attr, operator]
    assert nearest_words(body, base.tokenizer, 1)[0][0].word not in base.tokenizer.all_special_tokens


def test_the_report_gets_a_line_for_each_row(small_base: SmallBase) -> None:
    base = load_base(str(small_base("llama")))
    method = Prompt(tokens=2, text="go")
    facts = method.facts(method.tuned(base, method.attach(base.model, 0)))
    (told,) = facts.values()
    first, second = told.split("\n")
    assert first.startswith("g 1.00 / ") and second.startswith("o 1.00 / ")


def test_keys_and_values_have_no_words(small_base: SmallBase) -> None:
    base = load_base(str(small_base("llama")))
    with pytest.raises(
        UserError, match="only a learned prompt has nearest words: tune with the method prompt"
    ):
        nearest_words(Prefix(tokens=2).attach(base.model, 0), base.tokenizer)
