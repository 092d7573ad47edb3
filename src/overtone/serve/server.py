"""Put models behind HTTP: build the application, run it, or run it for the length of a `with` block."""

import asyncio
import secrets
import signal
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager
from typing import TYPE_CHECKING, Any

from overtone.core.answer import System
from overtone.core.errors import MissingExtra, UserError
from overtone.serve.address import allowed_hosts, base_url, check_address, listen
from overtone.serve.worker import Worker

if TYPE_CHECKING:
    from fastapi import FastAPI
    from uvicorn import Server

    from overtone.evaluate.safety.output_filter import Filtered

MAX_BODY_BYTES = 1_000_000
GRACE_SECONDS = 30  # how long requests under way may go on after the signal to stop


def build_app(
    models: Mapping[str, System],
    key: str | None = None,
    host: str = "127.0.0.1",
    queue: int = 64,
    clock: Callable[[], float] = time.time,
    filters: "Mapping[str, Filtered] | None" = None,
) -> "FastAPI":
    """The application that serves `models` by name; every route but health and readiness asks for the key.

    `host` is the address it will be served on: requests must name it or a loopback name. `queue` is how many
    requests may wait for one model. What a model writes passes the filter of its name in `filters`.
    """
    try:
        from fastapi import FastAPI
    except ImportError:
        raise MissingExtra("serving", "serve") from None
    from overtone.serve.http import chat, classify, completions, health, predict, rewards
    from overtone.serve.http import models as listing
    from overtone.serve.http.errors import handlers
    from overtone.serve.http.guards import BodyGuard, HostGuard, KeyGuard

    _check_key(key)
    sieves = filters or {}
    workers = {name: Worker(name, system, queue, sieves.get(name)) for name, system in models.items()}
    app = FastAPI(
        lifespan=_working(workers),
        openapi_url=None,  # no route describes the server to those without a key
        redirect_slashes=False,
        exception_handlers=handlers(),
    )
    app.state.workers, app.state.clock, app.state.has_key = workers, clock, key is not None
    for route in (health, listing, chat, completions, classify, predict, rewards):
        app.include_router(route.router)
    app.add_middleware(BodyGuard, limit=MAX_BODY_BYTES)
    app.add_middleware(KeyGuard, key=key)
    app.add_middleware(HostGuard, allowed=allowed_hosts(host))  # added last, so asked first
    return app


def run_server(
    app: "FastAPI",
    host: str = "127.0.0.1",
    port: int = 8000,
    listening: Callable[[str], None] | None = None,
) -> None:
    """Serve until a signal; then refuse new requests, let those under way finish, and return.

    `listening` hears the base URL as soon as the address is taken.
    """
    check_address(host, app.state.has_key)
    with listen(host, port) as listener, _signals_end_in_peace():
        if listening:
            listening(base_url(host, listener.getsockname()[1]))
        _server(app).run(sockets=[listener])


@contextmanager
def running(app: "FastAPI") -> Iterator[str]:
    """Serve on a free loopback port in a thread while the block runs; yields the base URL."""
    server = _server(app)
    with listen("127.0.0.1", 0) as listener:
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, name="server")
        thread.start()
        try:
            while not server.started and thread.is_alive():
                time.sleep(0.005)
            yield base_url("127.0.0.1", listener.getsockname()[1])
        finally:
            server.should_exit = True
            thread.join()


def new_key() -> str:
    """A fresh API key."""
    return f"ot-{secrets.token_urlsafe(32)}"


def _server(app: "FastAPI") -> "Server":
    from uvicorn import Config

    from overtone.serve.draining import DrainingServer

    settings: dict[str, Any] = {"access_log": False, "server_header": False, "log_level": "warning"}
    config = Config(
        app, http="h11", ws="none", lifespan="on", timeout_graceful_shutdown=GRACE_SECONDS, **settings
    )
    return DrainingServer(config, app.state.workers.values())


@contextmanager
def _signals_end_in_peace() -> Iterator[None]:
    """The server raises its signal again once it has stopped; a clean stop is no failure of the process."""
    before = {number: signal.signal(number, lambda *_: None) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _working(workers: Mapping[str, Worker]) -> "Callable[[FastAPI], AbstractAsyncContextManager[None]]":
    """The application's life: its workers' threads run from start to end."""

    @asynccontextmanager
    async def lifespan(app: "FastAPI") -> AsyncIterator[None]:
        for worker in workers.values():
            worker.start()
        yield
        for worker in workers.values():
            await asyncio.to_thread(worker.stop)

    return lifespan


def _check_key(key: str | None) -> None:
    if key is not None and (not key.isascii() or not key.isprintable() or " " in key or not key):
        raise UserError(
            "the API key is empty or has characters that no header can carry: use letters and digits"
        )
