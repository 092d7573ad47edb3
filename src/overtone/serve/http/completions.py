"""Go on from a raw text or from token ids: the OpenAI completions route."""

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Request
from fastapi.responses import StreamingResponse
from pydantic import BeforeValidator, Field
from pydantic_core import PydanticCustomError

from overtone.generate.request import Piece
from overtone.models.text import encode_text
from overtone.serve.http.body import Text, only
from overtone.serve.http.choices import Choices, joined, says_something
from overtone.serve.http.errors import ApiError
from overtone.serve.http.hosted import follow, hosted
from overtone.serve.http.judged import judged
from overtone.serve.http.reply import Reply
from overtone.serve.http.sampling import SamplingBody
from overtone.serve.http.stream import event_stream
from overtone.serve.http.written import Wanted, written

if TYPE_CHECKING:
    from overtone.generate.writer import Writer

MAX_TOKENS = 16  # where a request says nothing, as OpenAI clients expect

router = APIRouter()


def _single(value: Any) -> Any:
    """A list that holds one prompt is that prompt."""
    if not isinstance(value, list) or not value or isinstance(value[0], int):
        return value
    if len(value) > 1:
        raise PydanticCustomError("several", "one prompt a request; send the others in requests of their own")
    return value[0]


class CompletionBody(SamplingBody):
    """A prompt (a text or token ids) and how to go on from it."""

    prompt: Annotated[Text | list[int], BeforeValidator(_single)]
    echo: bool | None = None
    logprobs: Annotated[int, Field(ge=0, le=20)] | None = None
    best_of: Annotated[Any, only(1)] = None
    suffix: Annotated[Any, only("")] = None

    @property
    def asked(self) -> int:
        """How many tokens to write."""
        return MAX_TOKENS if self.max_tokens is None else self.max_tokens


@router.post("/v1/completions", response_model=None)
async def complete(request: Request, body: CompletionBody) -> dict[str, Any] | StreamingResponse:
    """The text that follows, whole or as a stream; with `echo` the prompt stands in front.

    `max_tokens` 0 with `echo` and `logprobs` writes nothing and tells the log-probabilities of the prompt.
    """
    worker = hosted(request, body.model, "generate")
    if body.asked == 0 and not body.echo:
        raise ApiError(400, "max_tokens: 0 is allowed with echo only", "max_tokens", "invalid_value")
    body.constraint()  # a contradiction is told before anything is written
    writer: Any = worker.system
    items = follow(request, worker, lambda: written(writer, *_order(writer, body)))
    telling = Choices(writer, body.logprobs is not None, await anext(items))
    choices = _choices(telling, body, judged(items, worker.sieve))
    reply = Reply.begin("cmpl", "text_completion", body.model, request.app.state.clock())
    if body.stream:
        return event_stream(_chunks(reply, body, telling, choices))
    whole = joined([choice async for choice in choices])
    return reply.envelope([whole], usage=telling.usage)


def _order(writer: "Writer", body: CompletionBody) -> tuple[Any, Wanted, Any]:
    """How to encode, what is wanted, and how to make the decoder's request."""
    alternatives = body.logprobs or 0
    return (
        lambda: _encode(writer, body.prompt),
        Wanted(body.asked, "prompt", bool(body.echo and body.logprobs is not None), alternatives),
        lambda prompt, tokens: body.request(prompt, tokens, writer.end, alternatives),
    )


async def _choices(
    telling: Choices, body: CompletionBody, pieces: AsyncIterator[Piece]
) -> AsyncIterator[dict[str, Any]]:
    """The echo where it is asked for, then a choice a token."""
    if body.echo:
        yield telling.echo(body.prompt, finish=None if body.asked else "length")
    async for piece in pieces:
        yield telling.piece(piece)


async def _chunks(
    reply: Reply, body: CompletionBody, telling: Choices, choices: AsyncIterator[dict[str, Any]]
) -> AsyncIterator[dict[str, Any]]:
    """Choices that say something, then the usage where asked for."""
    rest: dict[str, Any] = {"usage": None} if body.tells_usage else {}
    async for choice in choices:
        if says_something(choice):
            yield reply.envelope([choice], **rest)
    if body.tells_usage:
        yield reply.envelope([], usage=telling.usage)


def _encode(writer: "Writer", prompt: str | list[int]) -> tuple[int, ...]:
    """Token ids of a prompt; ApiError where there are none, or some that the model does not know."""
    tokens = tuple(encode_text(writer.base, prompt) if isinstance(prompt, str) else prompt)
    if not tokens:
        raise ApiError(
            400, "prompt: has no tokens, so there is nothing to go on from", "prompt", "invalid_value"
        )
    if min(tokens) < 0 or max(tokens) >= writer.vocabulary:
        message = f"prompt: token ids go from 0 to {writer.vocabulary - 1}"
        raise ApiError(400, message, "prompt", "invalid_value")
    return tokens
