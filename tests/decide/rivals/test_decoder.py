"""The rivals on a decoder: likelihood of labels, plain prompt, examples and documents in the prompt."""

import math
from dataclasses import replace
from pathlib import Path
from shutil import copytree

import pytest

from overtone.core.errors import UserError
from overtone.core.example import Message, Question
from overtone.decide.prompt import with_shots
from overtone.decide.rivals.few_shot import FewShot
from overtone.decide.rivals.fine_tune import FineTune
from overtone.decide.rivals.retrieval import Retrieval
from overtone.decide.rivals.zero_shot import ZeroShot
from overtone.decide.shots import NearestShots, Shown
from overtone.engine.pack import pack
from overtone.engine.score import log_probabilities
from overtone.generate.reading import CHUNK
from overtone.models.base import load_base
from overtone.models.template import encode_prompt
from overtone.models.text import encode_plain
from overtone.retrieve.bm25 import Bm25Index
from overtone.train.stage import Stage
from tests.decide.materials import DOCUMENTS, ROWS, TunedFake, answering, sorting
from tests.small import edit_json

CARD = Question("q", text="my card is late", messages=())
CHAT = Question("q", messages=(Message("user", "slow wifi"),))


def test_zero_shot_scores_each_label_by_its_mean_log_probability(small_base):
    folder = small_base("llama")
    rival = ZeroShot(instruction="Of {labels}?", names={"slow_wifi": "wifi"})
    answer = rival.prepare(sorting(folder)).answer([CARD])[0]
    base = load_base(str(folder))
    prompt = encode_prompt(base, (Message("user", "Of card arrival, wifi?\n\nmy card is late"),))
    rows = log_probabilities(
        base.model, [(prompt, encode_plain(base, name)) for name in ("card arrival", "wifi")]
    )
    weights = [math.exp(sum(row) / len(row)) for row in rows]
    assert answer.probabilities["slow_wifi"] == pytest.approx(weights[1] / sum(weights), rel=1e-4)
    assert answer.prompt_tokens == len(prompt)  # read once for both labels


def test_labels_of_many_questions_are_scored_as_one_by_one(small_base):
    system = ZeroShot(instruction="Of {labels}?").prepare(sorting(small_base("llama")))
    texts = ["my card is late", "wifi", "my card is lost", "long " * 60]
    together = system.answer([replace(CARD, text=text) for text in texts])
    for text, answer in zip(texts, together, strict=True):
        alone = system.answer([replace(CARD, text=text)])[0]
        assert answer.error == alone.error and (answer.error is None) == (text != texts[3])
        assert answer.probabilities == (alone.probabilities and pytest.approx(alone.probabilities, rel=1e-4))


def test_few_shot_shows_as_many_rows_as_fit_the_nearest_last(small_base):
    rival = FewShot(instruction="{labels}?", examples=3)
    system = rival.prepare(sorting(small_base("llama")))
    turns = system.prompts([CARD])[0].messages
    assert len(system.system.encode(turns)) <= system.room
    assert turns[0].content.startswith("card arrival, slow wifi?\n\n")
    assert turns[-1] == Message("user", "my card is late")
    assert turns[-2] == Message("assistant", "card arrival")
    two = FewShot(instruction="", examples=2).prepare(sorting(small_base("llama")))
    shown = two.prompts([Question("q", text="wifi is slow card")])[0].messages
    assert [turn.content for turn in shown[-5:]][1::2] == ["slow wifi", "slow wifi"]
    assert shown[-3].content == "wifi is slow"
    assert 3 <= len(turns) < 7  # the context of 128 holds fewer than the three asked for
    assert system.answer([CARD])[0].error is None


def test_a_prompt_over_the_context_is_an_error_and_not_cut(small_base):
    question = replace(CARD, text="long " * 60)
    for rival in (ZeroShot(), FewShot(examples=2)):
        answer = rival.prepare(sorting(small_base("llama"))).answer([question])[0]
        assert "the context holds" in answer.error
        assert answer.probabilities is None


def test_zero_shot_answers_write_to_the_plain_prompt(small_base):
    system = ZeroShot().prepare(answering(small_base("llama")))
    assert (system.max_tokens, system.system_prompt) == (8, None)
    assert system.answer([CHAT])[0].text is not None
    with pytest.raises(UserError, match="'names' of zero_shot is read where texts are sorted only"):
        ZeroShot(names={"a": "b"}).prepare(answering(small_base("llama")))


def test_few_shot_answers_see_solved_rows_as_turns(small_base):
    system = FewShot(examples=2).prepare(answering(small_base("llama")))
    shown = system.prompts([CHAT])[0].messages
    assert len(system.system.encode(shown)) <= 128 - 8
    assert [turn.role for turn in shown[-3:]] == ["user", "assistant", "user"]
    assert "wifi" in shown[-3].content
    rows = answering().train
    nearest = NearestShots(Bm25Index([row.input for row in rows]), rows)
    roomy = Shown(TunedFake(), nearest, 3, lambda asked, shots: with_shots(asked, shots).messages, 400)
    turns = roomy.prompts([CHAT])[0].messages
    assert [turn.content for turn in turns[:-1:2]] == [ROWS[place][0] for place in (5, 4, 3)]
    system.answer([CHAT])
    assert 0 < system.facts["examples_in_prompt"] <= 2


