"""The endpoint: what is sent, what is read, patience, cost, and answers that are not paid for twice."""

import json
import threading
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from pydantic import TypeAdapter, ValidationError

from overtone.core.errors import UserError
from overtone.core.example import Message, Question
from overtone.decide.endpoint_client import Client, Declined
from overtone.decide.endpoint_labels import Labels
from overtone.decide.offers import default_rivals
from overtone.decide.rival import Rival
from overtone.decide.rivals.endpoint import Endpoint
from tests.decide.materials import ROWS, answering, sorting

ASKED = [Question(f"t{row}", text=text) for row, (text, *_) in enumerate(ROWS)]
CHAT = [Question("q", messages=(Message("system", "Be kind."), Message("user", "slow wifi")))]
RIVALS = TypeAdapter(list[Rival])


def said(text, read=10, written=2, finish="stop"):
    usage = {"prompt_tokens": read, "completion_tokens": written}
    return 200, {}, {"choices": [{"message": {"content": text}, "finish_reason": finish}], "usage": usage}


class Served:
    """A server whose `reply` says what comes to the body of each request; it notes what it was sent."""

    def __init__(self, reply):
        self.reply, self.sent, self.keys, self.paths = reply, [], [], []

    @contextmanager
    def running(self):
        class Handler(BaseHTTPRequestHandler):
            def do_GET(handler):  # noqa: N805
                self.paths.append(handler.path)
                self.write(handler, 404, {}, {})

            def do_POST(handler):  # noqa: N805
                body = json.loads(handler.rfile.read(int(handler.headers["Content-Length"])))
                self.sent.append(body)
                self.keys.append(handler.headers["Authorization"])
                self.write(handler, *self.reply(body))

            def log_message(handler, *arguments):  # noqa: N805
                pass

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/v1"
        finally:
            server.shutdown()
            thread.join()
            server.server_close()

    def write(self, handler, status, headers, body):
        contents = json.dumps(body).encode()
        handler.send_response(status)
        for name, value in {"Content-Length": str(len(contents)), **headers}.items():
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(contents)


@pytest.fixture(autouse=True)
def no_proxies(monkeypatch):
    for name in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)


def truth(body):
    """The right label in the form that was asked for."""
    text = body["messages"][-1]["content"].split("\n\n")[-1]
    label = {text: label.replace("_", " ") for text, label, _ in ROWS}[text]
    return said(json.dumps({"label": label}) if "response_format" in body else f'"{label.upper()}."')


def test_texts_are_sorted_by_asking_for_one_of_the_labels(tmp_path, monkeypatch):
    monkeypatch.setenv("SOME_KEY", "secret-value")
    served = Served(truth)
    with served.running() as url:
        rival = Endpoint(
            base_url=url,
            model="m",
            key_variable="SOME_KEY",
            price_per_million_input=2,
            price_per_million_output=8,
        )
        system = rival.prepare(replace(sorting(), folder=tmp_path))
        answers = system.answer(ASKED)
    assert system.can == {"classify"} and system.asked_alone
    assert [answer.text for answer in answers] == [label for _, label, _ in ROWS]
    assert {(answer.prompt_tokens, answer.completion_tokens) for answer in answers} == {(10, 2)}
    assert all(answer.seconds > 0 for answer in answers)
    assert system.facts["cost_per_answer"] == pytest.approx((10 * 2 + 2 * 8) / 1e6)
    assert system.facts["asked_for"] == "structured"
    body = next(body for body in served.sent if "the card is late" in body["messages"][0]["content"])
    assert (body["model"], body["temperature"], body["max_tokens"]) == ("m", 0, 128)
    assert "card arrival, slow wifi" in body["messages"][0]["content"]
    schema = body["response_format"]["json_schema"]["schema"]
    assert schema["properties"]["label"]["enum"] == ["card arrival", "slow wifi"]
    assert set(served.keys) == {"Bearer secret-value"}
    written = "".join(path.read_text() for path in tmp_path.rglob("*") if path.is_file())
    assert "secret-value" not in written + json.dumps(rival.model_dump(mode="json")) + repr(system.client)


