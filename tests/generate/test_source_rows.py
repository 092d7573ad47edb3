"""Encoder-decoders write on the same engine: greedy tokens are the library's own, draws are each request's own."""

from pathlib import Path

import pytest
import torch
import transformers
from transformers import AutoConfig

from overtone.core.example import Message, Question
from overtone.engine.score import log_probabilities, total_log_probability
from overtone.generate.constraint import Choice
from overtone.generate.decode import Decoding
from overtone.generate.prompt import read_prompt
from overtone.generate.request import Request
from overtone.generate.writer import Writer
from overtone.methods.prompt import Prompt
from overtone.models.base import Base, load_base
from overtone.models.describe import Description
from overtone.models.families import FAMILIES
from overtone.models.template import encode_prompt
from tests.engine.rows import near
from tests.generate.tiny import collect, ids
from tests.small import CONTEXT, SHAPES, tokenizer, write_base

KIND = [name for name, family in FAMILIES.items() if family.kind == "encoder-decoder"]
WIDE = {
    "bart": {"init_std": 0.3},
    "t5": {"initializer_factor": 2.0},
}  # so that answers are not one token for ever
SOURCES = [
    (*((3 * place + row) % 250 + 5 for place in range(size)), 2) for row, size in enumerate((3, 90, 1, 40))
]
everywhere = pytest.mark.parametrize("model_type", KIND)


def build(model_type):
    shape = {**SHAPES[model_type], **WIDE[model_type]}
    config = AutoConfig.for_model(
        model_type, **shape, vocab_size=262, pad_token_id=0, bos_token_id=1, eos_token_id=2
    )
    torch.manual_seed(1)
    return transformers.AutoModelForSeq2SeqLM.from_config(config).eval()


def run(model, requests, context=CONTEXT):
    return collect(Decoding(model, requests, context, tokenizer()), len(requests))


def reference(model, source, count):
    """What the library's own greedy decoding writes behind the start token."""
    written = model.generate(
        input_ids=torch.tensor([source]),
        max_new_tokens=count,
        do_sample=False,
        eos_token_id=None,
        forced_eos_token_id=None,
    )
    return written[0, 1:].tolist()


@everywhere
def test_greedy_tokens_of_a_ragged_batch_are_the_librarys(model_type):
    model = build(model_type)
    made, finishes = run(model, [Request(source, 30) for source in SOURCES])
    assert [ids(row) for row in made] == [reference(model, source, 30) for source in SOURCES]
    assert len({token for row in made for token in ids(row)}) > 5
    assert finishes == ["length"] * 4


def begun(model_type):
    """Behind a learned prompt that what it writes depends on."""
    body = Prompt(tokens=6).attach(build(model_type), 0)
    with torch.no_grad():
        for weight in body.prompt_encoder.parameters():
            weight.add_(torch.randn_like(weight))
    return body.eval()


def library_answer(body, source, count):
    """The same token by token by PEFT's own forward pass."""
    written = [body.config.decoder_start_token_id]
    with torch.no_grad():
        for _ in range(count):
            output = body(input_ids=torch.tensor([source]), decoder_input_ids=torch.tensor([written]))
            written.append(int(output.logits[0, -1].argmax()))
    return written[1:]


@everywhere
def test_a_learned_prompt_stands_before_every_source(model_type):
    body = begun(model_type)
    wanted = [library_answer(body, source, 12) for source in SOURCES]
    for sources, answers in ((SOURCES, wanted), (SOURCES[3:], wanted[3:])):
        made, _ = run(body, [Request(source, 12) for source in sources])
        assert [ids(row) for row in made] == answers
    plain, _ = run(body.get_base_model(), [Request(source, 12) for source in SOURCES])
    assert [ids(row) for row in plain] != wanted
    source, answer = SOURCES[3], wanted[3]
    read = read_prompt(body, (*source, *answer))
    (scored,) = log_probabilities(body, [(source, answer)])
    assert [piece.id for piece in read] == answer
    assert [piece.log_probability for piece in read] == pytest.approx(scored, abs=1e-5)


@everywhere
def test_a_learned_prompt_has_the_gradients_of_the_library(model_type):
    body, targets = begun(model_type), [[9, 8, 7, 2], [4, 5]]
    weights = [weight for weight in body.parameters() if weight.requires_grad]
    rows = [[*source, *target] for source, target in zip(SOURCES, targets, strict=False)]
    learned = [
        [False] * len(source) + [True] * len(target) for source, target in zip(SOURCES, targets, strict=False)
    ]
    found = torch.autograd.grad(total_log_probability(body, rows, learned), weights)
    total = torch.zeros(())
    for source, target in zip(SOURCES, targets, strict=False):
        fed = [body.config.decoder_start_token_id, *target[:-1]]
        output = body(input_ids=torch.tensor([source]), decoder_input_ids=torch.tensor([fed]))
        total = total + output.logits[0].log_softmax(-1).gather(1, torch.tensor(target)[:, None]).sum()
    for one, other in zip(found, torch.autograd.grad(total, weights), strict=True):
        assert other.norm() > 0
        assert near(one, other, 2e-5)


