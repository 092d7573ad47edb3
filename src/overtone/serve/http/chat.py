"""Answer a conversation: the OpenAI chat completions route."""

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Annotated, Any, Literal

from fastapi import APIRouter, Request
from fastapi.responses import StreamingResponse
from pydantic import Field

from overtone.core.example import Message
from overtone.generate.request import Piece, Token
from overtone.serve.http.body import Body, Text, only
from overtone.serve.http.errors import ApiError
from overtone.serve.http.hosted import follow, hosted
from overtone.serve.http.judged import judged
from overtone.serve.http.log_probabilities import chat_content
from overtone.serve.http.reply import Reply, text_of, tokens_of, usage
from overtone.serve.http.sampling import SamplingBody
from overtone.serve.http.stream import event_stream
from overtone.serve.http.written import Opened, Wanted, written

if TYPE_CHECKING:
    from overtone.generate.writer import Writer

router = APIRouter()


class TextPart(Body):
    """A part of a message; only text is understood."""

    type: Literal["text"]
    text: Text


class Turn(Body):
    """One message; the fields that clients copy from an earlier answer must be empty."""

    role: Literal["system", "user", "assistant"]
    content: Text | list[TextPart]
    refusal: Annotated[Any, only(None)] = None
    annotations: Annotated[Any, only([])] = None
    audio: Annotated[Any, only(None)] = None
    function_call: Annotated[Any, only(None)] = None
    tool_calls: Annotated[Any, only([])] = None

    def message(self) -> Message:
        """The message with its parts joined."""
        parts = self.content if isinstance(self.content, list) else []
        text = self.content if isinstance(self.content, str) else "".join(part.text for part in parts)
        return Message(self.role, text)


class ChatBody(SamplingBody):
    """A conversation and how to go on from it."""

    messages: Annotated[list[Turn], Field(min_length=1)]
    max_completion_tokens: Annotated[int, Field(ge=1)] | None = None
    logprobs: bool | None = None
    top_logprobs: Annotated[int, Field(ge=0, le=20)] | None = None
    tools: Annotated[Any, only([])] = None
    tool_choice: Annotated[Any, only("none")] = None
    store: Annotated[Any, only(False)] = None

    def check(self) -> None:
        """ApiError where two fields contradict each other."""
        self.constraint()
        if self.top_logprobs and not self.logprobs:
            raise ApiError(400, "top_logprobs: needs logprobs to be true", "top_logprobs", "invalid_value")
        if self.max_tokens == 0:
            raise ApiError(400, "max_tokens: must be at least 1", "max_tokens", "invalid_value")
        if None not in (self.max_tokens, self.max_completion_tokens):
            raise ApiError(
                400, "max_tokens: give it or max_completion_tokens, not both", "max_tokens", "invalid_value"
            )


@router.post("/v1/chat/completions", response_model=None)
async def chat(request: Request, body: ChatBody) -> dict[str, Any] | StreamingResponse:
    """The assistant's next turn, whole or as a stream."""
    worker = hosted(request, body.model, "generate")
    body.check()
    writer: Any = worker.system
    items = follow(request, worker, lambda: written(writer, *_order(writer, body)))
    opened: Opened = await anext(items)
    answer = judged(items, worker.sieve)
    if body.stream:
        return event_stream(_chunks(request, body, writer, opened, answer))
    pieces = [piece async for piece in answer]
    choice = {
        "index": 0,
        "message": {"role": "assistant", "content": text_of(pieces)},
        "logprobs": _log_probabilities(body, writer, tokens_of(pieces)),
        "finish_reason": pieces[-1].finish,
    }
    reply = Reply.begin("chatcmpl", "chat.completion", body.model, request.app.state.clock())
    return reply.envelope([choice], usage=usage(len(opened.prompt), len(pieces)))


def _order(writer: "Writer", body: ChatBody) -> tuple[Any, Wanted, Any]:
    """How to encode, what is wanted, and how to make the decoder's request."""
    messages = [turn.message() for turn in body.messages]
    asked = body.max_tokens if body.max_completion_tokens is None else body.max_completion_tokens
    alternatives = body.top_logprobs or 0
    return (
        lambda: writer.encode(messages),
        Wanted(asked, "messages"),
        lambda prompt, tokens: body.request(prompt, tokens, writer.end, alternatives),
    )


async def _chunks(
    request: Request, body: ChatBody, writer: "Writer", opened: Opened, pieces: AsyncIterator[Piece]
) -> AsyncIterator[dict[str, Any]]:
    """The role, then text as it comes, then why it ended, then the usage where asked for."""
    reply = Reply.begin("chatcmpl", "chat.completion.chunk", body.model, request.app.state.clock())
    rest: dict[str, Any] = {"usage": None} if body.tells_usage else {}
    yield reply.envelope([_delta({"role": "assistant", "content": ""})], **rest)
    count, finish = 0, None
    async for piece in pieces:
        count, finish = count + 1, piece.finish
        told = _log_probabilities(body, writer, tokens_of([piece]))
        if piece.text or (told and told["content"]):
            yield reply.envelope([_delta({"content": piece.text}, told)], **rest)
    yield reply.envelope([_delta({}, finish=finish)], **rest)
    if body.tells_usage:
        yield reply.envelope([], usage=usage(len(opened.prompt), count))


def _delta(
    delta: dict[str, Any], told: dict[str, Any] | None = None, finish: str | None = None
) -> dict[str, Any]:
    return {"index": 0, "delta": delta, "logprobs": told, "finish_reason": finish}


def _log_probabilities(body: ChatBody, writer: "Writer", tokens: list[Token]) -> dict[str, Any] | None:
    return {"content": chat_content(writer, tokens), "refusal": None} if body.logprobs else None
