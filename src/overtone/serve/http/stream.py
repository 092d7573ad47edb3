"""Server-sent events: chunks of JSON, then `[DONE]`; an error on the way ends the stream without it."""

import json
from collections.abc import AsyncIterator, Mapping
from typing import Any

from fastapi.responses import StreamingResponse

from overtone.serve.http.errors import understand


def event_stream(chunks: AsyncIterator[Mapping[str, Any]]) -> StreamingResponse:
    """A response that sends each chunk as it comes."""
    headers = {"Cache-Control": "no-cache", "X-Accel-Buffering": "no"}
    return StreamingResponse(_events(chunks), media_type="text/event-stream", headers=headers)


async def _events(chunks: AsyncIterator[Mapping[str, Any]]) -> AsyncIterator[str]:
    try:
        async for chunk in chunks:
            yield _event(chunk)
        yield "data: [DONE]\n\n"
    except Exception as error:  # the status line is out already, so the client is told in the stream
        yield _event(understand(error).body())


def _event(chunk: Mapping[str, Any]) -> str:
    """One event. ASCII only: some clients take U+2028 and its like for the end of a line."""
    return f"data: {json.dumps(chunk, ensure_ascii=True, allow_nan=False, separators=(',', ':'))}\n\n"
