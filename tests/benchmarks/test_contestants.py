"""Contestants that need no more than transformers and PEFT do the same work as Overtone, for every objective."""

import warnings
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from benchmarks.engine.compare import module
from benchmarks.engine.contestants import trl_reward
from benchmarks.engine.job import Job
from benchmarks.engine.rows import MAKERS, save_rows
from benchmarks.engine.shapes import SHAPES, write_model
from benchmarks.engine.unshared import unshared
from overtone.engine import score

CASES = {  # what is minimised: how, on which rows, and who does the same in a bare loop
    "dpo": ("lora", "preferences", ("plain_pairs",)),
    "ipo": ("lora", "preferences", ("plain_pairs",)),
    "orpo": ("lora", "preferences", ("plain_pairs",)),
    "simpo": ("lora", "preferences", ("plain_pairs",)),
    "grpo": ("lora", "samples_60", ("plain_samples",)),
    "distill": ("full", "instructions", ("plain_taught", "plain_remembered")),
    "sft": ("prompt", "instructions", ("plain",)),
}


class Losses(list):
    """A stopwatch that keeps the losses alone."""

    def loaded(self):
        pass

    begin = end = loaded

    def tell(self, loss):
        self.append(loss)


@pytest.fixture(scope="module")
def job(tmp_path_factory):
    folder = tmp_path_factory.mktemp("models")
    student, teacher = (write_model(SHAPES[name], folder / name) for name in ("tiny-half", "tiny"))
    return Job("", str(student), str(folder / "rows.json"), 2, teacher=str(teacher))


def losses(job, contestant, **settings):
    watch = Losses()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        module(contestant).work(replace(job, contestant=contestant, settings=settings), watch)
    assert len(watch) == 2
    return watch


@pytest.mark.parametrize("objective", CASES)
def test_two_steps_have_the_losses_of_a_bare_loop(job, objective):
    method, maker, peers = CASES[objective]
    rows = MAKERS[maker](4, SHAPES["tiny"].vocabulary)
    save_rows(rows, Path(job.rows_file))
    asked = replace(job, objective=objective, method=method, teacher=job.teacher * (objective == "distill"))
    ours = losses(asked, "overtone")
    assert ours[0] != ours[1]
    for peer in peers:
        assert losses(asked, peer, batch=2, order="sorted") == pytest.approx(ours, rel=1e-4)


def test_a_reward_model_begins_with_the_numbers_of_the_peer(job):
    save_rows(MAKERS["preferences"](3, SHAPES["tiny"].vocabulary), Path(job.rows_file))
    asked = replace(job, objective="reward", teacher="")
    model = trl_reward._load(asked).eval()
    with torch.no_grad():
        margins = [
            torch.sub(*(model(torch.tensor([one])).logits for one in row.sequences)) for row in job.rows
        ]
    wanted = -torch.cat(margins).sigmoid().log().mean().item()
    assert losses(asked, "overtone")[0] == pytest.approx(wanted, rel=1e-5)


def test_without_sharing_an_update_is_the_same_over_more_tokens(job, monkeypatch):
    save_rows(MAKERS["samples_60"](8, SHAPES["tiny"].vocabulary), Path(job.rows_file))
    asked, sizes, states = replace(job, objective="grpo", teacher=""), [], score.states
    monkeypatch.setattr(
        score, "states", lambda body, stream, at: sizes.append(len(stream.tokens)) or states(body, stream, at)
    )
    ours = losses(asked, "overtone")
    assert losses(asked, "overtone", share=False) == pytest.approx(ours, rel=1e-4)
    assert sizes == [680, 680, 2080, 2080]
    with unshared():
        assert not score.shares_beginnings(None)
