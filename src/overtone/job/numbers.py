"""The numbers that must be the same everywhere: what a model says of reference rows, to be compared."""

import json
import urllib.request
from collections.abc import Callable, Sequence
from typing import Any

from overtone.core.answer import Answer
from overtone.core.errors import RunFailed
from overtone.core.example import Example, Question
from overtone.engine.classifier import Classifier
from overtone.engine.predictor import Predictor
from overtone.engine.reward_model import RewardModel
from overtone.generate.approver import Approver
from overtone.generate.choice_scorer import ChoiceScorer
from overtone.generate.chooser import Scored
from overtone.generate.writer import Writer
from overtone.models.template import encode_answer
from overtone.models.text import encode_document

Rows = list[list[float]]
Post = Callable[[str, dict[str, Any]], dict[str, Any]]


def class_probabilities(classifier: Classifier | Approver, references: Sequence[Example]) -> Rows:
    """A probability for each label of each reference row."""
    return [_probabilities(answer) for answer in classifier.answer([row.question for row in references])]


def answer_log_probabilities(writer: Writer, references: Sequence[Example]) -> Rows:
    """Log-probabilities of the tokens of each answer after its templated prompt."""
    return writer.score(_answers(writer, references))


def answer_preferences(system: Writer | RewardModel, references: Sequence[Example]) -> Rows:
    """What decides which answer of a pair is preferred: their rewards, or the log-probabilities of their tokens."""
    if not isinstance(system, RewardModel):
        return answer_log_probabilities(system, references)
    return [system.rewards(row.conversations) for row in references]


def text_numbers(system: Writer | Predictor, references: Sequence[Example]) -> Rows:
    """The log-probabilities of each text's tokens, or what a predictor says of the text."""
    if isinstance(system, Predictor):
        return predicted_numbers(system, references)
    return system.score(_texts(system, references))


def served_text_numbers(system: Writer | Predictor, references: Sequence[Example], post: Post) -> Rows:
    """The same from the predict route, or from that of completions."""
    if isinstance(system, Predictor):
        return served_predicted_numbers(system, references, post)
    return _echoed(_texts(system, references), post)


def _texts(writer: Writer, references: Sequence[Example]) -> list[Scored]:
    """The first token of each text, and the others."""
    rows = [tuple(encode_document(writer.base, row.text)) for row in references]
    return [(row[:1], row[1:]) for row in rows]


def served_class_probabilities(
    classifier: Classifier | Approver, references: Sequence[Example], post: Post
) -> Rows:
    """The same from the classify route."""
    found = post("/v1/classify", {"input": [_sorted(row.question) for row in references]})
    return [[row["probabilities"][label] for label in classifier.labels] for row in found["data"]]


def _sorted(question: Question) -> str | dict[str, Any]:
    """A text, or the answer to a conversation that is to be judged."""
    if not question.choices:
        return question.text
    return {"messages": _turns(question), "answer": question.choices[0]}


def _turns(question: Question) -> list[dict[str, str]]:
    return [{"role": turn.role, "content": turn.content} for turn in question.messages]


def served_log_probabilities(writer: Writer, references: Sequence[Example], post: Post) -> Rows:
    """The same from the completions route, which echoes prompt and answer with their log-probabilities."""
    return _echoed(_answers(writer, references), post)


def choice_log_probabilities(scorer: ChoiceScorer, references: Sequence[Example]) -> Rows:
    """Log-probabilities of the tokens of each choice of each reference row, one choice after another."""
    return scorer.score(_choices(scorer, references))


def served_choice_log_probabilities(scorer: ChoiceScorer, references: Sequence[Example], post: Post) -> Rows:
    """The same from the completions route."""
    return _echoed(_choices(scorer, references), post)


def _choices(scorer: ChoiceScorer, references: Sequence[Example]) -> list[Scored]:
    return [scored for row in references for scored in scorer.rows(row.question)]


def _echoed(pairs: Sequence[Scored], post: Post) -> Rows:
    rows = []
    for prompt, continuation in pairs:
        asked = {"prompt": [*prompt, *continuation], "max_tokens": 0, "echo": True, "logprobs": 0}
        choice = post("/v1/completions", asked)["choices"][0]
        rows.append(choice["logprobs"]["token_logprobs"][len(prompt) :])
    return rows


def served_preferences(system: Writer | RewardModel, references: Sequence[Example], post: Post) -> Rows:
    """The same from the route of rewards, or from that of completions."""
    if not isinstance(system, RewardModel):
        return served_log_probabilities(system, references, post)
    rows = []
    for row in references:
        answers = [conversation[-1].content for conversation in row.conversations]
        found = post("/v1/rewards", {"messages": _turns(row.question), "answers": answers})
        rows.append([answer["reward"] for answer in found["data"]])
    return rows


def predicted_numbers(predictor: Predictor, references: Sequence[Example]) -> Rows:
    """The numbers of what a predictor says of each reference row."""
    return [predictor.numbers(one) for one in predictor.predict([row.question for row in references])]


def served_predicted_numbers(predictor: Predictor, references: Sequence[Example], post: Post) -> Rows:
    """The same from the predict route."""
    found = post("/v1/predict", {"input": [_asked(row) for row in references]})
    return [predictor.numbers(one) for one in found["data"]]


def _asked(row: Example) -> str | dict[str, str]:
    """A text or a query, or a question with the passage that stands before it."""
    if not row.question.messages:
        return row.text
    *passage, question = (turn.content for turn in row.question.messages)
    return {"question": question, "context": passage[0]} if passage else question


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


def _answers(writer: Writer, references: Sequence[Example]) -> list[Scored]:
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
