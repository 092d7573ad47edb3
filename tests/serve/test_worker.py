import threading
import time

import httpx
import openai
import pytest

from tests.serve.conftest import KEY

ASK = {"model": "support/tiny", "messages": [{"role": "user", "content": "hello"}]}
HEADERS = {"Authorization": f"Bearer {KEY}"}


def until(true, seconds=3.0):
    end = time.monotonic() + seconds
    while not true() and time.monotonic() < end:
        time.sleep(0.005)
    assert true()


def idle(served):
    worker = served.worker("support/tiny")
    return worker._running is None and worker.waiting == 0


def send(served, **keywords):
    """Send a request in a thread; its reply (or error) lands in the list."""
    replies = []

    def post():
        try:
            replies.append(
                httpx.post(served.url + "/v1/chat/completions", json=ASK, headers=HEADERS, **keywords)
            )
        except httpx.HTTPError as error:
            replies.append(error)

    thread = threading.Thread(target=post)
    thread.start()
    return thread, replies


def test_a_client_that_leaves_a_stream_stops_the_generation(slow):
    with httpx.stream(
        "POST", slow.url + "/v1/chat/completions", json={**ASK, "stream": True}, headers=HEADERS
    ) as reply:
        next(reply.iter_lines())
    left = time.monotonic()
    until(lambda: idle(slow))
    assert time.monotonic() - left < 1
    count = len(slow.steps)
    time.sleep(0.1)
    assert len(slow.steps) == count < 1000


def test_a_client_that_leaves_while_the_answer_is_made_or_queued_frees_its_place(slow):
    running, _ = send(slow, timeout=0.4)
    until(lambda: slow.worker("support/tiny")._running is not None)
    queued, _ = send(slow, timeout=0.2)
    until(lambda: slow.worker("support/tiny").waiting == 1)
    queued.join()
    until(lambda: slow.worker("support/tiny").waiting == 0)
    assert slow.worker("support/tiny")._running is not None  # the first goes on
    running.join()
    until(lambda: idle(slow))
    assert slow.post("/v1/chat/completions", {**ASK, "max_tokens": 3}).status_code == 200


def test_a_full_queue_says_when_to_come_back(slow):
    sent = [send(slow, timeout=1.0)]
    until(lambda: slow.worker("support/tiny")._running is not None)
    sent += [send(slow, timeout=0.7) for _ in range(2)]
    until(lambda: slow.worker("support/tiny").waiting == 2)
    start = time.monotonic()
    reply = slow.post("/v1/chat/completions", ASK)
    assert time.monotonic() - start < 0.5
    assert reply.status_code == 429 and reply.headers["retry-after"] == "1"
    assert reply.json()["error"]["code"] == "queue_full"
    assert (
        slow.post("/v1/classify", {"model": "sorter", "input": "x"}).status_code == 200
    )  # models do not block each other
    for thread, _ in sent:
        thread.join()
    until(lambda: idle(slow))


def test_the_client_library_comes_back_after_a_full_queue(slow):
    sent = [send(slow, timeout=0.5) for _ in range(3)]
    until(lambda: slow.worker("support/tiny").waiting == 2)
    with openai.OpenAI(base_url=slow.url + "/v1", api_key=KEY, max_retries=4, timeout=20) as client:
        reply = client.chat.completions.create(**ASK, max_tokens=2)
    assert reply.usage.completion_tokens == 2
    for thread, _ in sent:
        thread.join()


def test_requests_at_once_each_get_their_own_answer(served):
    bodies = [
        {**ASK, "messages": [{"role": "user", "content": f"number {n}"}], "max_tokens": 8} for n in range(8)
    ]
    alone = [served.post("/v1/chat/completions", body).json()["choices"] for body in bodies]
    together = [None] * 8

    def post(index):
        together[index] = served.post("/v1/chat/completions", bodies[index]).json()["choices"]

    threads = [threading.Thread(target=post, args=(index,)) for index in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert together == alone and len({str(choices) for choices in alone}) == 8


def test_readiness_follows_the_workers(served):
    assert httpx.get(served.url + "/ready").json() == {"status": "ready"}
    served.worker("tagger")._stopped = True
    try:
        assert httpx.get(served.url + "/ready").status_code == 503
        reply = served.post("/v1/classify", {"model": "tagger", "input": "x"})
        assert reply.status_code == 503 and reply.headers["retry-after"] == "5"
    finally:
        served.worker("tagger")._stopped = False


@pytest.mark.parametrize("name", ["support/tiny", "sorter"])
def test_the_threads_end_with_the_server(slow, name):
    thread = slow.worker(name)._thread
    assert thread.is_alive()
    slow.worker(name).stop()
    assert not thread.is_alive()
