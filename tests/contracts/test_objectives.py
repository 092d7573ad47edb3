"""What every objective promises: a sum over its units that equals the plain formula, whatever the batch."""

from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from torch.nn.functional import binary_cross_entropy_with_logits, cross_entropy, logsigmoid

from overtone.core.example import Example
from overtone.core.task import Task
from overtone.engine.row import Row
from overtone.models.base import Base, load_base
from overtone.models.families import FAMILIES
from overtone.objectives.objective import Objective
from overtone.train.artifact import make_learner
from tests.objectives import drawn, plain_text, tasks, taught
from tests.objectives.talks import LABELS, examples_of, task_of

SmallBase = Callable[[str], Path]
everywhere = pytest.mark.parametrize(
    ("objective", "model_type"),
    [
        (name, family)
        for name, part in Objective.all().items()
        for family in FAMILIES
        if FAMILIES[family].kind in part.kinds
    ],
)


def plain_causal(base: Base, row: Row, learner: torch.nn.Module) -> torch.Tensor:
    """Cross-entropy over the learned tokens, from the model's full logits."""
    if row.source:
        return plain_text_to_text(base, row, learner)
    tokens = torch.tensor([row.tokens])
    logits = base.model(input_ids=tokens).logits[0, :-1]
    wanted = torch.tensor(row.learned[1:])
    return cross_entropy(logits[wanted], tokens[0, 1:][wanted], reduction="sum")


def plain_classify(base: Base, row: Row, learner: torch.nn.Module) -> torch.Tensor:
    """Cross-entropy of the head over one row alone."""
    logits = learner.logits([row.tokens])  # type: ignore[operator]
    return cross_entropy(logits, torch.tensor(row.targets).argmax()[None], reduction="sum")


def plain_dpo(base: Base, row: Row, learner: torch.nn.Module) -> torch.Tensor:
    """Equation 7 of DPO with beta 0.1, from the model's full logits of each answer alone."""
    assert row.rejected is not None
    chosen, rejected = (-plain_causal(base, answer, learner) for answer in row.answers)
    return -logsigmoid(0.1 * (chosen - row.reference) - 0.1 * (rejected - row.rejected.reference))


def plain_ipo(base: Base, row: Row, learner: torch.nn.Module) -> torch.Tensor:
    """Equation 17 of IPO with tau 0.1, from the model's full logits of each answer alone."""
    assert row.rejected is not None
    chosen, rejected = (-plain_causal(base, answer, learner) for answer in (row, row.rejected))
    gain = (chosen - row.reference) - (rejected - row.rejected.reference)
    return (gain - 1 / (2 * 0.1)) ** 2


def plain_simpo(base: Base, row: Row, learner: torch.nn.Module) -> torch.Tensor:
    """Equation 6 of SimPO with beta 2 and gamma 1, from the model's full logits of each answer alone."""
    chosen, rejected = (-plain_causal(base, answer, learner) / sum(answer.learned) for answer in row.answers)
    return -logsigmoid(2 * chosen - 2 * rejected - 1)


def plain_orpo(base: Base, row: Row, learner: torch.nn.Module) -> torch.Tensor:
    """Equations 6 and 7 of ORPO with lambda 0.1, in probabilities, from the full logits of each answer alone."""
    chosen, rejected = (
        torch.exp(-plain_causal(base, answer, learner).double() / sum(answer.learned))
        for answer in row.answers
    )
    ratio = (chosen / (1 - chosen)) / (rejected / (1 - rejected))
    return -torch.log(chosen) - 0.1 * torch.log(torch.sigmoid(torch.log(ratio)))


def plain_kto(base: Base, row: Row, learner: torch.nn.Module) -> torch.Tensor:
    """KTO's loss with weights 1 and beta 0.1 where the model still is its base, so that nothing has moved."""
    assert row.rejected is not None
    chosen, rejected = (-plain_causal(base, answer, learner) for answer in (row, row.rejected))
    gained, lost = 0.1 * (chosen - row.reference), 0.1 * (row.rejected.reference - rejected)
    return (1 - torch.sigmoid(gained) + 1 - torch.sigmoid(lost)) / 2


def plain_text_to_text(base: Base, row: Row, learner: torch.nn.Module) -> torch.Tensor:
    """Cross-entropy on the target by the library's own labels, from full logits."""
    source, target = (torch.tensor([part]) for part in (row.tokens[: row.source], row.tokens[row.source :]))
    return cross_entropy(base.model(input_ids=source, labels=target).logits[0], target[0], reduction="sum")


