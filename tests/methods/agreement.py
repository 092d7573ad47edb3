"""What the tests of methods share: how likely rows are, and plain transformers and PEFT beside us."""

import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import torch

from overtone.engine.score import log_probabilities, total_log_probability
from overtone.methods.method import Method
from overtone.models.base import load_base

ROWS: list[tuple[list[int], list[int]]] = [
    ([1, 30, 31], [32, 2]),
    ([1], [50, 51, 52, 2]),
    ([60, 61, 62, 63, 64], [2]),
]


def scores(body: Any, rows: Sequence[tuple[list[int], list[int]]] = ROWS) -> torch.Tensor:
    """The log-probability of every continuation token: (tokens,)."""
    return torch.tensor([value for row in log_probabilities(body, rows) for value in row])


def library_scores(body: Any, rows: Sequence[tuple[list[int], list[int]]] = ROWS) -> torch.Tensor:
    """The same from the forward pass of transformers or of PEFT, a row at a time."""
    found = []
    for prompt, continuation in rows:
        tokens = torch.tensor([[*prompt, *continuation]])
        with torch.no_grad():
            logits = body(input_ids=tokens).logits[0, -tokens.shape[1] :].log_softmax(-1)
        found.append(logits[len(prompt) - 1 : -1].gather(1, torch.tensor(continuation)[:, None])[:, 0])
    return torch.cat(found)


def gradients(body: Any, total: torch.Tensor) -> dict[str, torch.Tensor]:
    """The gradient of a total by each weight that learns, by name; weights that it does not reach are left out."""
    weights = {name: weight for name, weight in body.named_parameters() if weight.requires_grad}
    found = torch.autograd.grad(total, list(weights.values()), allow_unused=True)
    return {name: grad for name, grad in zip(weights, found, strict=True) if grad is not None}


def library_total(body: Any, sequences: Sequence[Sequence[int]]) -> torch.Tensor:
    """What `total_log_probability` gives where all tokens are learned, from the library's own forward pass."""
    total = torch.zeros(())
    for sequence in sequences:
        tokens = torch.tensor([sequence])
        logits = body(input_ids=tokens).logits[0, :-1].log_softmax(-1)
        total = total + logits.gather(1, tokens[0, 1:, None]).sum()
    return total


@contextmanager
def known_warnings() -> Iterator[None]:
    """PEFT reads a property that transformers renames."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "`is_gradient_checkpointing` is deprecated", FutureWarning)
        yield


def plain_model(folder: Path) -> Any:
    from transformers import AutoModelForCausalLM

    return AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32).eval()


def loaded_by_library(base: Path, adapter: Path) -> Any:
    """A base with an adapter as anyone loads it who has PEFT alone."""
    import peft

    with known_warnings():
        return peft.PeftModel.from_pretrained(plain_model(base), str(adapter)).eval()


def written_by_library(base: Path, adapter: Path, config: Any) -> Any:
    """A fresh adapter of plain PEFT in a folder, and the model that it was written from."""
    import peft

    torch.manual_seed(5)
    with known_warnings():
        body = peft.get_peft_model(plain_model(base), config).eval()
    body.save_pretrained(str(adapter))
    return body


def learned(method: Method, base: Path, seed: int = 0) -> Any:
    """A body with the method attached and its learned numbers shaken, as after a training."""
    return shaken(method.attach(load_base(str(base)).model, seed))


def shaken(body: Any) -> Any:
    """A body whose learned numbers have moved."""
    torch.manual_seed(1)
    with torch.no_grad():
        for weight in body.parameters():
            if weight.requires_grad:
                weight += 0.3 * torch.randn_like(weight)
    return body


def after_training(method: Method, base: Path, steps: int = 20) -> Any:
    """A body after some steps on all tokens of the rows, at the method's own rate."""
    body: Any = method.attach(load_base(str(base)).model, 0)
    optimizer = torch.optim.AdamW(
        [weight for weight in body.parameters() if weight.requires_grad], method.learning_rate
    )
    sequences = [[*prompt, *continuation] for prompt, continuation in ROWS]
    for _ in range(steps):
        optimizer.zero_grad()
        (-total_log_probability(body, sequences, [[True] * len(row) for row in sequences])).backward()
        optimizer.step()
    return body
