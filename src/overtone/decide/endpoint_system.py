"""A live endpoint as a system: each question one request, several under way at once."""

import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

from overtone.core.answer import Answer
from overtone.core.example import Message, Question
from overtone.decide.endpoint_client import Client, Declined
from overtone.decide.endpoint_kept import Kept, Spoken
from overtone.runs.kept import digest

Turns = Callable[[Question], Sequence[Message]]
Read = Callable[[str], Answer]
Prices = tuple[float, float]  # of a million tokens read and written
MILLION = 1e6


class EndpointSystem:
    """Asks an endpoint. `read` makes an answer of its text; `schema` is sent until the server declines it.

    `facts` tell what it cost: prices times tokens, over all answers, those kept by an interrupted run too.
    """

    asked_alone = True  # the seconds of an answer are those of its own request

    def __init__(
        self,
        can: str,
        client: Client,
        kept: Kept,
        fields: Mapping[str, Any],
        turns: Turns,
        read: Read,
        schema: Mapping[str, Any] | None,
        parallel: int,
        prices: Prices | None,
    ) -> None:
        self.can = frozenset({can})
        self.client, self.kept, self.fields, self.turns, self.read = client, kept, fields, turns, read
        self.schema, self.parallel, self.prices = schema, parallel, prices
        self._lock = threading.Lock()
        self._counts = {"answers": 0, "kept_answers": 0, "unreadable_answers": 0}
        self._cost = 0.0

    @property
    def facts(self) -> dict[str, float | str]:
        """Cost, further tries, answers that an earlier start had paid for, and those that could not be read."""
        counted = {name: float(count) for name, count in self._counts.items() if name != "answers"}
        cost = {"cost_per_answer": self._cost / max(1, self._counts["answers"])} if self.prices else {}
        form = "structured" if self.schema else "plain"
        return {**cost, **counted, "retries": float(self.client.retried), "asked_for": form}

    def answer(self, questions: Sequence[Question]) -> list[Answer]:
        """Answers in order. What is under way when a run is interrupted still comes in and is kept."""
        with ThreadPoolExecutor(self.parallel) as pool:
            waiting = [pool.submit(self._answer, question) for question in questions]
            try:
                return [one.result() for one in waiting]
            except BaseException:
                self.client.stop()
                pool.shutdown(cancel_futures=True)
                raise

    def _answer(self, question: Question) -> Answer:
        try:
            spoken, kept = self._ask(self.turns(question))
        except Declined as declined:
            return Answer(error=f"the endpoint declined: {declined}")
        answer = self.read(spoken.text)
        self._count(spoken, kept, answer)
        return replace(
            answer,
            prompt_tokens=spoken.prompt_tokens,
            completion_tokens=spoken.completion_tokens,
            seconds=spoken.seconds,
            finish=spoken.finish,
        )

    def _ask(self, turns: Sequence[Message]) -> tuple[Spoken, bool]:
        """What the endpoint says, and whether it was kept from before; without the schema where that is declined."""
        schema = self.schema
        if schema is None:
            return self._said(self._body(turns))
        try:
            return self._said({**self._body(turns), "response_format": schema})
        except Declined:
            found = self._said(self._body(turns))
            self.schema = None  # the plain question was taken: it was the schema that was not
            return found

    def _said(self, body: Mapping[str, Any]) -> tuple[Spoken, bool]:
        name = digest(self.client.base_url, body)
        known = self.kept.find(name)
        if known is not None:
            return known, True
        reply = self.client.chat(body)
        choice, usage = reply.body["choices"][0], reply.body.get("usage") or {}
        spoken = Spoken(
            text=choice["message"].get("content") or "",
            prompt_tokens=int(usage.get("prompt_tokens") or 0),
            completion_tokens=int(usage.get("completion_tokens") or 0),
            seconds=reply.seconds,
            finish="length" if choice.get("finish_reason") == "length" else "stop",
        )
        self.kept.add(name, spoken)
        return spoken, False

    def _body(self, turns: Sequence[Message]) -> dict[str, Any]:
        messages = [{"role": turn.role, "content": turn.content} for turn in turns]
        body = {"messages": messages, **self.fields}
        return {name: value for name, value in body.items() if value is not None}

    def _count(self, spoken: Spoken, kept: bool, answer: Answer) -> None:
        read, written = self.prices or (0.0, 0.0)
        cost = (spoken.prompt_tokens * read + spoken.completion_tokens * written) / MILLION
        with self._lock:
            self._cost += cost
            self._counts["answers"] += 1
            self._counts["kept_answers"] += kept
            self._counts["unreadable_answers"] += answer.error is not None
