"""The numbers that must be the same everywhere: what a model says of reference rows, to be compared."""

import json
import urllib.request
from collections.abc import Callable, Sequence
from typing import Any

from overtone.core.answer import Answer
from overtone.core.errors import RunFailed
from overtone.core.example import Example
from overtone.engine.classifier import Classifier
from overtone.generate.writer import Writer
from overtone.models.template import encode_answer

Rows = list[list[float]]
Post = Callable[[str, dict[str, Any]], dict[str, Any]]


def class_probabilities(classifier: Classifier, references: Sequence[Example]) -> Rows:
    """A probability for each label of each reference row."""
    return [_probabilities(answer) for answer in classifier.answer([row.question for row in references])]


def answer_log_probabilities(writer: Writer, references: Sequence[Example]) -> Rows:
    """Log-probabilities of the tokens of each answer after its templated prompt."""
    return writer.score(_answers(writer, references))


def served_class_probabilities(classifier: Classifier, references: Sequence[Example], post: Post) -> Rows:
    """The same from the classify route."""
    found = post("/v1/classify", {"input": [row.text for row in references]})
    return [[row["probabilities"][label] for label in classifier.labels] for row in found["data"]]


def served_log_probabilities(writer: Writer, references: Sequence[Example], post: Post) -> Rows:
    """The same from the completions route, which echoes prompt and answer with their log-probabilities."""
    rows = []
    for prompt, continuation in _answers(writer, references):
        asked = {"prompt": [*prompt, *continuation], "max_tokens": 0, "echo": True, "logprobs": 0}
        choice = post("/v1/completions", asked)["choices"][0]
        rows.append(choice["logprobs"]["token_logprobs"][len(prompt) :])
    return rows


def poster(url: str, model: str, key: str) -> Post:
    """A function that posts JSON to one served model and gives the reply."""

    def post(path: str, body: dict[str, Any]) -> dict[str, Any]:
        request = urllib.request.Request(
            url + path,
            json.dumps({"model": model, **body}).encode(),
            {"Content-Type": "application/json", "Authorization": f"Bearer {key}"},
        )
        with urllib.request.urlopen(request) as reply:
            contents: dict[str, Any] = json.load(reply)
        return contents

    return post


def _answers(writer: Writer, references: Sequence[Example]) -> list[tuple[tuple[int, ...], tuple[int, ...]]]:
    """Prompt and answer as tokens that the trainer and the server agree on; two answers of each preference pair."""
    found = []
    for row in references:
        prompt = writer.encode(row.question.messages)
        for conversation in row.conversations:
            trained, answer = encode_answer(writer.base, conversation)
            if tuple(trained) != prompt:
                raise RunFailed(f"row {row.source or row.id}: the served prompt is not the trained one")
            found.append((prompt, tuple(answer)))
    return found


def _probabilities(answer: Answer) -> list[float]:
    return list((answer.probabilities or {}).values())
