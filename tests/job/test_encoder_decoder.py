"""A whole run on an encoder-decoder: rivals, tuning, parity, and the published model in use."""

import json

import pytest
from safetensors.torch import load_file

import overtone
from overtone import api
from overtone.core.errors import UserError
from overtone.core.example import Example, Message
from overtone.core.tasks.answer import AnswerTask
from overtone.job.candidate import take_references
from overtone.models.base import load_base
from overtone.models.source import FORM
from overtone.train.stage import Stage
from overtone.train.tune import Tuning, make_rows, objective_of, start
from tests.job.conftest import carry_out
from tests.job.plans import LORA, WORDS, rows, save_plan, write_answering, write_jsonl, write_sorting
from tests.job.test_run import PLACES
from tests.small import edit_json, write_base


def roomy(folder):
    """A T5 whose context holds some examples, at one token a byte."""
    write_base(folder, "t5", template=False)
    edit_json(folder / "config.json", n_positions=512)
    edit_json(folder / "tokenizer_config.json", model_max_length=512)
    return folder


@pytest.fixture(scope="module")
def reading(tmp_path_factory):
    """T5 with prompts, completions and documents, by adapters."""
    folder = tmp_path_factory.mktemp("reading")
    plan = write_answering(folder, roomy(folder / "t5"))
    document = json.loads(plan.read_text())
    del document["decide"]  # all that fit
    return carry_out(save_plan(plan, document))


@pytest.fixture(scope="module")
def talking(tmp_path_factory):
    """BART with conversations, tuned whole."""
    folder = tmp_path_factory.mktemp("talking")
    turns = [
        [
            ("user", "hello"),
            ("assistant", "and?"),
            ("user", row["text"]),
            ("assistant", f"{row['label']} it is"),
        ]
        for row in rows(60)
    ]
    written = [{"messages": [{"role": role, "content": text} for role, text in talk]} for talk in turns]
    write_jsonl(folder / "talks.jsonl", written)
    plan = {
        "task": {"name": "answer", "max_tokens": 16},
        "base": str(write_base(folder / "bart", "bart", template=False)),
        "data": "talks.jsonl",
        "stages": [{**LORA, "method": "full", "learning_rate": 1e-2, "epochs": 20}],
        "decide": {"rivals": ["fine_tune", "zero_shot"]},
    }
    return carry_out(save_plan(folder / "plan.yaml", plan))


def beside(folder, family, method):
    """A base that stays as it is, with what learns in or beside its decoder."""
    write_jsonl(
        folder / "rows.jsonl", [{"prompt": row["text"], "completion": row["label"]} for row in rows(60)]
    )
    plan = {
        "task": {"name": "answer", "max_tokens": 8},
        "base": str(write_base(folder / family, family, template=False)),
        "data": "rows.jsonl",
        "stages": [{**LORA, "method": method, "learning_rate": 0.03, "epochs": 6}],
        "decide": {"rivals": ["fine_tune", "zero_shot"]},
    }
    return carry_out(save_plan(folder / "plan.yaml", plan))


@pytest.fixture(scope="module")
def prefixed(tmp_path_factory):
    """T5 with learned keys and values before what it writes."""
    return beside(tmp_path_factory.mktemp("prefixed"), "t5", {"name": "prefix", "tokens": 4})


@pytest.fixture(scope="module")
def columned(tmp_path_factory):
    """BART with a column beside its decoder."""
    return beside(tmp_path_factory.mktemp("columned"), "bart", "column")


@pytest.fixture(params=["reading", "talking"])
def job(request):
    return request.getfixturevalue(request.param)


def test_every_rival_that_fits_is_measured(reading):
    wanted = ["canned_reply", "zero_shot", "few_shot", "prompt_search", "retrieval", "fine_tune"]
    wanted.append("fine_tune_retrieval")
    assert sorted(system["name"] for system in reading.contents["systems"]) == sorted(wanted)
    assert all(system["failed"] == 0 for system in reading.contents["systems"])


def test_the_published_model_answers_alike_everywhere(job):
    places = job.contents["parity"]
    assert [place["place"] for place in places] == PLACES
    assert all(place["ok"] for place in places)
    assert places[0]["largest_difference"] == 0


def test_the_run_says_how_it_was_trained(job):
    assert "objective" in job.contents["plan"] and job.contents["plan"]["objective"] == "text_to_text"
    tuned = next(system for system in job.contents["systems"] if system["name"] == "fine_tune")
    assert "trained in the padded layout" in tuned["note"]
    assert any("reads sources and writes targets" in event.message for event in job.events)


