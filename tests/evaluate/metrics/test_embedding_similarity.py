import pytest
import torch

from overtone.core.answer import Answer
from overtone.core.errors import UserError
from overtone.evaluate.metrics.embedding_similarity import EmbeddingSimilarity, similarity
from overtone.evaluate.token_similarity import matched
from overtone.models.base import load_base
from tests.evaluate.rows import WRITE, texts, written

PAIRS = [("turn it off", "turn it off"), ("turn it off", "switch it"), ("a", "something else, longer")]


@pytest.mark.parametrize("model_type", ["bert", "llama"])
def test_values_equal_the_formula_on_states_of_the_library(small_base, model_type):
    """States by the model's own forward pass, one text at a time; matching written out as loops."""
    name = str(small_base(model_type))
    base = load_base(name)

    def vectors(text):
        ids = base.tokenizer(text, return_tensors="pt")
        with torch.no_grad():
            hidden = base.model(**ids, output_hidden_states=True).hidden_states[-1][0]
        kept = [
            place for place, one in enumerate(ids.input_ids[0]) if one not in base.tokenizer.all_special_ids
        ]
        return torch.nn.functional.normalize(hidden[kept], dim=-1)

    def value(wanted, given):
        first, second = vectors(wanted), vectors(given)
        recall = sum(max(float(one @ other) for other in second) for one in first) / len(first)
        precision = sum(max(float(one @ other) for one in first) for other in second) / len(second)
        return 2 * precision * recall / (precision + recall) if min(precision, recall) > 0 else 0

    wanted, given = zip(*PAIRS, strict=True)
    found = EmbeddingSimilarity(base=name).rows(written(*wanted), texts(*given), WRITE)
    assert found == pytest.approx([value(*pair) for pair in PAIRS], abs=1e-4)
    assert found[0] == pytest.approx(1, abs=1e-5) and max(found[1:]) < 0.999


def test_a_failed_answer_has_nothing_and_a_pair_is_computed_once(small_base, monkeypatch):
    metric = EmbeddingSimilarity(base=str(small_base("bert")))
    examples, answers = written("one", "two"), [*texts("one"), Answer(error="late")]
    first = metric.rows(examples, answers, WRITE)
    monkeypatch.setattr(
        similarity(metric.base), "_states", lambda texts: {} if not texts else pytest.fail(str(texts))
    )
    assert metric.rows(examples, answers, WRITE) == first == [pytest.approx(1, abs=1e-5), 0.0]


def test_greedy_matching_by_hand():
    wanted, given = torch.eye(3)[:2], torch.eye(3)[[0, 2, 2]]
    assert matched(wanted, given) == pytest.approx(2 * (1 / 3) * (1 / 2) / (1 / 3 + 1 / 2))
    assert matched(torch.zeros(0, 3), given) == 0 and matched(torch.zeros(0, 3), torch.zeros(0, 3)) == 1
    assert matched(torch.eye(2)[:1], -torch.eye(2)[:1]) == 0


def test_a_base_that_cannot_be_read_is_refused_before_any_work(small_base):
    with pytest.raises(UserError, match="no base is called 'builtin:minlm'"):
        EmbeddingSimilarity(base="builtin:minlm").make_ready()
    with pytest.raises(UserError, match="reads an encoder or a decoder"):
        EmbeddingSimilarity(base=str(small_base("t5"))).make_ready()
    EmbeddingSimilarity(base=str(small_base("bert"))).make_ready()