PLAIN = {
    "causal": plain_causal,
    "sft": plain_causal,
    "choose": plain_causal,
    "classify": plain_classify,
    "dpo": plain_dpo,
    "ipo": plain_ipo,
    "kto": plain_kto,
    "orpo": plain_orpo,
    "simpo": plain_simpo,
    "text_to_text": plain_text_to_text,
    **drawn.PLAIN,
    **plain_text.PLAIN,
    **taught.PLAIN,
    **tasks.PLAIN,
}


def made(
    small_base: SmallBase, objective: str, model_type: str
) -> tuple[Objective, Base, Task, list[Row], object]:
    needed = taught.NEEDED if objective in taught.PLAIN else drawn.NEEDED.get(objective, {})
    examples = examples_of(objective)
    part = Objective.find(objective).model_validate(needed).fitted(examples)
    base = load_base(str(small_base(model_type)))
    base = plain_text.with_gaps(base) if objective in plain_text.PLAIN else base
    task = task_of(type(part))
    read = [part.row(example, base, task, LABELS) for example in examples]
    learner = make_learner(base, base.model, part.outputs(LABELS), 0.0, 0, part).eval()
    read = drawn.answered(part, taught.taught(part, read, base, task, LABELS), learner)
    return part, base, task, part.prepare(read, base), learner


def test_the_table_of_formulas_names_every_objective() -> None:
    assert PLAIN.keys() == Objective.all().keys()


@everywhere
def test_the_loss_is_the_plain_formula_summed_over_its_units(
    small_base: SmallBase, objective: str, model_type: str
) -> None:
    part, base, task, rows, learner = made(small_base, objective, model_type)
    loss = part.loss(learner, rows, task)  # type: ignore[arg-type]
    wanted = sum(PLAIN[objective](base, row, learner).item() for row in rows)  # type: ignore[arg-type]
    assert loss.total.item() == pytest.approx(wanted, rel=1e-5, abs=1e-5)
    assert loss.units == sum(row.units for row in rows)


@everywhere
def test_its_gradient_is_that_of_the_plain_formula(
    small_base: SmallBase, objective: str, model_type: str
) -> None:
    part, base, task, rows, learner = made(small_base, objective, model_type)
    weights = [weight for name, weight in learner.named_parameters() if "pooler" not in name]  # type: ignore[attr-defined]
    found = torch.autograd.grad(part.loss(learner, rows, task).total, weights, allow_unused=True)  # type: ignore[arg-type]
    total = torch.stack([PLAIN[objective](base, row, learner) for row in rows]).sum()  # type: ignore[arg-type]
    wanted = torch.autograd.grad(total, weights, allow_unused=True)
    for one, other in zip(found, wanted, strict=True):
        assert (one is None) == (other is None)
        if one is not None and other is not None:
            size = max(1.0, other.abs().max().item())  # what is rounded is as large as the largest
            assert torch.allclose(one, other, atol=2e-5 * size, rtol=1e-4)


def test_sft_learns_answers_with_their_end_and_causal_learns_all(small_base: SmallBase) -> None:
    _, base, _, sft, _ = made(small_base, "sft", "llama")
    _, _, _, causal, _ = made(small_base, "causal", "llama")
    kept = [token for token, wanted in zip(sft[1].tokens, sft[1].learned, strict=True) if wanted]
    assert base.tokenizer.decode(kept) == "1<|end|>22<|end|>"
    assert all(all(row.learned) for row in causal)


def test_several_labels_are_each_a_binary_choice(small_base: SmallBase) -> None:
    part, base, task, _, learner = made(small_base, "classify", "bert")
    several = task.model_copy(update={"multi_label": True})
    example = Example(id="x", text="both", labels=("a", "c"))
    row = part.row(example, base, several, LABELS)
    assert row.targets == (1.0, 0.0, 1.0)
    loss = part.loss(learner, [row], several)  # type: ignore[arg-type]
    logits = learner.logits([row.tokens])  # type: ignore[attr-defined]
    wanted = binary_cross_entropy_with_logits(logits, torch.tensor([row.targets]), reduction="sum")
    assert loss.total.item() == pytest.approx(wanted.item())
