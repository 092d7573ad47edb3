"""Learning from rewards: what is rewarded is written more, the divergence is held, and a resume keeps every bit."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

import pytest
import torch

from overtone.core.errors import UserError
from overtone.core.example import Example
from overtone.models.base import load_base
from overtone.objectives.policy_reward import RewardSource
from overtone.objectives.policy_rows import Group, PromptRow
from overtone.train.artifact import load_artifact
from overtone.train.report import Step, Validation
from overtone.train.sampling import Judge
from overtone.train.tune import Tuning, make_rows, objective_of, sampler_of, start, tune
from tests.train.rows import tuning
from tests.train.test_resume import lines

SmallBase = Callable[[str], Path]
TOKENS = 6


def letters(source: RewardSource) -> Judge:
    """Rewards the share of an answer that are letters: a fifth of all tokens."""

    def judge(examples: Sequence[Example], texts: Sequence[str]) -> list[float]:
        return [sum(one.isascii() and one.isalpha() for one in text) / TOKENS for text in texts]

    return judge


def job(small_base: SmallBase, objective: dict[str, Any], model_type: str = "llama", **stage: Any) -> Tuning:
    """A small random base that is to write letters."""
    usual = {"method": "full", "epochs": 1, "batch_rows": 4, "learning_rate": 2e-2, "schedule": {"warmup": 0}}
    made = tuning(
        small_base, model_type, "answer", {**usual, **stage, "objective": {"max_tokens": TOKENS, **objective}}
    )
    return replace(made, train=made.train[:48], validation=made.validation[:4], judge=letters)


def reports(job: Tuning, folder: Path, most: int | None = None) -> list[Step | Validation]:
    found: list[Step | Validation] = []
    for report in tune(job, folder / "checkpoints", folder / "artifact"):
        if isinstance(report, Step | Validation):
            found.append(report)
        if most is not None and len(found) == most:
            break
    return found


def means(found: Sequence[Step | Validation], name: str) -> list[float]:
    return [report.means[name] for report in found if isinstance(report, Step)]


@pytest.mark.parametrize("model_type", ["llama", "t5"])
@pytest.mark.parametrize(
    "objective", [{"name": "grpo"}, {"name": "rloo"}, {"name": "ppo", "group": 4, "updates": 2}]
)
def test_what_is_rewarded_is_written_more(
    small_base: SmallBase, tmp_path: Path, objective: dict[str, Any], model_type: str
) -> None:
    made = job(small_base, {"beta": 0.001, **objective}, model_type)
    found = reports(made, tmp_path)
    rewards = means(found, "reward")
    assert sum(rewards[-3:]) / 3 > sum(rewards[:3]) / 3 + 0.15, rewards
    steps = [report for report in found if isinstance(report, Step)]
    assert steps[0].means.keys() == {"reward", "kl", "length", "clipped", "entropy"}
    assert steps[0].units == 4 * objective.get("group", 8)
    assert means(found, "kl")[-1] > 0.02 and means(found, "entropy")[-1] < means(found, "entropy")[0]
    system = load_artifact(tmp_path / "artifact").system()
    (answer,) = system.answer([made.train[0].question])
    assert sum(one.isalpha() for one in answer.text or "") >= TOKENS - 1


def test_the_divergence_is_held_by_its_weight(small_base: SmallBase, tmp_path: Path) -> None:
    free, held = (
        means(reports(job(small_base, {"name": "grpo", "beta": beta}), tmp_path / str(beta)), "kl")
        for beta in (1e-4, 10.0)
    )
    assert free[0] == held[0] == pytest.approx(0, abs=1e-5)
    assert max(held) < 0.1 * max(free)


@pytest.mark.parametrize(
    ("objective", "model_type"),
    [
        ({"name": "grpo", "updates": 2, "group": 3}, "llama"),
        ({"name": "rloo", "group": 3}, "llama"),
        ({"name": "ppo", "updates": 2}, "llama"),
        ({"name": "ppo", "updates": 2}, "bart"),
    ],
)
def test_a_killed_training_goes_on_to_the_bit(
    small_base: SmallBase, tmp_path: Path, objective: dict[str, Any], model_type: str
) -> None:
    def made() -> Tuning:
        method = {"name": "lora", "dropout": 0.1}
        whole = job(small_base, objective, model_type, checkpoint_steps=2, method=method)
        return replace(whole, train=whole.train[:24])

    oracle = lines(reports(made(), tmp_path / "oracle"))
    folder, seen = tmp_path / "killed", {}
    for most in (3, 2):
        seen |= lines(reports(made(), folder, most))
    seen |= lines(reports(made(), folder))
    assert seen == oracle
    for path in (tmp_path / "oracle" / "artifact").glob("*.safetensors"):
        assert path.read_bytes() == (folder / "artifact" / path.name).read_bytes()


def test_draws_are_decided_by_seed_and_step_and_leave_the_learner_as_it_is(small_base: SmallBase) -> None:
    made = job(small_base, {"name": "grpo"}, method="lora")
    objective = objective_of(made)
    artifact = start(made, objective)
    sampler = sampler_of(made, objective, artifact)
    assert sampler is not None
    rows = make_rows(made, objective, made.train[:2], "training")
    with torch.no_grad():
        for weight in artifact.learner.parameters():
            weight += 0.01 * weight.requires_grad
    before = {name: weight.clone() for name, weight in artifact.learner.named_parameters()}
    drawn = sampler.draw(rows, 3)
    assert drawn == sampler.draw(rows, 3) != sampler.draw(rows, 4)
    assert all(torch.equal(before[name], weight) for name, weight in artifact.learner.named_parameters())
    for row in drawn:
        assert isinstance(row, Group) and len({answer.tokens for answer in row.answers}) > 1
        for answer in row.drawn:
            assert answer.tokens[: len(row.tokens)] == row.tokens
            assert answer.references != answer.before  # the learner has moved from where it began
    (greedy, _) = sampler.write(rows)
    assert greedy.units == 1


def test_the_reference_is_the_base_with_the_adapter_off(small_base: SmallBase) -> None:
    made = job(small_base, {"name": "grpo"}, method="lora")
    objective = objective_of(made)
    sampler = sampler_of(made, objective, start(made, objective))
    assert sampler is not None
    (group,) = sampler.draw(make_rows(made, objective, made.train[:1], "training"), 0)
    base = load_base(str(small_base("llama")))
    for answer in group.answers:
        tokens = torch.tensor([answer.tokens])
        found = base.model(input_ids=tokens).logits[0, :-1].log_softmax(-1)
        wanted = found.gather(1, tokens[0, 1:, None])[-len(answer.before) :, 0]  # type: ignore[attr-defined]
        assert answer.references == pytest.approx(wanted.tolist(), abs=1e-4)  # type: ignore[attr-defined]
        assert answer.before == pytest.approx(wanted.tolist(), abs=1e-4)  # type: ignore[attr-defined]


def test_only_the_declared_weights_learn(small_base: SmallBase, tmp_path: Path) -> None:
    made = job(small_base, {"name": "ppo", "group": 2}, method="lora")
    made = replace(made, train=made.train[:4])
    frozen = {name: weight.clone() for name, weight in made.base.model.named_parameters()}
    list(tune(made, tmp_path / "c", tmp_path / "a"))
    for name, weight in made.base.model.named_parameters():
        if "lora_" not in name:
            assert torch.equal(frozen[name.replace(".base_layer", "")], weight)
    assert (tmp_path / "a" / "head.safetensors").exists()


def test_a_method_under_which_no_answer_could_change_is_refused(
    small_base: SmallBase, tmp_path: Path
) -> None:
    with pytest.raises(UserError, match="no weight of the base learns"):
        reports(job(small_base, {"name": "ppo"}, method="head"), tmp_path)


def test_a_draw_is_random_over_prompts() -> None:
    from overtone.train.sampling import _seed

    random = Random(0)
    places = [tuple(random.randrange(99) for _ in range(4)) for _ in range(500)]
    assert len({_seed(*place) for place in places}) == len(set(places))


@pytest.mark.parametrize(("model_type", "together"), [("llama", True), ("t5", False)])
def test_a_context_holds_prompt_and_answer_together_or_each(
    small_base: SmallBase, model_type: str, together: bool
) -> None:
    """Of an encoder-decoder the source stays apart from what is drawn behind it."""
    made = job(small_base, {"name": "grpo"}, model_type)
    objective = objective_of(made)
    prompts = make_rows(made, objective, made.train[:1], "training")
    sampler = sampler_of(made, objective, start(made, objective))
    assert sampler is not None and isinstance(prompts[0], PromptRow)
    (group,) = sampler.draw(prompts, 0)
    size, room = len(prompts[0].tokens), prompts[0].room
    assert prompts[0].longest == (size + room if together else max(size, room))
    for answer in group.answers:
        drawn = len(answer.tokens) - size
        assert drawn > 0 and answer.longest == (size + drawn if together else max(size, drawn))
