"""Asking an OpenAI-compatible endpoint over HTTP: patience where it is busy, a clear word where it refuses."""

import http.client
import json
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from typing import Any

from overtone.core.errors import UserError

BUSY = frozenset({408, 409, 425, 429})  # and all from 500 on: the same question may be answered later
LONGEST_WAIT = 120.0  # seconds between two tries, whatever the server asks for
LARGEST_REPLY = 16_000_000  # bytes
REACH_SECONDS = 10.0  # for the first look whether anybody is there
TROUBLE = (OSError, http.client.HTTPException)  # urllib's own errors are OSErrors


class Declined(Exception):
    """The endpoint does not take this one question (status 400, 413 or 422); the others may be fine."""


@dataclass(frozen=True)
class Reply:
    """What came back, and the seconds of the try that brought it."""

    body: Mapping[str, Any]
    seconds: float


class NoRedirects(urllib.request.HTTPRedirectHandler):
    """Follows nobody: a key must not travel to another host."""

    def redirect_request(self, *arguments: Any, **keywords: Any) -> None:
        """Never."""


@dataclass
class Client:
    """Posts JSON below `base_url`; may be used by several threads. `retried` counts further tries."""

    base_url: str
    key: str | None = field(repr=False)
    timeout_seconds: float
    retries: int
    wait: Callable[[float], object] | None = None  # absent: real time, until `stop` is called
    retried: int = 0
    _stopped: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self._open = urllib.request.build_opener(NoRedirects()).open

    def reach(self) -> None:
        """UserError where nobody answers at the address or the key is refused; nothing but the key is sent."""
        try:
            self._send("models", None, REACH_SECONDS)
        except urllib.error.HTTPError as error:
            error.close()
            if error.code == 401:
                raise self._refusal(error.code) from None
        except TROUBLE as error:
            raise UserError(
                f"nobody answers at {self.base_url}: {_reason(error)}. Start the server, or correct base_url."
            ) from None

    def chat(self, body: Mapping[str, Any]) -> Reply:
        """The reply to a chat completion. Declined where this question is not taken; UserError where none can be."""
        for attempt in range(self.retries + 1):
            start = time.perf_counter()
            try:
                contents = self._send("chat/completions", body, self.timeout_seconds)
                return Reply(_parsed(contents, self.base_url), time.perf_counter() - start)
            except urllib.error.HTTPError as error:
                with error:
                    if error.code not in BUSY and error.code < 500:
                        raise self._refused(error) from None
                trouble, delay = f"status {error.code}", _asked_wait(error.headers.get("Retry-After"))
            except TROUBLE as error:
                trouble, delay = _reason(error), None
            if attempt == self.retries or self._stopped.is_set():
                break
            self.retried += 1
            (self.wait or self._stopped.wait)(min(LONGEST_WAIT, 2.0**attempt if delay is None else delay))
        raise UserError(
            f"{self.base_url} gave no answer in {self.retries + 1} tries ({trouble}). What it answered so far is "
            "kept: run the same command again when it is back."
        )

    def stop(self) -> None:
        """End all waiting; tries that are under way still come to their end."""
        self._stopped.set()

    def _send(self, path: str, body: Mapping[str, Any] | None, seconds: float) -> bytes:
        headers = {"Content-Type": "application/json", "User-Agent": "overtone"}
        if self.key:
            headers["Authorization"] = f"Bearer {self.key}"
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{self.base_url.rstrip('/')}/{path}", data, headers)
        with self._open(request, timeout=seconds) as response:
            contents: bytes = response.read(LARGEST_REPLY)
        return contents

    def _refused(self, error: urllib.error.HTTPError) -> Exception:
        if error.code in (400, 413, 422):
            return Declined(f"status {error.code}: {_message(error.read(LARGEST_REPLY))}")
        return self._refusal(error.code)

    def _refusal(self, status: int) -> UserError:
        reasons = {
            401: "does not take the key",
            403: "does not allow this",
            404: "has no such model or address",
        }
        reason = reasons.get(status, "refuses")
        return UserError(
            f"{self.base_url} {reason} (status {status}): check base_url, model and the variable that key_variable "
            "names."
        )


def _parsed(contents: bytes, base_url: str) -> Mapping[str, Any]:
    try:
        body = json.loads(contents)
        if body["choices"][0]["message"] is None:
            raise TypeError
    except (ValueError, KeyError, IndexError, TypeError):
        raise UserError(
            f"what answers at {base_url} is no OpenAI-compatible chat: its reply holds no choices. Check base_url; it "
            "often ends in /v1."
        ) from None
    found: Mapping[str, Any] = body
    return found


def _message(contents: bytes) -> str:
    """What an error's body says, shortened."""
    try:
        said = json.loads(contents)["error"]
        text = said["message"] if isinstance(said, dict) else said
    except (ValueError, KeyError, TypeError):
        text = contents.decode(errors="replace")
    return " ".join(str(text).split())[:200] or "no reason given"


def _reason(error: Exception) -> str:
    reason = getattr(error, "reason", error)
    words = getattr(reason, "strerror", None) or str(reason) or type(reason).__name__
    return str(words).lower()


def _asked_wait(header: str | None) -> float | None:
    """The seconds that Retry-After asks for, as a number or a date; None where it says nothing that can be read."""
    if not header:
        return None
    try:
        return max(0.0, float(header))
    except ValueError:
        pass
    try:
        return max(0.0, parsedate_to_datetime(header).timestamp() - time.time())
    except ValueError:
        return None
