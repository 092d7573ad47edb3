import pytest
import torch

from overtone.core.example import Message, Question
from overtone.generate.pieces import pieces
from overtone.generate.prompt import read_prompt
from overtone.generate.request import Request
from overtone.generate.writer import Writer
from overtone.models.template import encode_answer, encode_prompt
from overtone.models.text import decode
from tests.generate.tiny import CONTEXT, base_of, gpt2, llama

BASE = base_of(llama())
QUESTIONS = [Question(str(size), text="why? " * size) for size in (1, 9, 3, 6)]


def joined(request, base=BASE):
    made = list(pieces(base, [request]))
    return "".join(piece.text for piece in made), made


def test_answers_keep_their_order_and_equal_single_answers():
    writer = Writer(BASE, max_tokens=20)
    together = writer.answer(QUESTIONS)
    assert [answer.text for answer in together] == [writer.answer([one])[0].text for one in QUESTIONS]
    assert len({answer.text for answer in together}) == 4
    for question, answer in zip(QUESTIONS, together, strict=True):
        prompt = encode_prompt(BASE, [Message("user", question.text)])
        assert answer.prompt_tokens == len(prompt)
        assert answer.completion_tokens == 20 and answer.finish == "length" and answer.seconds > 0


def test_a_prompt_beyond_the_context_is_an_error_with_both_numbers_and_the_rest_is_answered():
    long = Question("long", text="x" * 200)
    short, broken = Writer(BASE, max_tokens=4).answer([QUESTIONS[0], long])
    assert short.error is None and short.text is not None
    assert broken.text is None and broken.prompt_tokens == 203
    assert broken.error == f"the prompt has 203 tokens, the context holds {CONTEXT} with the answer"


def test_the_system_prompt_stands_in_front_unless_the_conversation_has_one():
    writer = Writer(BASE, system_prompt="be brief")
    user, own = Message("user", "hi"), Message("system", "own")
    assert writer.encode([user]) == tuple(encode_prompt(BASE, [Message("system", "be brief"), user]))
    assert writer.encode([own, user]) == tuple(encode_prompt(BASE, [own, user]))


def test_a_stop_string_ends_the_answer_and_is_not_in_it():
    prompt = tuple(BASE.tokenizer("go on")["input_ids"])
    whole, made = joined(Request(prompt, 40))
    assert whole == decode(BASE, [piece.token.id for piece in made])
    stop = whole[6:9]
    text, cut = joined(Request(prompt, 40, stop=(stop,)))
    assert text == whole[: whole.index(stop)] and cut[-1].finish == "stop" and len(cut) < len(made)


def test_an_end_token_is_counted_and_has_no_text():
    prompt = tuple(BASE.tokenizer("go on")["input_ids"])
    _, made = joined(Request(prompt, 40))
    end = made[5].token.id
    _, cut = joined(Request(prompt, 40, end=frozenset({end})))
    assert cut[-1].ends and cut[-1].finish == "stop" and len(cut) <= 6


def test_scores_and_prompt_reading_equal_a_forward_pass():
    writer = Writer(BASE)
    prompt, rest = list(range(40, 60)), list(range(60, 75))
    with torch.inference_mode():
        values = BASE.model(torch.tensor([prompt + rest])).logits[0].log_softmax(-1)
    wanted = [float(values[place, token]) for place, token in enumerate((prompt + rest)[1:])]
    assert writer.score([(prompt, rest)])[0] == pytest.approx(wanted[len(prompt) - 1 :], abs=1e-5)
    read = writer.read(prompt + rest, alternatives=2)
    assert [token.log_probability for token in read] == pytest.approx(wanted, abs=1e-5)
    assert [token.alternatives[0][0] for token in read] == values[:-1].argmax(-1).tolist()


@pytest.mark.parametrize("model", [llama(), gpt2()], ids=["lean", "library"])
def test_a_prompt_read_in_chunks_equals_the_prompt_read_at_once(monkeypatch, model):
    prompt = list(range(10, 90))  # longer than a chunk of the lean path
    monkeypatch.setattr("overtone.generate.prompt.CHUNK", 8)
    read = read_prompt(model, prompt)
    with torch.inference_mode():
        values = model(torch.tensor([prompt])).logits[0].log_softmax(-1)
    assert [token.id for token in read] == prompt[1:]
    wanted = [float(values[place, token]) for place, token in enumerate(prompt[1:])]
    assert [token.log_probability for token in read] == pytest.approx(wanted, abs=1e-5)
    assert read_prompt(model, prompt[:1]) == []


def test_the_likelihood_of_an_answer_is_that_of_its_tokens_and_its_end():
    writer = Writer(BASE)
    answers = ["because.", "x", "y" * CONTEXT, "so"]
    found = writer.likelihoods(QUESTIONS, answers)
    assert found[2] is None  # no room
    for place in (0, 1, 3):
        turns = (Message("user", QUESTIONS[place].text), Message("assistant", answers[place]))
        prompt, answer = encode_answer(BASE, turns)
        assert answer[-1] in writer.end
        ids = torch.tensor([[*prompt, *answer]])
        with torch.inference_mode():
            logs = BASE.model(ids).logits[0].double().log_softmax(-1)
        told = sum(logs[len(prompt) + step - 1, token].item() for step, token in enumerate(answer))
        assert found[place] == pytest.approx(told, rel=1e-5)
