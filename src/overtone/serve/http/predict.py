"""Ask a model that is neither a classifier nor a writer: a record for each input, whatever its task is."""

from collections.abc import Iterator, Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Request
from pydantic import Field

from overtone.core.example import Message, Question
from overtone.serve.http.body import BY_SHAPE, OBJECT, TEXT, Body, Ignored, Text
from overtone.serve.http.errors import ApiError
from overtone.serve.http.hosted import follow, hosted

BATCH = 16  # inputs between two looks at whether the client still waits
router = APIRouter()


class Passage(Body):
    """A question about a passage."""

    question: Text
    context: Text


Input = Annotated[Annotated[Text, TEXT] | Annotated[Passage, OBJECT], BY_SHAPE]


class PredictBody(Body):
    """Texts, or questions each with its passage."""

    model: Text
    input: Annotated[list[Input], Field(min_length=1, max_length=1024)]
    user: Ignored = None


@router.post("/v1/predict", response_model=None)
async def predict(request: Request, body: PredictBody) -> dict[str, Any]:
    """What the model says of each input: a number, tags and spans, an answer in a passage, or an embedding."""
    worker = hosted(request, body.model, "predict")
    batches = follow(request, worker, lambda: _records(worker.system, body.input))
    records = [record async for batch in batches for record in batch]
    return {
        "object": "list",
        "model": body.model,
        "data": [{"index": index, **record} for index, record in enumerate(records)],
    }


def _records(system: Any, inputs: Sequence[str | Passage]) -> Iterator[list[dict[str, Any]]]:
    for start in range(0, len(inputs), BATCH):
        questions = [
            _question(str(start + place), one) for place, one in enumerate(inputs[start : start + BATCH])
        ]
        records = system.predict(questions)
        for question, record in zip(questions, records, strict=True):
            if "error" in record:
                message = f"input {question.id}: {record['error']}"
                raise ApiError(400, message, "input", "context_length_exceeded")
        yield records


def _question(place: str, asked: str | Passage) -> Question:
    if isinstance(asked, str):
        return Question(place, asked)
    return Question(place, messages=(Message("system", asked.context), Message("user", asked.question)))
