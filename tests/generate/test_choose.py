import pytest
import torch

from overtone.generate.choose import choose, draw
from overtone.generate.philox import uniform
from overtone.generate.request import Request

LOGITS = torch.tensor([0.5, 0.3, 0.15, 0.05]).log()


def counts(request, draws=4000):
    drawn = torch.tensor([draw(LOGITS, request, uniform(7, position)) for position in range(draws)])
    return torch.bincount(drawn, minlength=4) / draws


def test_draws_follow_the_distribution():
    assert torch.allclose(counts(Request((1,), 1, temperature=1.0)), LOGITS.exp(), atol=0.03)


def test_temperature_sharpens():
    wanted = (LOGITS / 0.5).softmax(-1)
    assert torch.allclose(counts(Request((1,), 1, temperature=0.5)), wanted, atol=0.03)


def test_top_p_keeps_the_smallest_set_that_reaches_it():
    shares = counts(Request((1,), 1, temperature=1.0, top_p=0.75))
    assert torch.allclose(shares, torch.tensor([0.625, 0.375, 0, 0]), atol=0.03)
    assert counts(Request((1,), 1, temperature=1.0, top_p=1e-9), draws=50)[0] == 1


def test_top_k_keeps_the_most_probable_and_top_p_cuts_what_it_keeps():
    shares = counts(Request((1,), 1, temperature=1.0, top_k=2))
    assert torch.allclose(shares, torch.tensor([0.625, 0.375, 0, 0]), atol=0.03)
    assert counts(Request((1,), 1, temperature=1.0, top_k=2, top_p=0.6), draws=50)[0] == 1


@pytest.mark.parametrize("number", [0.0, 1 - 2**-53])
def test_a_token_that_cannot_be_is_never_drawn(number):
    logits = torch.tensor([-torch.inf, 0.3, 0.1, -torch.inf])
    for top_p in (1.0, 0.999):
        assert draw(logits, Request((1,), 1, temperature=1.0, top_p=top_p), number) in (1, 2)


def test_zero_temperature_takes_the_most_probable_and_reports_its_natural_log_probability():
    (token,) = choose(LOGITS[None] + 3, [Request((1,), 1, alternatives=2)], [0], [None])
    assert token.id == 0 and abs(token.log_probability - float(LOGITS[0])) < 1e-6
    assert [number for number, _ in token.alternatives] == [0, 1]


def test_top_p_and_top_k_equal_the_definition_on_many_tokens():
    generator = torch.Generator().manual_seed(2)
    for spread in (0.01, 1.0, 6.0):
        logits = torch.randn(3000, generator=generator) * spread
        ordered, ids = logits.double().softmax(-1).sort(descending=True)
        for request in (
            Request((1,), 1, temperature=1.0, top_p=0.9),
            Request((1,), 1, temperature=1.0, top_p=0.4, top_k=50),
        ):
            shares = ordered[: request.top_k] / ordered[: request.top_k].sum()
            wanted = set(ids[: int((shares.cumsum(-1) - shares < request.top_p).sum())].tolist())
            drawn = {draw(logits, request, (place + 0.5) / 9000) for place in range(9000)}
            assert drawn <= wanted and len(drawn) > 0.8 * len(wanted)


def test_each_position_of_an_answer_has_a_draw_of_its_own():
    request = Request((1,), 1, temperature=1.0, seed=3)
    drawn = [choose(LOGITS[None], [request], [position], [None])[0].id for position in range(400)]
    assert torch.allclose(torch.bincount(torch.tensor(drawn), minlength=4) / 400, LOGITS.exp(), atol=0.08)