def test_retrieval_puts_documents_into_the_prompt_and_names_them(small_base):
    system = Retrieval(documents=1).prepare(answering(small_base("llama")))
    [question], [ids] = system.noted([CHAT])
    assert ids == ("router",)
    text = question.messages[-1].content
    assert text.endswith("Question: slow wifi")
    answers = system.answer([CHAT])
    assert answers[0].documents == ("router",)
    assert answers[0].error is None


def test_long_documents_are_cut_to_fit_and_counted(small_base):
    long = [replace(document, text=document.text * 20) for document in DOCUMENTS]
    system = Retrieval(documents=3).prepare(answering(small_base("llama"), documents=long))
    [question], [ids] = system.noted(
        [replace(CHAT, messages=(Message("user", "wifi router up high card bills"),))]
    )
    assert len(system.writer.encode(question.messages)) <= 128 - 8
    assert ids[0] == "router"
    assert system.facts["prompts_with_cut_documents"] == 1.0


def test_fine_tune_trains_the_plans_stages_into_its_own_folder():
    materials = answering()
    tuned = FineTune(label="mine").prepare(materials)
    assert tuned.call["stages"] is materials.stages
    assert tuned.call["train"] is materials.train
    assert tuned.call["folder"] == materials.folder / "mine"
    own = [Stage(epochs=1)]
    assert FineTune(stages=own).prepare(materials).call["stages"] == own


def test_tuning_with_documents_always_trains_on_the_gold_one(small_base):
    materials = answering(small_base("llama"))
    odd = replace(materials.train[0], messages=(Message("user", "wifi"), *materials.train[0].messages[1:]))
    # the nearest document to "wifi" is the router's; the row's own is the post's
    system = FineTune(documents=1).prepare(replace(materials, train=[odd]))
    turns = system.writer.call["train"][0].messages
    assert "Cards take a week" in turns[0].content
    assert "router" not in turns[0].content
    assert turns[-1] == odd.messages[-1]
    answer = system.answer([CHAT])[0]
    assert answer.documents == ("router",)
    assert "Put the router up high" in answer.text
    assert system.facts["trainable_parameters"] == 5.0


def test_examples_that_all_prompts_share_are_computed_once(small_base):
    rows = [replace(CARD, id=str(place), text=text) for place, (text, *_) in enumerate(ROWS)]
    shared = FewShot(instruction="", examples=2, choose="random").prepare(sorting(small_base("llama")))
    prompts = shared.prompts(rows)
    head = prompts[0].messages[:-1]
    assert len(head) == 4 and all(prompt.messages[:-1] == head for prompt in prompts)
    tokens = [shared.system.encode(prompt.messages) for prompt in prompts]
    own = sum(len(shared.system.encode((Message("user", row.text),))) for row in rows)
    assert len(pack(tokens).tokens) <= own + len(shared.system.encode(head))
    assert len(pack(tokens).tokens) < sum(map(len, tokens)) / 2


def test_a_prompt_with_room_for_fewer_begins_as_the_others_do(small_base):
    shared = FewShot(instruction="", examples=3, choose="random").prepare(sorting(small_base("llama")))
    short, long = shared.prompts([replace(CARD, text="wifi"), replace(CARD, text="wifi " * 12)])
    assert 1 < len(long.messages) < len(short.messages)
    assert short.messages[: len(long.messages) - 1] == long.messages[:-1]


def test_written_answers_read_what_their_prompts_share_once(small_base, tmp_path, monkeypatch):
    from overtone.generate import lean_rows

    roomy = Path(copytree(small_base("llama"), tmp_path / "roomy"))
    edit_json(roomy / "config.json", max_position_embeddings=1024)
    edit_json(roomy / "tokenizer_config.json", model_max_length=1024)
    passes, forward = [], lean_rows.forward

    def counted(network, spans):
        passes.append(sum(len(span.tokens) for span in spans))
        return forward(network, spans)

    monkeypatch.setattr(lean_rows, "forward", counted)
    long = [
        replace(row, messages=(Message("user", "w" * CHUNK), row.messages[1])) for row in answering().train
    ]
    system = FewShot(examples=2, choose="random").prepare(answering(roomy, train=long))
    asked = [replace(CHAT, id=str(row), messages=(Message("user", f"wifi {row}"),)) for row in range(6)]
    prompts = [system.system.encode(prompt.messages) for prompt in system.prompts(asked)]
    written = sum(answer.completion_tokens for answer in system.answer(asked))
    assert min(map(len, prompts)) > 2 * CHUNK
    assert (
        sum(passes) - written <= sum(map(len, prompts)) - 5 * 2 * CHUNK
    )  # five prompts copy two chunks each


def test_the_number_of_examples_and_documents_is_chosen_where_the_plan_names_none(small_base):
    told = []
    shown = FewShot(instruction="").prepare(sorting(small_base("llama"), watch=told.append))
    assert shown.facts["examples_wanted"] in (1, 2, 4, 8)
    assert told[-1].phase == "prepare few_shot" and "accuracy" in told[-1].numbers
    noted = Retrieval().prepare(answering(small_base("llama"), watch=told.append))
    assert noted.facts["documents_in_prompt"] in (1, 2, 4)
    assert "rouge_l" in told[-1].numbers


def test_an_index_is_read_where_the_nearest_rows_are_shown(small_base):
    with pytest.raises(UserError, match="'index' of few_shot is read where the nearest rows are shown only"):
        FewShot(choose="random", index={"name": "bm25", "b": 0.1}).prepare(sorting(small_base("llama")))