@pytest.mark.parametrize(
    ("name", "learned"), [("prefixed", {"prompt_embeddings"}), ("columned", {"decoder"})]
)
def test_what_stands_beside_the_base_learns_alone_and_answers_alike(request, tmp_path, name, learned):
    job = request.getfixturevalue(name)
    (file,) = (job.folder / "adapter").glob("*.safetensors")
    assert {name.split(".")[0] for name in load_file(file)} == learned
    loss = next(curve for curve in job.contents["curves"] if curve["part"] == "train")["points"]
    assert loss[-1][1] < loss[0][1] - 0.1
    places = {place["place"]: place for place in job.contents["parity"]}
    assert list(places) == [place for place in PLACES if place != "merged"]
    assert all(place["ok"] for place in places.values())
    assert places[PLACES[0]]["largest_difference"] == 0
    write_jsonl(tmp_path / "new.jsonl", [{"prompt": row["text"]} for row in rows(3, first=200)])
    found = overtone.predict(job.folder, tmp_path / "new.jsonl")
    assert [row["error"] for row in found] == [""] * 3 and all(row["prediction"] for row in found)


def test_it_learns_to_answer(talking):
    scores = {system["name"]: system["scores"]["rouge_l"]["value"] for system in talking.contents["systems"]}
    assert scores["fine_tune"] > 0.6 > 0.2 > scores["zero_shot"]
    loss = next(curve for curve in talking.contents["curves"] if curve["part"] == "train")["points"]
    assert loss[-1][1] < loss[0][1] / 3


def test_the_published_model_answers_rows_of_a_file(talking, tmp_path):
    write_jsonl(tmp_path / "new.jsonl", [{"prompt": row["text"]} for row in rows(3, first=200)])
    found = overtone.predict(talking.folder, tmp_path / "new.jsonl")
    assert [row["error"] for row in found] == [""] * 3
    assert all(row["prediction"].split(" ")[0] in WORDS for row in found)


def test_data_show_tells_the_form_and_colours_the_answer(reading, talking):
    for job, file, read in (
        (reading, "answers.jsonl", "<|begin|>{text}<|end|>"),
        (talking, "talks.jsonl", "<|begin|>user: hello\nassistant: and?\nuser: {text}<|end|>"),
    ):
        base = str(next(path for path in job.plan.parent.glob("*/config.json")).parent)
        seen = api.show_data(job.plan.parent / file, base=base, rows=1)
        row = rows(1)[0]
        assert seen["form"] == FORM
        pieces = seen["examples"][0]["pieces"]
        assert "".join(text for text, trained in pieces if not trained) == read.format(text=row["text"])
        learned = "".join(text for text, trained in pieces if trained)
        assert learned == f"<|begin|>{row['label']} it is<|end|>"


@pytest.mark.parametrize(
    ("stage", "said"),
    [
        (
            {"objective": "sft"},
            "'sft' needs a base of kind decoder, and 't5' is a(n) encoder-decoder: choose another base, or use "
            "'text_to_text'",
        ),
        ({"objective": "masked"}, "'masked' needs a base of kind encoder, and 't5' is a"),
        ({"objective": "classify"}, "'classify' does not train for the task 'answer'"),
    ],
)
def test_another_objective_is_refused(tmp_path, stage, said):
    plan = write_answering(tmp_path, roomy(tmp_path / "t5"))
    document = {**json.loads(plan.read_text()), "base": "t5", "stages": [{**LORA, **stage}]}
    with pytest.raises(UserError) as refused:
        overtone.run(save_plan(plan, document), runs=tmp_path / "runs")
    assert said in str(refused.value).replace(str(tmp_path / "t5"), "t5")


def test_rivals_that_cannot_run_are_refused_in_words(tmp_path):
    base = roomy(tmp_path / "t5")
    with pytest.raises(UserError, match="'zero_shot' needs an encoder as base; change that"):
        overtone.run(write_sorting(tmp_path, base, ["zero_shot"]), runs=tmp_path / "runs")


def test_each_side_has_the_whole_context(small_base):
    def tuning(wanted):
        turns = (Message("user", "so " * 40), Message("assistant", wanted))
        base, stage = load_base(str(small_base("bart"))), Stage.model_validate(LORA)
        return Tuning(base, AnswerTask(), (), [Example("one", messages=turns)], (), stage, 0)

    fits, not_so = tuning("x" * 126), tuning("x" * 127)  # 122 tokens to read, 128 and 129 to write
    (row,) = make_rows(fits, objective_of(fits), fits.train, "training")
    assert (row.size, row.longest, row.units) == (250, 128, 128)
    references = take_references(start(fits, objective_of(fits)), fits.train)
    assert [len(numbers) for numbers in references.numbers] == [128]
    with pytest.raises(UserError, match=r"longer than the 128 tokens .* has 129"):
        make_rows(not_so, objective_of(not_so), not_so.train, "training")
    assert take_references(start(not_so, objective_of(not_so)), not_so.train).examples == ()
