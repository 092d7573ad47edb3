import socket
import time

import httpx
import openai
import pytest
from starlette.routing import Route

from overtone.core.errors import UserError
from overtone.serve.address import check_address, is_loopback
from overtone.serve.http.guards import host_name
from overtone.serve.server import build_app, new_key, run_server
from tests.serve.conftest import KEY, FakeClassifier

PUBLIC = {"/health", "/ready"}


def routes(app):
    """Every path and method that the application answers, with its parameters filled."""
    found = [(route.path.replace("{name:path}", "sorter"), route.methods) for route in walk(app.routes)]
    return [(path, method) for path, methods in found for method in methods]


def walk(found):
    for route in found:
        inner = getattr(route, "routes", None) or getattr(
            getattr(route, "original_router", None), "routes", None
        )
        if isinstance(route, Route) or hasattr(route, "methods"):
            yield route
        elif inner:
            yield from walk(inner)


WRONG = [
    None,
    "Bearer",
    "Bearer wrong",
    KEY,
    f"Basic {KEY}",
    f"Bearer {KEY[:-1]}",
    f"Bearer {KEY}x",
    "Bearer schlüssel",
]


@pytest.mark.parametrize("authorization", WRONG)
def test_every_route_but_two_needs_the_key(served, authorization):
    listed = routes(served.app)
    paths = {path for path, _ in listed}
    assert paths == PUBLIC | {
        "/v1/models", "/v1/models/sorter", "/v1/chat/completions", "/v1/completions", "/v1/classify", "/v1/predict",
        "/v1/rewards",
    }  # fmt: skip
    for path, method in [
        *listed,
        ("/docs", "GET"),
        ("/openapi.json", "GET"),
        ("/no/such", "POST"),
        ("/health/", "GET"),
    ]:
        headers = {"Authorization": authorization.encode()} if authorization else {}
        reply = httpx.request(method, served.url + path, headers=headers, json={"model": "sorted"})
        assert reply.status_code == (200 if path in PUBLIC else 401), path
        if path not in PUBLIC:
            assert reply.json()["error"]["code"] == "invalid_api_key" and "sorter" not in reply.text


def test_the_client_library_sees_the_refusal(served):
    with (
        openai.OpenAI(base_url=served.url + "/v1", api_key="wrong", max_retries=0) as client,
        pytest.raises(openai.AuthenticationError),
    ):
        client.models.list()


def test_models_are_listed_and_an_unknown_one_is_named_with_the_nearest(client):
    assert [model.id for model in client.models.list()] == ["support/tiny", "sorter", "tagger"]
    assert client.models.retrieve("support/tiny").owned_by == "overtone"
    with pytest.raises(openai.NotFoundError) as caught:
        client.chat.completions.create(model="suport/tiny", messages=[{"role": "user", "content": "x"}])
    assert caught.value.code == "model_not_found" and "Did you mean 'support/tiny'?" in caught.value.message


def test_unknown_paths_and_methods_get_the_same_kind_of_body(served):
    headers = {"Authorization": f"Bearer {KEY}"}
    for method, path, status in (
        ("GET", "/nope", 404),
        ("DELETE", "/v1/models", 405),
        ("OPTIONS", "/v1/models", 405),
    ):
        reply = httpx.request(method, served.url + path, headers={**headers, "Origin": "http://evil.example"})
        assert reply.status_code == status and set(reply.json()["error"]) == {
            "message",
            "type",
            "param",
            "code",
        }
        assert not any(name.startswith("access-control") for name in reply.headers)


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:80", "127.0.0.1.evil.example", "null", "localhost.", ""]
)
def test_a_foreign_host_is_refused(served, host):
    assert served.post("/v1/classify", {}, headers={"Host": host}).status_code in (400, 403)
    assert httpx.get(served.url + "/health", headers={"Host": host}).status_code in (400, 403)


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:99", "127.0.0.1:1", "[::1]:8000", "[::1]"])
def test_loopback_names_are_served(served, host):
    assert httpx.get(served.url + "/health", headers={"Host": host}).status_code == 200


def test_a_host_header_loses_its_port():
    assert [host_name(name) for name in ("A.b:80", "[::1]:80", "[::1]")] == ["a.b", "::1", "::1"]


