import pytest
import torch

from overtone.generate.decode import Decoding
from overtone.generate.request import Request
from tests.generate.tiny import CONTEXT, collect, gpt2, ids, llama, reference

# peft 0.21 asks a transformers model for this name, which transformers 5.23 deprecates
pytestmark = pytest.mark.filterwarnings("ignore:`is_gradient_checkpointing` is deprecated:FutureWarning")

PROMPTS = [(5, 6, 7), (9,), (11, 12, 13, 14, 15, 16, 17, 18, 19), (200, 3)]


def run(model, requests, context=CONTEXT):
    return collect(Decoding(model, requests, context), len(requests))


def adapted():
    import peft

    model = peft.get_peft_model(llama(), peft.LoraConfig(target_modules=["q_proj", "v_proj"], r=4))
    generator = torch.Generator().manual_seed(1)
    for name, weight in model.named_parameters():
        if "lora_B" in name:
            weight.data.normal_(std=0.3, generator=generator)
    return model.eval()


@pytest.mark.parametrize("build", [llama, gpt2, adapted])
def test_greedy_tokens_of_a_ragged_batch_equal_the_models_own_generation(build):
    model = build()
    made, finishes = run(model, [Request(prompt, 30) for prompt in PROMPTS])
    assert [ids(tokens) for tokens in made] == [reference(model, prompt, 30) for prompt in PROMPTS]
    assert finishes == ["length"] * 4
    assert len({token for tokens in made for token in ids(tokens)}) > 10  # the model says more than one thing


def test_rows_that_end_leave_and_the_others_go_on_unchanged():
    model = llama()
    full, _ = run(model, [Request(prompt, 30) for prompt in PROMPTS])
    end = full[2][4].id
    made, finishes = run(
        model,
        [Request(prompt, 30 - 7 * row, end=frozenset({end})) for row, prompt in enumerate(PROMPTS)],
    )
    for row, tokens in enumerate(ids(row) for row in full):
        wanted = tokens[: 30 - 7 * row]
        if end in wanted:
            wanted = wanted[: wanted.index(end) + 1]
        assert ids(made[row]) == wanted
        assert finishes[row] == ("stop" if wanted[-1] == end else "length")
    assert finishes[2] == "stop"


def test_a_row_can_be_taken_out_and_its_cache_goes():
    decoding = Decoding(llama(), [Request(prompt, 30) for prompt in PROMPTS], CONTEXT)
    decoding.step()
    decoding.leave([0, 2])
    assert [step.row for step in decoding.step()] == [1, 3]
    assert [block.rows for block in decoding._rows._blocks] == [[3, 1]]
    decoding.leave([1, 3])
    assert decoding.step() == []


def test_the_context_ends_an_answer():
    made, finishes = run(llama(), [Request((1, 2, 3), 1000)], context=10)
    assert len(made[0]) == 7 and finishes == ["length"]
    with pytest.raises(ValueError, match="10 prompt tokens leave no room in a context of 10"):
        Decoding(llama(), [Request(tuple(range(10)), 1)], 10)


def test_log_probabilities_and_alternatives_equal_a_forward_pass():
    model = llama()
    made, _ = run(
        model, [Request(prompt, 12, alternatives=3 * (row % 2)) for row, prompt in enumerate(PROMPTS)]
    )
    for prompt, tokens, wanted in zip(PROMPTS, made, (0, 3, 0, 3), strict=True):
        with torch.inference_mode():
            values = model(torch.tensor([[*prompt, *ids(tokens)]])).logits[0].log_softmax(-1)
        for place, token in enumerate(tokens, start=len(prompt) - 1):
            assert token.log_probability == pytest.approx(float(values[place, token.id]), abs=1e-5)
            assert [number for number, _ in token.alternatives] == values[place].topk(wanted).indices.tolist()
            assert all(
                number == pytest.approx(float(values[place, key]), abs=1e-5)
                for key, number in token.alternatives
            )


def test_a_seed_gives_the_same_tokens_alone_and_in_a_batch_of_32():
    model = llama()
    requests = [
        Request(PROMPTS[seed % 4], 20, temperature=1.2, top_p=0.9 if seed % 2 else 1.0, seed=seed)
        for seed in range(32)
    ]
    together, _ = run(model, requests)
    alone = [run(model, [request])[0][0] for request in requests]
    assert [ids(row) for row in together] == [ids(row) for row in alone]
    assert len({tuple(ids(row)) for row in together}) == 32