def test_without_structured_output_labels_are_read_strictly_and_the_rest_is_an_error(tmp_path):
    def reply(body):
        if "response_format" in body:
            return 400, {}, {"error": {"message": "response_format is unknown"}}
        return said("It may be slow wifi") if "where" in body["messages"][0]["content"] else truth(body)

    served = Served(reply)
    with served.running() as url:
        system = Endpoint(base_url=url, model="m", parallel=1).prepare(replace(sorting(), folder=tmp_path))
        answers = system.answer(ASKED)
    assert [answer.text for answer in answers[:1] + answers[2:]] == [
        ROWS[0][1],
        *(row[1] for row in ROWS[2:]),
    ]
    assert answers[1].error == "not one of the labels: 'It may be slow wifi'"
    assert (answers[1].text, answers[1].prompt_tokens) == (None, 10)
    assert system.facts == {
        "kept_answers": 0,
        "unreadable_answers": 1,
        "retries": 0,
        "asked_for": "plain",
    }
    assert sum("response_format" in body for body in served.sent) == 1  # once declined, never sent again


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("slow wifi", "slow_wifi"),
        (" **Slow Wifi**.\n", "slow_wifi"),
        ('{"label": "slow wifi"}', "slow_wifi"),
        ('```json\n{"label": "slow wifi"}\n```', "slow_wifi"),
        ("slow wifi, card arrival", None),
        ("not slow wifi", None),
        ('{"label": ["slow wifi", "card arrival"]}', None),
        ('{"label": 3}', None),
        ("{}", None),
        ("", None),
    ],
)
def test_a_label_is_read_where_it_is_all_that_was_said(text, wanted):
    answer = Labels(("card_arrival", "slow_wifi"), {}, multi_label=False).read(text)
    assert (answer.text, answer.error is None) == (wanted, wanted is not None)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("card arrival, Slow wifi", {"card_arrival", "slow_wifi"}),
        ("slow wifi\ncard arrival\n", {"card_arrival", "slow_wifi"}),
        ('{"labels": ["slow wifi"]}', {"slow_wifi"}),
        ('["slow wifi"]', {"slow_wifi"}),
        ('{"labels": []}', set()),
        ("None.", set()),
        ("slow wifi, and more", None),
    ],
)
def test_several_labels_are_a_list(text, wanted):
    labels = Labels(("card_arrival", "slow_wifi"), {}, multi_label=True)
    answer = labels.read(text)
    assert (answer.error is None) == (wanted is not None)
    assert wanted is None or set(answer.labels()) == wanted
    assert labels.schema["json_schema"]["schema"]["properties"]["labels"]["type"] == "array"
    assert "commas" in labels.instruction


def test_labels_that_would_read_alike_stand_as_they_are():
    assert list(Labels(("a_b", "A b"), {}, False).texts.values()) == ["a_b", "A b"]
    assert Labels(("a_b", "c"), {"a_b": "first"}, False).read("First").text == "a_b"


def test_answers_come_by_chat(tmp_path):
    served = Served(lambda body: said("Move it." if len(body["messages"]) == 2 else " ", finish="length"))
    with served.running() as url:
        rival = Endpoint(base_url=url, model="m", fields={"temperature": None, "max_completion_tokens": 9})
        system = rival.prepare(replace(answering(), folder=tmp_path))
        answers = system.answer([*CHAT, Question("e", messages=(Message("user", "x"),))])
    assert (answers[0].text, answers[0].finish) == ("Move it.", "length")
    assert answers[1].error == "the endpoint wrote nothing"
    sent = next(body for body in served.sent if len(body["messages"]) == 2)
    assert sent == {
        "model": "m",
        "max_tokens": 8,
        "max_completion_tokens": 9,
        "messages": [{"role": "system", "content": "Be kind."}, {"role": "user", "content": "slow wifi"}],
    }
    assert "cost_per_answer" not in system.facts


def test_what_was_paid_for_is_kept_when_a_run_is_interrupted(tmp_path):
    broken = threading.Event()

    def reply(body):
        if broken.is_set() and "wifi" in body["messages"][0]["content"].split("\n\n")[-1]:
            return 401, {}, {}
        return truth(body)

    served = Served(reply)
    with served.running() as url:
        rival = Endpoint(
            base_url=url, model="m", parallel=2, price_per_million_input=1, price_per_million_output=0
        )
        broken.set()
        with pytest.raises(UserError, match=r"does not take the key \(status 401\): check base_url"):
            rival.prepare(replace(sorting(), folder=tmp_path)).answer(ASKED)
        paid = len((tmp_path / "endpoint" / "endpoint.jsonl").read_text().splitlines())
        assert 1 <= paid <= 3
        with (tmp_path / "endpoint" / "endpoint.jsonl").open("a") as file:
            file.write('{"request": "torn')
        broken.clear()
        served.sent.clear()
        system = rival.prepare(replace(sorting(), folder=tmp_path))
        assert [answer.text for answer in system.answer(ASKED)] == [label for _, label, _ in ROWS]
        assert len(served.sent) == 6 - paid
        assert system.facts["kept_answers"] == paid
        assert system.facts["cost_per_answer"] == pytest.approx(1e-5)  # the kept ones were paid for too
        other = Endpoint(base_url=url, model="n").prepare(replace(sorting(), folder=tmp_path))
        other.answer(ASKED[:1])
        assert other.facts["kept_answers"] == 0  # another model is another question


