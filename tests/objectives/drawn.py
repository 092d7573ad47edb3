"""Drawn answers whose tokens have known log-probabilities, and the plain formulas of their losses."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import torch
from torch import Tensor
from torch.nn.functional import logsigmoid

from overtone.engine.learner import Learner
from overtone.engine.row import Row
from overtone.models.base import Base
from overtone.objectives.objective import Objective
from overtone.objectives.policy import Policy, Tokens
from overtone.objectives.policy_rows import Drawn, Group

NEEDED: dict[str, dict[str, Any]] = {  # further updates, so that ratios differ from 1
    "grpo": {"updates": 2},
    "rloo": {"updates": 2},
}


def drawn(reward: float, before: Sequence[float], **known: Any) -> Drawn:
    """One token of prompt, and an answer whose tokens were drawn with these log-probabilities."""
    count = len(before)
    tokens, learned = tuple(range(1, 2 + count)), (False,) + (True,) * count
    return Drawn(tokens, learned, reward=reward, before=tuple(before), **known)


def valued(objective: Policy, *groups: Sequence[Drawn]) -> list[Drawn]:
    """The answers of a step with what the objective makes of them before the first update."""
    found = objective.valued(None, [Group((1,), (False,), drawn=tuple(group)) for group in groups])  # type: ignore[arg-type]
    return [answer for group in found for answer in group.drawn]


def losses(
    objective: Policy, answers: Sequence[Drawn], now: Sequence[float], values: Sequence[float] = ()
) -> tuple[Tensor, Tensor, list[float]]:
    """The loss, what is clipped of each token, and the gradient by each token's log-probability."""
    log_probabilities = torch.tensor([float(number) for number in now], requires_grad=True)
    rows = torch.tensor([row for row, answer in enumerate(answers) for _ in answer.before])
    weights = torch.tensor([answer.weight for answer in answers])[rows]
    heads = torch.tensor(values) if values else None
    tokens = Tokens(answers, rows, weights, log_probabilities, log_probabilities.detach(), None, heads)
    known = replace(tokens, before=tokens.of("before"))
    if objective.beta:
        known = replace(known, references=known.of("references"))
    total, held = objective.losses(known)
    (slope,) = torch.autograd.grad(total, log_probabilities)
    return total, held, slope.tolist()


def answered(part: Objective, rows: list[Row], learner: Learner) -> list[Row]:
    """The rows with three answers each where they are prompts alone; else as they are."""
    if not isinstance(part, Policy):
        return rows
    return list(part.valued(learner, [_group(row, place) for place, row in enumerate(rows)]))


def _group(row: Row, place: int) -> Group:
    answers = []
    for turn in range(3):
        answer = tuple(range(40 + place, 41 + place + turn))
        before = tuple(-5.5 - 0.05 * number for number in range(len(answer)))
        answers.append(
            Drawn(
                (*row.tokens, *answer),
                (False,) * len(row.tokens) + (True,) * len(answer),
                source=row.source,
                reward=float((turn + place) % 3),
                before=before,
                references=tuple(number + 0.7 for number in before),
            )
        )
    return Group(row.tokens, row.learned, drawn=tuple(answers))


def _read(base: Base, answer: Drawn) -> tuple[Tensor, Tensor]:
    """From the model alone: the log-probability of each drawn token, and the state before it."""
    if answer.source:
        return _read_behind_a_source(base, answer)
    output = base.model(input_ids=torch.tensor([answer.tokens]), output_hidden_states=True)
    wanted = torch.tensor(answer.learned[1:])
    found = output.logits[0, :-1].log_softmax(-1).gather(1, torch.tensor(answer.tokens[1:])[:, None])[:, 0]
    return found[wanted], output.hidden_states[-1][0, :-1][wanted]


def _read_behind_a_source(base: Base, answer: Drawn) -> tuple[Tensor, Tensor]:
    """The same of an encoder-decoder, by the library's own labels; a T5 scales its states before the logits."""
    source, target = (torch.tensor([part]) for part in (answer.prompt, answer.answer))
    output = base.model(input_ids=source, labels=target, output_hidden_states=True)
    found = output.logits[0].log_softmax(-1).gather(1, target[0, :, None])[:, 0]
    scaled = getattr(base.model.config, "scale_decoder_outputs", False)
    states = output.decoder_hidden_states[-1][0]
    return found, states * base.model.config.hidden_size**-0.5 if scaled else states


def _clipped(ratio: Tensor, advantage: Tensor | float) -> Tensor:
    return torch.minimum(ratio * advantage, ratio.clamp(0.8, 1.2) * advantage)


def plain_grpo(base: Base, row: Row, learner: torch.nn.Module) -> Tensor:
    """Equation 3 of DeepSeekMath with epsilon 0.2 and beta 0.04, summed over the answers of a group."""
    assert isinstance(row, Group)
    rewards = torch.tensor([answer.reward for answer in row.drawn])
    total = torch.zeros(())
    for answer, advantage in zip(row.drawn, (rewards - rewards.mean()) / rewards.std(correction=0)):
        now, _ = _read(base, answer)
        gap = torch.tensor(answer.references) - now
        gain = _clipped((now - torch.tensor(answer.before)).exp(), advantage)
        total = total - (gain - 0.04 * (gap.exp() - gap - 1)).mean()
    return total


def plain_rloo(base: Base, row: Row, learner: torch.nn.Module) -> Tensor:
    """Whole answers against the mean of the other two, the divergence in the reward with beta 0.04."""
    assert isinstance(row, Group)
    rewards = [one.reward - 0.04 * (sum(one.before) - sum(one.references)) for one in row.drawn]
    total = torch.zeros(())
    for answer, reward in zip(row.drawn, rewards, strict=True):
        now, _ = _read(base, answer)
        ratio = (now.sum() - sum(answer.before)).exp()
        total = total - _clipped(ratio, reward - (sum(rewards) - reward) / 2)
    return total


def plain_ppo(base: Base, row: Row, learner: torch.nn.Module) -> Tensor:
    """Equations 7 and 9 of PPO, from full logits and states, with the advantages and returns of the step."""
    assert isinstance(row, Group)
    total = torch.zeros(())
    for answer in row.drawn:
        now, states = _read(base, answer)
        values, old = learner.head(states)[:, 0], torch.tensor(answer.values)  # type: ignore[operator]
        returns = torch.tensor(answer.returns)
        moved = old + (values - old).clamp(-0.2, 0.2)
        error = torch.maximum((values - returns) ** 2, (moved - returns) ** 2) / 2
        ratio = (now - torch.tensor(answer.before)).exp()
        each = 0.1 * error - _clipped(ratio, torch.tensor(answer.advantages))
        total = total + answer.weight * each.sum()
    return total


def plain_reward(base: Base, row: Row, learner: torch.nn.Module) -> Tensor:
    """Equation 1 of Ouyang et al. over the two answers of a pair, each read alone."""
    chosen, rejected = (learner.logits([answer.tokens])[0, 0] for answer in row.answers)  # type: ignore[operator]
    return -logsigmoid(chosen - rejected)


PLAIN = {"grpo": plain_grpo, "rloo": plain_rloo, "ppo": plain_ppo, "reward": plain_reward}
