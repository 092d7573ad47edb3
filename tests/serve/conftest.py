"""A server on a free loopback port with a tiny random Llama and two fake classifiers, and its clients."""

import time
from dataclasses import dataclass
from typing import Any

import httpx
import openai
import pytest

from overtone.core.answer import Answer
from overtone.generate.decode import Decoding
from overtone.generate.writer import Writer
from overtone.serve.server import build_app, running
from tests.generate.tiny import base_of, llama

KEY = "test-key-123"
LONG = 4096


class FakeClassifier:
    """Says `long` in proportion to the text's length; refuses texts beyond 50 characters."""

    can = frozenset({"classify"})
    labels = ("long", "short")

    def __init__(self, multi_label: bool = False) -> None:
        self.multi_label = multi_label

    def answer(self, questions):
        return [self._answer(question.text) for question in questions]

    def _answer(self, text):
        if len(text) > 50:
            return Answer(error=f"the text has {len(text)} tokens, the base reads 50")
        share = len(text) / 50
        short = 0.75 if self.multi_label else 1 - share
        return Answer(probabilities={"long": share, "short": short}, prompt_tokens=len(text))


@dataclass
class Served:
    url: str
    app: Any
    writer: Writer

    def post(self, path: str, body: Any = None, key: str | None = KEY, **keywords: Any) -> httpx.Response:
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        headers |= keywords.pop("headers", {})
        return httpx.post(self.url + path, json=body, headers=headers, timeout=20, **keywords)

    def worker(self, name: str) -> Any:
        return self.app.state.workers[name]


def build(
    queue: int = 8, writer: Writer | None = None, filters: dict[str, Any] | None = None
) -> tuple[Any, Writer]:
    writer = writer or Writer(base_of(llama()), max_tokens=24)
    models = {"support/tiny": writer, "sorter": FakeClassifier(), "tagger": FakeClassifier(multi_label=True)}
    app = build_app(models, key=KEY, queue=queue, clock=lambda: 1_700_000_000.0, filters=filters)
    return app, writer


@pytest.fixture(scope="package")
def served():
    app, writer = build()
    with running(app) as url:
        yield Served(url, app, writer)


@pytest.fixture
def client(served):
    with openai.OpenAI(base_url=served.url + "/v1", api_key=KEY, max_retries=0, timeout=20) as client:
        yield client


@pytest.fixture
def slow(monkeypatch):
    """A server whose model takes 10 ms a token and can go on for 4,000, with room for two in its queue."""
    step = Decoding.step
    steps: list[float] = []

    def slowly(decoding):
        time.sleep(0.01)
        steps.append(time.monotonic())
        return step(decoding)

    monkeypatch.setattr(Decoding, "step", slowly)
    writer = Writer(base_of(llama(context=LONG), context=LONG), max_tokens=4000)
    app, _ = build(queue=2, writer=writer)
    with running(app) as url:
        served = Served(url, app, writer)
        served.steps = steps
        yield served