def client(url, waits, retries=3):
    return Client(url, None, 5.0, retries, waits.append)


def test_a_busy_server_is_asked_again_after_the_time_that_it_names():
    replies = iter(
        [(429, {"Retry-After": "7"}, {}), (503, {}, {}), (500, {"Retry-After": "9999"}, {}), said("ok")]
    )
    waits = []
    with Served(lambda body: next(replies)).running() as url:
        asking = client(url, waits)
        assert asking.chat({}).body["choices"]
    assert waits == [7.0, 2.0, 120.0]
    assert asking.retried == 3


def test_a_date_to_wait_for_is_read_and_nonsense_is_not():
    replies = iter(
        [
            (429, {"Retry-After": "Wed, 21 Oct 2015 07:28:00 GMT"}, {}),
            (429, {"Retry-After": "soon"}, {}),
            said("ok"),
        ]
    )
    waits = []
    with Served(lambda body: next(replies)).running() as url:
        client(url, waits).chat({})
    assert waits == [0.0, 2.0]


def test_it_gives_up_in_one_sentence():
    waits = []
    with (
        Served(lambda body: (502, {}, {})).running() as url,
        pytest.raises(
            UserError, match=r"gave no answer in 3 tries \(status 502\)\. What it answered so far is kept"
        ),
    ):
        client(url, waits, retries=2).chat({})
    assert waits == [1.0, 2.0]


def test_a_question_that_is_declined_is_an_error_of_that_answer_alone(tmp_path):
    def reply(body):
        return (400, {}, {"error": {"message": "too  long"}}) if "late" in str(body) else truth(body)

    with Served(reply).running() as url:
        answers = Endpoint(base_url=url, model="m").prepare(replace(sorting(), folder=tmp_path)).answer(ASKED)
    assert answers[0].error == "the endpoint declined: status 400: too long"
    assert [answer.error for answer in answers[1:]] == [None] * 5


@pytest.mark.parametrize(
    ("reply", "error", "words"),
    [
        ((404, {}, {}), UserError, "has no such model or address"),
        ((302, {"Location": "http://127.0.0.1:1/"}, {}), UserError, r"refuses \(status 302\)"),
        (
            (200, {}, {"object": "list"}),
            UserError,
            "is no OpenAI-compatible chat: its reply holds no choices",
        ),
        ((422, {}, ["odd"]), Declined, "status 422: "),
    ],
)
def test_what_cannot_get_better_is_not_asked_again(reply, error, words):
    served = Served(lambda body: reply)
    with served.running() as url, pytest.raises(error, match=words):
        client(url, []).chat({})
    assert len(served.sent) == 1


def test_nobody_there_and_no_key_are_told_before_anything_is_asked(tmp_path, monkeypatch):
    with Served(truth).running() as url:
        pass
    gone = Endpoint(base_url=url, model="m")
    for ask in (gone.check, lambda: gone.prepare(replace(sorting(), folder=tmp_path))):
        with pytest.raises(
            UserError, match=rf"nobody answers at {url}: .*refused\. Start the server, or correct"
        ):
            ask()
    monkeypatch.delenv("NO_SUCH_KEY", raising=False)
    with pytest.raises(
        UserError, match="'endpoint' reads its key from the environment variable NO_SUCH_KEY, which"
    ):
        Endpoint(base_url=url, model="m", key_variable="NO_SUCH_KEY").check()
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"base_url": "file:///etc/passwd"}, "starts with http:// or https://"),
        ({"base_url": "http://"}, "names a host"),
        ({"base_url": "https://me:secret@host/v1"}, "holds no name, key or query"),
        ({"base_url": "https://host/v1?key=secret"}, "holds no name, key or query"),
        ({"key_variable": "sk-secret"}, "is the name of an environment variable"),
        ({"price_per_million_input": 1}, "give both"),
        ({"model": ""}, "at least 1 character"),
    ],
)
def test_wrong_settings_are_refused_and_a_key_is_not_repeated(settings, words):
    with pytest.raises(ValidationError, match=words) as refused:
        RIVALS.validate_python([{"name": "endpoint", "base_url": "http://h/v1", "model": "m", **settings}])
    assert "secret" not in str([error["msg"] for error in refused.value.errors()])


def test_it_is_never_measured_unasked():
    for offered in ({"classify", "encoder"}, {"generate", "decoder", "chat_template"}):
        assert not [one for one in default_rivals(frozenset(offered)) if one.name == "endpoint"]
    assert Endpoint(base_url="http://h/v1", model="big").heading == "endpoint (big)"
