"""Say how good answers to a conversation are: rewards from a reward model."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Request
from pydantic import Field

from overtone.core.errors import UserError
from overtone.core.example import Message
from overtone.serve.http.body import Body, Ignored, Text, Texts
from overtone.serve.http.chat import Turn
from overtone.serve.http.errors import ApiError
from overtone.serve.http.hosted import follow, hosted

if TYPE_CHECKING:
    from overtone.engine.reward_model import RewardModel

router = APIRouter()


class RewardsBody(Body):
    """A conversation that ends where the assistant speaks, and answers to it."""

    model: Text
    messages: Annotated[list[Turn], Field(min_length=1)]
    answers: Annotated[Texts, Field(min_length=1, max_length=1024)]
    user: Ignored = None


@router.post("/v1/rewards", response_model=None)
async def rewards(request: Request, body: RewardsBody) -> dict[str, Any]:
    """For each answer its reward; the odds that one is preferred to another are exp(their difference)."""
    worker = hosted(request, body.model, "reward")
    model: Any = worker.system
    turns = tuple(turn.message() for turn in body.messages)
    items = follow(request, worker, lambda: _rewards(model, turns, body.answers))
    found = [reward async for reward in items]
    return {
        "object": "list",
        "model": body.model,
        "data": [{"index": index, "reward": reward} for index, reward in enumerate(found)],
    }


def _rewards(model: "RewardModel", turns: tuple[Message, ...], answers: Sequence[str]) -> Iterator[float]:
    try:
        yield from model.rewards([(*turns, Message("assistant", answer)) for answer in answers])
    except UserError as error:
        raise ApiError(400, str(error), "answers", "context_length_exceeded") from None
