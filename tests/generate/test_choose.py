import torch

from overtone.generate.choose import choose, draw
from overtone.generate.request import Request

LOGITS = torch.tensor([0.5, 0.3, 0.15, 0.05]).log()


def counts(request, draws=4000):
    generator = torch.Generator().manual_seed(7)
    drawn = torch.tensor([draw(LOGITS, request, generator) for _ in range(draws)])
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


def test_zero_temperature_takes_the_most_probable_and_reports_its_natural_log_probability():
    generator = torch.Generator()
    (token,) = choose(LOGITS[None] + 3, [Request((1,), 1, alternatives=2)], [generator])
    assert token.id == 0 and abs(token.log_probability - float(LOGITS[0])) < 1e-6
    assert [number for number, _ in token.alternatives] == [0, 1]