MALFORMED = [
    b"",
    b"{",
    b"[]",
    b"null",
    b'"text"',
    b"\xff\xfe",
    b'{"model": NaN}',
    b'{"a":' * 20000 + b"1" + b"}" * 20000,
    b'{"model": "\\ud800", "input": "x"}',
    b'{"\\ud800": 1, "model": "sorter", "input": "x"}',
    b'{"model": "sorter", "input": ["\\udfff"]}',
    b'{"model": "support/tiny", "prompt": "\\ud800", "messages": [{"role": "user", "content": "\\ud800"}]}',
    b'{"model": "sorter", "input": ' + b"9" * 5000 + b"}",
    b'{"model": 1}',
]


@pytest.mark.parametrize("body", MALFORMED, ids=range(len(MALFORMED)))
@pytest.mark.parametrize("path", ["/v1/chat/completions", "/v1/completions", "/v1/classify"])
def test_malformed_bodies_are_refused_and_the_server_lives(served, path, body):
    reply = served.post(path, headers={"Content-Type": "application/json"}, content=body)
    assert reply.status_code == 400, reply.text
    assert set(reply.json()["error"]) == {"message", "type", "param", "code"}
    assert httpx.get(served.url + "/ready").status_code == 200


def test_a_body_that_is_not_said_to_be_json_is_refused(served):
    reply = served.post(
        "/v1/classify", headers={"Content-Type": "text/plain"}, content=b'{"model": "sorter"}'
    )
    assert reply.status_code == 400 and "application/json" in reply.json()["error"]["message"]


def exchange(served, head, body=b""):
    port = int(served.url.rpartition(":")[2])
    with socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
        connection.sendall(head.encode() + b"\r\n" + body)
        return connection.makefile("rb").read()


HEAD = (
    f"POST /v1/classify HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {KEY}\r\n"
    "Content-Type: application/json\r\n"
)


def test_a_body_that_is_announced_too_large_is_refused_before_it_is_sent(served):
    start = time.monotonic()
    answer = exchange(served, HEAD + "Content-Length: 1000000000\r\n")
    assert answer.startswith(b"HTTP/1.1 413") and b'"code":"body_too_large"' in answer
    assert time.monotonic() - start < 3


def test_a_body_in_chunks_is_refused_as_soon_as_it_is_too_large(served):
    chunk = b"10000\r\n" + b"x" * 0x10000 + b"\r\n"
    answer = exchange(served, HEAD + "Transfer-Encoding: chunked\r\n", chunk * 16)  # and never an end
    assert answer.startswith(b"HTTP/1.1 413")


def test_a_client_that_sends_too_much_can_still_read_why(served):
    reply = served.post("/v1/classify", {"model": "sorter", "input": "x" * 5_000_000})
    assert reply.status_code == 413 and reply.json()["error"]["message"].startswith("the body is larger than")


def test_a_body_that_stalls_is_closed(served, monkeypatch):
    monkeypatch.setattr("overtone.serve.http.guards.RECEIVE_SECONDS", 0.1)
    answer = exchange(served, HEAD + "Content-Length: 20\r\n", b"{")
    assert answer.startswith(b"HTTP/1.1 408")


def test_a_large_body_within_the_limit_is_read(served):
    reply = served.post("/v1/classify", {"model": "sorter", "input": "x" * 900_000})
    assert reply.json()["error"]["code"] == "context_length_exceeded"


def test_a_public_address_needs_a_key():
    app = build_app({"sorter": FakeClassifier()})
    with pytest.raises(UserError, match=r"refusing to serve on 0\.0\.0\.0 without a key"):
        run_server(app, host="0.0.0.0", port=0)
    check_address("0.0.0.0", has_key=True)
    assert all(map(is_loopback, ("127.0.0.1", "127.0.0.9", "::1", "localhost")))
    assert not any(map(is_loopback, ("example.org", "10.0.0.1", "0.0.0.0", "::", "")))


def test_a_port_in_use_is_one_sentence(served):
    port = int(served.url.rpartition(":")[2])
    with pytest.raises(UserError, match=f"cannot listen on 127.0.0.1:{port}"):
        run_server(build_app({"sorter": FakeClassifier()}), port=port)


@pytest.mark.parametrize("key", ["", "two words", "schlüssel", "line\n"])
def test_a_key_that_no_header_can_carry_is_refused(key):
    with pytest.raises(UserError, match="API key"):
        build_app({}, key=key)
    assert new_key() != new_key()


def test_without_a_key_loopback_is_open():
    from fastapi.testclient import TestClient

    with TestClient(build_app({"sorter": FakeClassifier()}), base_url="http://localhost") as client:
        assert client.get("/v1/models").status_code == 200
