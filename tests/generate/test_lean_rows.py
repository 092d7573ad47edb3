"""What the lean path promises: bits that depend on no neighbour, prompts shared, rows that come and go."""

import pytest
import torch

from overtone.generate import lean_rows
from overtone.generate.decode import Decoding
from overtone.generate.lean_rows import LeanRows
from overtone.generate.network import network_of
from overtone.generate.reading import CHUNK, shared
from overtone.generate.request import Request
from tests.generate.tiny import collect, ids, llama, reference

CONTEXT = 512
MODEL = llama(context=CONTEXT)
LONG = tuple(place * 7 % 250 for place in range(3 * CHUNK))
PROMPTS = [LONG, (*LONG[:150], 9), (5,), LONG[: 2 * CHUNK], LONG[:CHUNK], (7, 8, 9), (*LONG[:CHUNK], 4, 4)]


def logits_of(prompts, steps=70, newest=11):
    """Logits of every step and row, each row fed tokens of its own."""
    rows = LeanRows(MODEL)
    for row, prompt in enumerate(prompts):
        rows.add(row, Request(prompt, steps))
    made = [[] for _ in prompts]
    with torch.inference_mode():
        while min(map(len, made)) < steps:
            fed = {row: (len(made[row]) * newest + len(prompts[row])) % 250 for row in range(len(prompts))}
            ready, logits = rows.forward(fed)
            for row, values in zip(ready, logits, strict=True):
                made[row].append(values.clone())
    return [row[:steps] for row in made]


def test_the_bits_of_a_row_depend_on_no_other_row():
    together = logits_of(PROMPTS)
    for prompt, row in zip(PROMPTS, together, strict=True):
        (alone,) = logits_of([prompt])
        assert all(torch.equal(one, other) for one, other in zip(row, alone, strict=True))


def test_bits_hold_where_prompts_wait_for_their_turn(monkeypatch):
    wanted = logits_of(PROMPTS, steps=5)
    monkeypatch.setattr(lean_rows, "READ_TOKENS", CHUNK)
    for row, other in zip(wanted, logits_of(PROMPTS, steps=5), strict=True):
        assert all(torch.equal(one, two) for one, two in zip(row, other, strict=True))


def test_seeded_tokens_are_the_same_alone_and_in_a_batch_of_different_lengths():
    requests = [
        Request(prompt, 30, temperature=1.1, top_p=0.9 if row % 2 else 1.0, seed=row)
        for row, prompt in enumerate(PROMPTS)
    ]
    together, _ = collect(Decoding(MODEL, requests, CONTEXT), len(requests))
    alone = [collect(Decoding(MODEL, [request], CONTEXT), 1)[0][0] for request in requests]
    assert together == alone  # log-probabilities too


@pytest.mark.parametrize(
    ("prompt", "other", "count"),
    [
        (LONG, LONG, 2 * CHUNK),
        (LONG[: CHUNK + 1], LONG, CHUNK),
        (LONG[:CHUNK], LONG, 0),
        ((*LONG[:150], 9, 9), LONG, 2 * CHUNK),
        ((1, *LONG), LONG, 0),
    ],
)
def test_whole_chunks_are_shared_and_the_last_token_is_read(prompt, other, count):
    assert shared(prompt, other) == count


def test_a_common_beginning_is_read_once(monkeypatch):
    read = []
    real = lean_rows.forward
    monkeypatch.setattr(
        lean_rows,
        "forward",
        lambda network, spans: read.append([len(span.tokens) for span in spans]) or real(network, spans),
    )
    prompts = [(*LONG, row, row) for row in range(6)]
    made, _ = collect(Decoding(MODEL, [Request(prompt, 1) for prompt in prompts], CONTEXT), 6)
    assert sum(map(sum, read)) == len(LONG) + 6 * 2
    assert [ids(row) for row in made] == [reference(MODEL, prompt, 1) for prompt in prompts]


def test_a_donor_that_leaves_early_is_done_without():
    decoding = Decoding(MODEL, [Request(LONG, 5), Request((*LONG, 1), 5)], CONTEXT)
    decoding.leave([0])
    made, _ = collect(decoding, 2)
    assert ids(made[1]) == reference(MODEL, (*LONG, 1), 5) and not made[0]


def test_rows_join_and_leave_between_steps():
    decoding = Decoding(MODEL, [Request(LONG, 40), Request((5,), 8)], CONTEXT)
    made: dict[int, list[int]] = {}
    for number, steps in enumerate(decoding):
        for step in steps:
            made.setdefault(step.row, []).append(step.token.id)
        if number == 3:
            assert decoding.join([Request((7, 8), 12), Request((*LONG, 3), 12)]) == range(2, 4)
        if number == 10:
            decoding.leave([2])
    assert made[0] == reference(MODEL, LONG, 40)
    assert made[1] == reference(MODEL, (5,), 8)
    assert 4 < len(made[2]) < 12 and made[2] == reference(MODEL, (7, 8), 12)[: len(made[2])]
    assert made[3] == reference(MODEL, (*LONG, 3), 12)


def test_rows_far_apart_in_length_stand_in_blocks_of_their_own():
    decoding = Decoding(MODEL, [Request(LONG * 2, 4), Request((5,), 20), Request((6,), 20)], CONTEXT)
    decoding.step()
    while len(decoding._newest) < 3:
        decoding.step()
    assert sorted(block.rows for block in decoding._rows._blocks) == [[0], [1, 2]]


def test_changed_weights_are_packed_anew():
    model = llama(seed=5)
    before = network_of(model)
    assert network_of(model) is before
    with torch.no_grad():
        model.model.layers[0].mlp.up_proj.weight.mul_(-1)
    changed = network_of(model)
    assert changed is not before
    model.model.layers[1].self_attn.o_proj.weight.data.mul_(-1)  # no version counts this
    assert network_of(model) is not changed
    made, _ = collect(Decoding(model, [Request((1, 2), 20)], 96), 1)
    assert ids(made[0]) == reference(model, (1, 2), 20)
