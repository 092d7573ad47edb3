"""Errors as OpenAI clients read them: every failure is `{"error": {"message", "type", "param", "code"}}`."""

import logging
from collections.abc import Callable, Coroutine, Mapping, Sequence
from typing import Any

from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from overtone.core.errors import UserError
from overtone.serve.worker import QueueFullError, StoppingError

LOG = logging.getLogger("overtone.serve")


class ApiError(Exception):
    """A refusal with its HTTP status; `param` names the field, `code` is for programs to compare."""

    def __init__(
        self,
        status: int,
        message: str,
        param: str | None = None,
        code: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.status, self.message, self.param, self.code, self.headers = status, message, param, code, headers

    def body(self) -> dict[str, Any]:
        """The error as JSON; text that UTF-8 cannot write is replaced."""
        message = self.message.encode("utf-8", "replace").decode()
        param = self.param.encode("utf-8", "replace").decode() if self.param is not None else None
        kind = "server_error" if self.status >= 500 else KINDS.get(self.status, "invalid_request_error")
        return {"error": {"message": message, "type": kind, "param": param, "code": self.code}}

    def response(self) -> JSONResponse:
        """The whole answer."""
        return JSONResponse(self.body(), self.status, headers=self.headers)


KINDS = {401: "authentication_error", 404: "not_found_error", 429: "rate_limit_error"}


def understand(error: Exception) -> ApiError:
    """What a client is told about an error; what nobody foresaw is logged and told without details."""
    for known, translate in TRANSLATIONS.items():
        if isinstance(error, known):
            return translate(error)
    LOG.error("a request failed", exc_info=error)
    return ApiError(500, "the server failed on this request; its log says why", code="internal_error")


def handlers() -> dict[Any, Callable[[Request, Any], Coroutine[Any, Any, Response]]]:
    """One handler for every kind of error, for FastAPI."""

    async def handle(request: Request, error: Exception) -> Response:
        return understand(error).response()

    return dict.fromkeys((*TRANSLATIONS, Exception), handle)


def context_exceeded(context: int, prompt: int, asked: int, param: str) -> ApiError:
    """The prompt and the tokens asked for do not fit the model's context; both numbers are told."""
    return ApiError(
        400,
        f"This model's maximum context length is {context} tokens. However, you requested "
        f"{prompt + asked} tokens ({prompt} in the prompt, {asked} for the answer). "
        "Shorten the prompt or ask for fewer tokens.",
        param,
        "context_length_exceeded",
    )


def _from_validation(error: Any) -> ApiError:
    """The first thing that is wrong with a body, and where."""
    first = error.errors()[0]
    if first["type"] == "json_invalid":
        return ApiError(400, f"the body is not JSON: {first['ctx']['error']}", code="invalid_json")
    param = first.get("ctx", {}).get("param") or _path(first["loc"][1:], error.body) or None
    if param is None:
        return ApiError(400, "the body must be a JSON object, sent with Content-Type: application/json")
    return ApiError(400, f"{param}: {first['msg']}", param, code="invalid_value")


def _path(location: Sequence[str | int], body: Any) -> str:
    """Where the mistake stands, as `messages.0.role`; what only names a branch of the schema is left out."""
    path, here = [], body
    for place, part in enumerate(location, 1):
        if isinstance(here, dict) and isinstance(part, str) and (part in here or place == len(location)):
            path.append(part)
            here = here.get(part)
        elif isinstance(here, list) and isinstance(part, int):
            path.append(str(part))
            here = here[part]
    return ".".join(path)


def _from_http(error: Any) -> ApiError:
    """What FastAPI itself refuses: unknown paths, wrong methods, bodies it cannot parse."""
    return ApiError(error.status_code, str(error.detail), headers=error.headers)


TRANSLATIONS: dict[type[Exception], Callable[[Any], ApiError]] = {
    ApiError: lambda error: error,
    RequestValidationError: _from_validation,
    HTTPException: _from_http,
    UserError: lambda error: ApiError(400, str(error)),
    QueueFullError: lambda error: ApiError(
        429,
        "too many requests wait for this model; try again soon",
        code="queue_full",
        headers={"Retry-After": "1"},
    ),
    StoppingError: lambda error: ApiError(
        503, "the server is stopping", code="stopping", headers={"Retry-After": "5"}
    ),
}
