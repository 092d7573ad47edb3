"""The loop to beat: fine-tuning as it is commonly written, with random batches padded to their longest row."""

import time
from collections.abc import Callable, Sequence
from copy import deepcopy
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy

from overtone.core.example import Example
from overtone.models.base import Base, load_base
from overtone.train.stage import Stage

Batch = dict[str, Tensor]


@dataclass(frozen=True)
class Trained:
    """What the loop gives: the predicted label of each test row, and seconds with and without validation."""

    predictions: list[str]
    seconds: float
    validation_seconds: float


class Pooled(nn.Module):
    """The encoder, the mean of its last hidden states, dropout, one linear layer."""

    def __init__(self, body: nn.Module, hidden: int, labels: int) -> None:
        super().__init__()
        self.body, self.dropout, self.head = body, nn.Dropout(0.1), nn.Linear(hidden, labels)
        nn.init.normal_(self.head.weight, std=0.02)
        nn.init.zeros_(self.head.bias)

    def forward(self, batch: Batch) -> Tensor:
        """Logits of each row: (rows, labels)."""
        hidden = self.body(**batch).last_hidden_state
        mask = batch["attention_mask"][..., None]
        logits: Tensor = self.head(self.dropout((hidden * mask).sum(1) / mask.sum(1)))
        return logits


def train_plain(
    base: str,
    stage: Stage,
    labels: Sequence[str],
    train: Sequence[Example],
    validation: Sequence[Example],
    test: Sequence[Example],
    seed: int,
) -> Trained:
    """Train with a stage's rates, epochs and batch size; keep the epoch that is best on validation rows.

    The clock runs from the first token to the last step, as the product's own does; loading the base and
    answering the test rows are outside of it.
    """
    loaded = load_base(base)
    begun = time.perf_counter()
    torch.manual_seed(seed)
    model = Pooled(loaded.model, loaded.description.hidden, len(labels))
    rows = _tokens(loaded, train)
    targets = torch.tensor([labels.index(row.labels[0]) for row in train])
    optimizer = _optimizer(model, stage)
    size = stage.batch_rows
    epoch_steps = -(-len(rows) // size)
    steps = max(1, round(epoch_steps * stage.epochs))
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, _linear(steps, stage.schedule.warmup))
    best, kept, validating, done = -1.0, model.state_dict(), 0.0, 0
    while done < steps:
        model.train()
        for chosen in torch.randperm(len(rows)).split(size)[: steps - done]:  # type: ignore[no-untyped-call]
            batch = loaded.tokenizer.pad([rows[index] for index in chosen], return_tensors="pt")
            optimizer.zero_grad()
            cross_entropy(model(dict(batch)), targets[chosen]).backward()  # type: ignore[no-untyped-call]
            nn.utils.clip_grad_norm_(model.parameters(), stage.clip)
            optimizer.step()
            schedule.step()
            done += 1
        paused = time.perf_counter()
        accuracy = _accuracy(predict(model, loaded, validation, labels), validation)
        if accuracy > best:
            best, kept = accuracy, deepcopy(model.state_dict())
        validating += time.perf_counter() - paused
    seconds = time.perf_counter() - begun
    model.load_state_dict(kept)
    return Trained(predict(model, loaded, test, labels), seconds, validating)


@torch.no_grad()
def predict(model: Pooled, loaded: Base, examples: Sequence[Example], labels: Sequence[str]) -> list[str]:
    """The most probable label of each row, in batches of 64 in the order given."""
    model.eval()
    rows = _tokens(loaded, examples)
    found: list[str] = []
    for start in range(0, len(rows), 64):
        batch = loaded.tokenizer.pad(rows[start : start + 64], return_tensors="pt")
        found += [labels[index] for index in model(dict(batch)).argmax(-1).tolist()]
    return found


def _tokens(loaded: Base, examples: Sequence[Example]) -> list[dict[str, list[int]]]:
    names, texts = ("input_ids", "attention_mask"), [row.text for row in examples]
    encoded = loaded.tokenizer(texts, truncation=True, max_length=loaded.description.context)
    return [dict(zip(names, row)) for row in zip(*(encoded[name] for name in names))]


def _optimizer(model: Pooled, stage: Stage) -> torch.optim.AdamW:
    """Norms and biases undecayed, the head at its own rate: the settings that the product trains with."""
    groups = []
    for part, rate in ((model.body, stage.learning_rate), (model.head, stage.head_learning_rate)):
        for matrices in (True, False):
            weights = [weight for weight in part.parameters() if (weight.ndim > 1) == matrices]
            groups.append({"params": weights, "lr": rate, "weight_decay": stage.weight_decay * matrices})
    return torch.optim.AdamW(groups, fused=True)


def _linear(steps: int, share: float) -> Callable[[int], float]:
    """A factor that rises over the warm-up and falls to 0 at the last step."""
    warm = max(1, round(share * steps))
    return lambda step: (step + 1) / warm if step < warm else max(0.0, (steps - step) / max(1, steps - warm))


def _accuracy(predictions: Sequence[str], examples: Sequence[Example]) -> float:
    return sum(given == row.labels[0] for given, row in zip(predictions, examples)) / len(examples)
