import signal
import socket
import subprocess
import sys
import time

import httpx
import pytest

from overtone.serve.server import running
from tests.serve.conftest import KEY, build

SERVE = """
import sys, time
from overtone.generate.request import Piece, Token
from overtone.serve.server import build_app, run_server

class SlowWriter:
    can, context, max_tokens, end = frozenset({"generate"}), 100, 40, frozenset()

    def encode(self, messages):
        return (1, 2, 3)

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


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_lets_the_stream_under_way_finish_and_the_process_ends_well(number):
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    ask = {"model": "slow", "messages": [{"role": "user", "content": "hello"}], "stream": True}
    with subprocess.Popen([sys.executable, "-c", SERVE, str(port)], stderr=subprocess.PIPE) as server:
        try:
            wait_until_ready(url)
            headers = {"Authorization": f"Bearer {KEY}"}
            with httpx.stream("POST", url + "/v1/chat/completions", json=ask, headers=headers) as reply:
                lines = reply.iter_lines()
                next(lines)
                server.send_signal(number)
                rest = [line for line in lines if line]
            assert rest[-1] == "data: [DONE]" and '"finish_reason":"length"' in rest[-2]
            assert server.wait(timeout=10) == 0
            assert server.stderr.read() == b""
        finally:
            server.kill()


def test_an_application_can_run_again():
    app, _ = build()
    for _ in range(2):
        with running(app) as url:
            assert httpx.get(url + "/ready").status_code == 200
        with pytest.raises(httpx.ConnectError):
            httpx.get(url + "/ready")
