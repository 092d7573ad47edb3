"""What every request passes before any route sees it: its Host, its key, its size."""

import asyncio
import hmac
from contextlib import suppress
from hashlib import sha256

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from overtone.serve.http.errors import ApiError

OPEN_PATHS = frozenset({"/health", "/ready"})
RECEIVE_SECONDS = 10  # how long a client may take to send its body
LINGER_SECONDS = 1  # how long a body that is refused is still taken in


class HostGuard:
    """Refuses requests that name another host, as pages do whose DNS name was turned to this address."""

    def __init__(self, app: ASGIApp, allowed: frozenset[str] | None) -> None:
        self.app, self._allowed = app, allowed

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or refuse it."""
        if scope["type"] == "http" and not self._allows(Headers(scope=scope).getlist("host")):
            error = ApiError(403, "this server does not answer for the host that the request names")
            return await error.response()(scope, receive, send)
        await self.app(scope, receive, send)

    def _allows(self, hosts: list[str]) -> bool:
        return self._allowed is None or (len(hosts) == 1 and host_name(hosts[0]) in self._allowed)


class KeyGuard:
    """Refuses every path but the open ones without the right `Authorization: Bearer` key."""

    def __init__(self, app: ASGIApp, key: str | None) -> None:
        self.app = app
        self._digest = sha256(key.encode()).digest() if key is not None else None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or refuse it."""
        if scope["type"] == "http" and scope["path"] not in OPEN_PATHS and not self._opens(scope):
            error = ApiError(
                401,
                "a valid API key is needed: send it as 'Authorization: Bearer KEY'",
                code="invalid_api_key",
                headers={"WWW-Authenticate": "Bearer"},
            )
            return await error.response()(scope, receive, send)
        await self.app(scope, receive, send)

    def _opens(self, scope: Scope) -> bool:
        """Compared as digests in constant time, so that time tells nothing about the key."""
        if self._digest is None:
            return True
        scheme, _, key = Headers(scope=scope).get("authorization", "").partition(" ")
        given = sha256(key.strip().encode("latin-1")).digest()
        return scheme.lower() == "bearer" and hmac.compare_digest(given, self._digest)


class BodyGuard:
    """Reads the body up to a limit, in a limited time, before the application sees the request."""

    def __init__(self, app: ASGIApp, limit: int) -> None:
        self.app, self._limit = app, limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or refuse it."""
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        body = None
        error = ApiError(413, f"the body is larger than {self._limit} bytes", code="body_too_large")
        try:
            async with asyncio.timeout(RECEIVE_SECONDS):
                body = await self._read(Headers(scope=scope).get("content-length", "0"), receive)
        except TimeoutError:
            error = ApiError(408, f"the body did not arrive within {RECEIVE_SECONDS} seconds")
        if body is None:
            return await _refuse(error, receive, send)
        await self.app(scope, _replay(body, receive), send)

    async def _read(self, announced: str, receive: Receive) -> bytes | None:
        """The body; None as soon as it is announced or found to be too large."""
        if not announced.isdecimal() or int(announced[:12]) > self._limit:
            return None
        body, more = b"", True
        while more and len(body) <= self._limit:
            message = await receive()
            body += message.get("body", b"")
            more = message.get("more_body", False)
        return body if len(body) <= self._limit else None


def host_name(host: str) -> str:
    """A Host header without its port: `[::1]:80` is `::1`."""
    name = host[1:].partition("]")[0] if host.startswith("[") else host.partition(":")[0]
    return name.lower()


async def _refuse(error: ApiError, receive: Receive, send: Send) -> None:
    """Answer at once, and throw away what still comes before closing, so that the client reads the answer."""
    response = error.response()
    headers = [*response.raw_headers, (b"connection", b"close")]
    await send({"type": "http.response.start", "status": response.status_code, "headers": headers})
    await send({"type": "http.response.body", "body": response.body, "more_body": True})
    with suppress(TimeoutError):
        async with asyncio.timeout(LINGER_SECONDS):
            while (await receive()).get("more_body", False):
                pass
    await send({"type": "http.response.body", "body": b""})


def _replay(body: bytes, receive: Receive) -> Receive:
    """Give the body that was read once, then what really comes (that the client has gone)."""
    pending: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def again() -> Message:
        return pending.pop() if pending else await receive()

    return again
