"""New words in a training: learned by all methods that may, kept with what was learned, resumed to the bit."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

import pytest
import torch

from overtone.core.errors import UserError
from overtone.core.example import Example
from overtone.core.task import Task
from overtone.engine.hidden import plain
from overtone.models.base import load_base
from overtone.models.text import encode_text
from overtone.models.vocabulary import token_tables
from overtone.train.artifact import load_artifact
from overtone.train.carry import Carried
from overtone.train.optimizer import learned_weights, make_optimizer
from overtone.train.report import Remark, Step
from overtone.train.resolve import resolved_stages
from overtone.train.stage import Stage
from overtone.train.tune import Tuning, objective_of, start, tune
from overtone.train.vocabulary import learned_numbers, with_new_words
from tests.train.test_carry import trained

SmallBase = Callable[[str], Path]
QUICK: dict[str, Any] = {"epochs": 1, "batch_rows": 4, "checkpoint_steps": 2, "new_words": 3}
FIELD = ("carcinoma", "stent", "aorta", "femur", "ab")
LORA = {"name": "lora", "rank": 2}
FIRST = 262  # the number of the first new word


def texts(count: int, seed: int) -> list[Example]:
    random = Random(seed)
    rows = [" ".join(random.choice((*FIELD, "so", "it")) for _ in range(6)) for _ in range(count)]
    return [Example(id=f"{seed}-{place}", text=row, source=f"t:{place}") for place, row in enumerate(rows)]


def tuning(small_base: SmallBase, model: str, method: Any = "full", **settings: Any) -> Tuning:
    stage = Stage.model_validate({"method": method, **QUICK, **settings})
    base = load_base(str(small_base(model)), stage.precision)
    base.tokenizer.mask_token = "<|system|>"
    return Tuning(base, Task.model_validate("text"), (), texts(24, 0), texts(8, 1), stage, 7)


@pytest.mark.parametrize(("model", "method"), [("bert", "full"), ("llama", LORA)])
def test_words_are_learned_and_kept(small_base: SmallBase, tmp_path: Path, model: str, method: Any) -> None:
    job = with_new_words(tuning(small_base, model, method, learning_rate=1e-2))
    saved = {word: sum(row.text.split().count(word) for row in job.train) * (len(word) - 1) for word in FIELD}
    assert [word.text for word in job.words] == sorted(saved, key=lambda word: (-saved[word], word))[:3]
    before = [table.detach().clone() for table in token_tables(job.base.model)]
    kept = trained(job, tmp_path)
    after = token_tables(plain(kept.learner.body))
    for old, new in zip(before, after, strict=True):
        assert len(new) == FIRST + 3 and (new[FIRST:] != old[FIRST:]).any(-1).all()
        assert torch.equal(new[:FIRST], old[:FIRST]) == (method == LORA)
    found = load_artifact(tmp_path / job.stage.method.folder)
    assert found.card.new_words == 3
    text = "so carcinoma it"
    tokens = encode_text(found.base, text)
    assert tokens == encode_text(job.base, text) and FIRST in tokens
    with torch.no_grad():
        assert torch.equal(found.learner.features([tokens]), kept.learner.features([tokens]))
    merged = load_artifact(tmp_path / job.stage.method.folder, merged=True)
    with torch.no_grad():
        assert torch.allclose(merged.learner.features([tokens]), kept.learner.features([tokens]), atol=1e-5)
    assert not (tmp_path / "widened").exists()


def test_only_the_new_rows_learn_beside_an_adapter(small_base: SmallBase) -> None:
    job = with_new_words(tuning(small_base, "llama", LORA, weight_decay=0.5))
    artifact = start(job, objective_of(job))
    tables = {id(table) for table in token_tables(plain(artifact.learner.body))}
    groups = make_optimizer(artifact.learner, job.stage).param_groups
    decays = {group["weight_decay"] for group in groups for one in group["params"] if id(one) in tables}
    assert decays == {0.0}
    bare = tuning(small_base, "llama", LORA, new_words=0)
    plainly = learned_weights(start(bare, objective_of(bare)).learner)
    rows = sum(map(learned_numbers, learned_weights(artifact.learner).values()))
    assert rows - sum(map(learned_numbers, plainly.values())) == len(tables) * 3 * 32


@pytest.mark.parametrize("method", ["full", LORA])
def test_a_killed_training_with_new_words_goes_on_to_the_bit(
    small_base: SmallBase, tmp_path: Path, method: Any
) -> None:
    job = tuning(small_base, "llama", method)
    trained(job, tmp_path / "oracle")
    folder, steps = job.stage.method.folder, 0
    for report in tune(
        tuning(small_base, "llama", method), tmp_path / "cut" / "checkpoints", tmp_path / "cut" / folder
    ):
        steps += isinstance(report, Step)
        if steps == 3:
            break
    trained(tuning(small_base, "llama", method), tmp_path / "cut")
    whole = sorted(
        path.relative_to(tmp_path / "oracle")
        for path in (tmp_path / "oracle" / folder).rglob("*.safetensors")
    )
    assert len(whole) == (1 if method == "full" else 2)
    for path in whole:
        assert (tmp_path / "cut" / path).read_bytes() == (tmp_path / "oracle" / path).read_bytes(), path


@pytest.mark.parametrize(("method", "how"), [("full", "continue"), (LORA, "continue"), (LORA, "merge")])
def test_the_next_stage_has_the_words(small_base: SmallBase, tmp_path: Path, method: Any, how: Any) -> None:
    job = tuning(small_base, "bert", method)
    first = trained(job, tmp_path / "one")
    carried = Carried(tmp_path / "one" / job.stage.method.folder, how)
    stage = Stage.model_validate({"method": method, **QUICK, "new_words": 0})
    then = replace(job, base=carried.base("float32"), carried=carried, stage=stage, words=())
    text = "so carcinoma it"
    assert encode_text(then.base, text) == encode_text(first.base, text)
    begun = start(then, objective_of(then))
    with torch.no_grad():
        tokens = [encode_text(then.base, text)]
        assert torch.allclose(
            begun.learner.eval().features(tokens), first.learner.features(tokens), atol=1e-5
        )
    last = trained(replace(then, base=carried.base("float32")), tmp_path / "two")
    found = load_artifact(tmp_path / "two" / stage.method.folder)
    with torch.no_grad():
        assert torch.equal(found.learner.features(tokens), last.learner.features(tokens))
    again = Carried(tmp_path / "two" / stage.method.folder, how).base("float32")
    assert encode_text(again, text) == tokens[0]


def test_the_bias_of_a_new_word_is_the_mean_of_its_pieces(small_base: SmallBase) -> None:
    job = with_new_words(tuning(small_base, "bert"))
    made = objective_of(job)
    head = start(job, made).learner.head
    assert head is not None and len(head.bias) == FIRST + 3  # type: ignore[arg-type]
    from overtone.train.vocabulary import begin_words

    learner = start(job, made).learner
    assert learner.head is not None
    learner.head.bias.data.copy_(torch.arange(FIRST + 3.0))  # type: ignore[union-attr]
    begin_words(learner, FIRST, job.words)
    wanted = [sum(word.pieces) / len(word.pieces) for word in job.words]
    assert learner.head.bias[FIRST:].tolist() == pytest.approx(wanted)  # type: ignore[index]


def test_words_are_those_of_the_training_rows_alone(small_base: SmallBase, tmp_path: Path) -> None:
    job = tuning(small_base, "llama", new_words=50)
    others = [replace(row, text="zymurgy zymurgy zymurgy zymurgy") for row in job.validation]
    words = with_new_words(replace(job, validation=others)).words
    assert {word.text for word in words} == {*FIELD, "so", "it"}
    told = [one.text for one in tune(job, tmp_path / "c", tmp_path / "m") if isinstance(one, Remark)]
    assert told[-1].startswith("7 words (of 50 that were asked for) are added to the tokenizer: carcinoma, ")


@pytest.mark.parametrize(
    ("stages", "message"),
    [
        ([{"method": "bitfit"}], r"stages\[0\]\.new_words: 'bitfit' has no place to keep"),
        (
            [{"method": "full", "task": "answer", "data": "a.csv"}, {}],
            r"stages\[0\]\.new_words: .* the objective is 'sft'",
        ),
        ([{"new_words": 0}, {}], r"stages\[1\]\.new_words: a stage that goes on"),
        ([{"method": "lora", "precision": "nf4"}], r"stages\[0\]\.new_words: the rows of new words"),
    ],
)
def test_what_cannot_learn_words_is_refused(stages: list[dict[str, Any]], message: str) -> None:
    found = [Stage.model_validate({"method": "full", "new_words": 5, **one}) for one in stages]
    with pytest.raises(UserError, match=message):
        resolved_stages(found, Task.model_validate("text"), "decoder", 32)