@everywhere
def test_rows_leave_join_and_go_on_from_what_is_written(model_type):
    model = build(model_type)
    full = [ids(row) for row in run(model, [Request(source, 20) for source in SOURCES])[0]]
    begun = [(*source, *row[:size]) for source, row, size in zip(SOURCES, full, (0, 5, 5, 9), strict=True)]
    decoding = Decoding(model, [Request(prompt, 4 + row) for row, prompt in enumerate(begun[:3])], CONTEXT)
    first = decoding.step()
    decoding.join([Request(begun[3], 6)])
    made = {row: [] for row in range(4)}
    for step in [*first, *(step for steps in decoding for step in steps)]:
        made[step.row].append(step.token.id)
    sizes = zip((0, 5, 5, 9), (4, 5, 6, 6), strict=True)
    assert list(made.values()) == [row[at : at + size] for row, (at, size) in zip(full, sizes, strict=True)]


@everywhere
def test_a_seed_gives_the_same_tokens_alone_and_in_a_batch(model_type):
    model = build(model_type)
    requests = [Request(SOURCES[seed % 4], 12, temperature=1.3, top_p=0.95, seed=seed) for seed in range(12)]
    together, _ = run(model, requests)
    assert [ids(row) for row in together] == [ids(run(model, [one])[0][0]) for one in requests]
    assert len({tuple(ids(row)) for row in together}) == 12


@everywhere
def test_the_source_takes_no_room_from_the_answer(model_type):
    model = build(model_type)
    long = (*[5] * (CONTEXT - 1), 2)
    made, finishes = run(model, [Request(long, 1000)])
    assert (len(made[0]), finishes) == (CONTEXT, ["length"])
    with pytest.raises(ValueError, match="129 prompt tokens leave no room in a context of 128"):
        run(model, [Request((5, *long), 1)])
    begun = (5, 2, *[6] * 100)
    assert len(run(model, [Request(begun, 1000)])[0][0]) == CONTEXT - 100


@everywhere
def test_answers_may_be_held_to_a_form(model_type):
    model = build(model_type)
    made, finishes = run(
        model, [Request(SOURCES[0], 20, constraint=Choice(("yes", "no")), end=frozenset({2}))]
    )
    assert tokenizer().decode(ids(made[0]), skip_special_tokens=True) in ("yes", "no")
    assert finishes == ["stop"]


def base_of(model):
    name = model.config.model_type
    return Base(
        Description(name, Path(name), name, "encoder-decoder", CONTEXT, 32, False), model, tokenizer()
    )


@everywhere
def test_what_is_read_is_what_is_scored_and_what_was_written(model_type):
    writer = Writer(base_of(build(model_type)))
    source, rest = SOURCES[3], (9, 8, 7, 2)
    read = writer.read((*source, *rest), alternatives=2)
    assert [token.id for token in read] == list(rest)
    assert [token.log_probability for token in read] == pytest.approx(
        writer.score([(source, rest)])[0], abs=1e-5
    )
    assert writer.read(source) == []
    written = [piece.token for piece in writer.stream(Request(source, 5))]
    again = writer.read((*source, *ids(written)))
    assert [token.log_probability for token in again] == pytest.approx(
        [token.log_probability for token in written], abs=1e-5
    )


@everywhere
def test_answers_keep_their_order_and_equal_single_answers(model_type):
    writer = Writer(base_of(build(model_type)), max_tokens=12, system_prompt="Be brief.")
    questions = [Question(str(size), text="why? " * size) for size in (1, 9, 30, 6)]
    answers = writer.answer(questions)
    assert answers[2].error == "the prompt has 176 tokens, the context holds 128 with the answer"
    for place in (0, 1, 3):
        assert answers[place].text == writer.answer([questions[place]])[0].text
        turns = [Message("system", "Be brief."), Message("user", questions[place].text)]
        assert answers[place].prompt_tokens == len(encode_prompt(writer.base, turns))


def test_adapters_of_single_requests_are_refused(tmp_path):
    from overtone.core.errors import UserError
    from overtone.generate.adapters import Adapter

    model = load_base(str(write_base(tmp_path, "t5"))).model
    with pytest.raises(UserError, match="the family 't5' cannot answer with an adapter for each request"):
        Decoding(model, [Request((5, 2), 3, adapter=Adapter({}))], CONTEXT)
