import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager

import httpx
import pytest

from overtone.core.errors import UserError
from overtone.serve.draining import REFUSING_SECONDS
from overtone.serve.server import run_server, running
from tests.serve.conftest import KEY, build

SERVE = """
import sys, time
from overtone.generate.request import Piece, Token
from overtone.serve.server import build_app, run_server

class SlowWriter:
    can, context, max_tokens, end = frozenset({"generate"}), 100, 40, frozenset()

    def encode(self, messages):
        return (1, 2, 3)

    def room(self, prompt):
        return self.context - len(prompt)

    def stream(self, request):
        for place in range(40):
            time.sleep(0.02)
            yield Piece(0, Token(7, -0.1), "so ", finish="length" if place == 39 else None)

app = build_app({"slow": SlowWriter()}, key="test-key-123")
assert "torch" not in sys.modules
run_server(app, port=int(sys.argv[1]))
"""


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_until_ready(url):
    for _ in range(600):
        try:
            return httpx.get(url + "/ready")
        except httpx.ConnectError:
            time.sleep(0.05)
    raise TimeoutError(url)


@pytest.fixture
def slow_server():
    """A process that serves a writer of 0.8 seconds an answer, and its address."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    with subprocess.Popen([sys.executable, "-c", SERVE, str(port)], stderr=subprocess.PIPE) as server:
        try:
            wait_until_ready(url)
            yield server, url
        finally:
            server.kill()


ASK = {"model": "slow", "messages": [{"role": "user", "content": "hello"}]}
HEADERS = {"Authorization": f"Bearer {KEY}"}


@contextmanager
def stream_begun(url):
    """The lines that a streamed answer still has after its first."""
    asked = {"url": url + "/v1/chat/completions", "json": {**ASK, "stream": True}, "headers": HEADERS}
    with httpx.stream("POST", **asked) as reply:
        lines = reply.iter_lines()
        next(lines)
        yield lines


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_lets_the_stream_under_way_finish_and_the_process_ends_well(slow_server, number):
    server, url = slow_server
    with stream_begun(url) as lines:
        server.send_signal(number)
        rest = [line for line in lines if line]
    assert rest[-1] == "data: [DONE]" and '"finish_reason":"length"' in rest[-2]
    assert server.wait(timeout=10) == 0
    assert server.stderr.read() == b""


def test_new_requests_are_refused_in_words_for_a_moment_after_sigterm(slow_server):
    server, url = slow_server
    with stream_begun(url) as lines:
        server.send_signal(signal.SIGTERM)
        time.sleep(0.3)
        refused = httpx.post(url + "/v1/chat/completions", json=ASK, headers=HEADERS)
        assert list(lines)[-2] == "data: [DONE]"
    assert (refused.status_code, refused.headers["retry-after"]) == (503, "5")
    assert refused.json()["error"]["message"] == "the server is stopping"
    assert [httpx.get(url + path).status_code for path in ("/ready", "/health")] == [503, 200]
    server.send_signal(signal.SIGTERM)
    begun = time.monotonic()
    assert server.wait(timeout=10) == 0
    assert time.monotonic() - begun < REFUSING_SECONDS / 2


def test_a_port_in_use_is_refused_in_words_and_nobody_is_told_that_it_listens():
    app, _ = build()
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(UserError) as refused:
            run_server(app, port=port, listening=pytest.fail)
    assert str(refused.value) == (
        f"cannot listen on 127.0.0.1:{port} (Address already in use): choose another port or address"
    )


def test_an_application_can_run_again():
    app, _ = build()
    for _ in range(2):
        with running(app) as url:
            assert httpx.get(url + "/ready").status_code == 200
        with pytest.raises(httpx.ConnectError):
            httpx.get(url + "/ready")
