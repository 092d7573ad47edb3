"""Sort texts: labels and probabilities from a classifier."""

from collections.abc import Iterator, Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Request
from pydantic import BeforeValidator, Field

from overtone.core.answer import Answer, System
from overtone.core.example import Question
from overtone.core.tasks.approve import marking
from overtone.serve.http.body import BY_SHAPE, OBJECT, TEXT, Body, Ignored, Text, listed
from overtone.serve.http.chat import Turn
from overtone.serve.http.errors import ApiError
from overtone.serve.http.hosted import follow, hosted

BATCH = 16  # texts between two looks at whether the client still waits

router = APIRouter()


class GivenAnswer(Body):
    """A conversation that ends where the assistant speaks, and the answer to be judged."""

    messages: Annotated[list[Turn], Field(min_length=1)]
    answer: Text


Input = Annotated[Annotated[Text, TEXT] | Annotated[GivenAnswer, OBJECT], BY_SHAPE]


class ClassifyBody(Body):
    """A text or an answer to a conversation, or a list of them."""

    model: Text
    input: Annotated[list[Input], BeforeValidator(listed), Field(min_length=1, max_length=1024)]
    user: Ignored = None


@router.post("/v1/classify", response_model=None)
async def classify(request: Request, body: ClassifyBody) -> dict[str, Any]:
    """For each input its most probable label and every probability; also all labels found if multi-label."""
    worker = hosted(request, body.model, "classify")
    batches = follow(request, worker, lambda: _answers(worker.system, body.input))
    answers = [answer async for batch in batches for answer in batch]
    tokens = sum(answer.prompt_tokens for answer in answers)
    return {
        "object": "list",
        "model": body.model,
        "data": [_row(worker.system, index, answer) for index, answer in enumerate(answers)],
        "usage": {"prompt_tokens": tokens, "total_tokens": tokens},
    }


def _answers(system: System, inputs: Sequence[str | GivenAnswer]) -> Iterator[list[Answer]]:
    if "generate" in system.can and any(isinstance(one, str) for one in inputs):
        raise ApiError(
            400, "the model judges answers: give each as an object of messages and answer", "input"
        )
    for start in range(0, len(inputs), BATCH):
        questions = [
            _question(str(start + place), one) for place, one in enumerate(inputs[start : start + BATCH])
        ]
        answers = system.answer(questions)
        for question, answer in zip(questions, answers, strict=True):
            if answer.error is not None:
                raise ApiError(
                    400, f"input {question.id}: {answer.error}", "input", "context_length_exceeded"
                )
        yield answers


def _question(place: str, asked: str | GivenAnswer) -> Question:
    if isinstance(asked, str):
        return Question(place, asked)
    return marking(place, [turn.message() for turn in asked.messages], asked.answer)


def _row(system: System, index: int, answer: Answer) -> dict[str, Any]:
    found = (
        {"labels": list(answer.labels(getattr(system, "threshold", 0.5)))}
        if getattr(system, "multi_label", False)
        else {}
    )
    return {"index": index, "label": answer.label, "probabilities": dict(answer.probabilities or {}), **found}
