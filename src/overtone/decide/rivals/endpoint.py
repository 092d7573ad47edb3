"""A model behind an OpenAI-compatible endpoint, asked over HTTP; only where a plan names one."""

import os
from typing import Any, ClassVar, Self
from urllib.parse import urlsplit

from pydantic import Field, field_validator, model_validator

from overtone.core.answer import Answer, System
from overtone.core.errors import UserError
from overtone.core.example import Message, Question
from overtone.decide.endpoint_client import Client
from overtone.decide.endpoint_kept import Kept
from overtone.decide.endpoint_labels import Labels
from overtone.decide.endpoint_system import EndpointSystem
from overtone.decide.prompt import sorting_turns
from overtone.decide.rival import Materials, Rival

LABEL_TOKENS = 128  # enough for a label in JSON, or a few of them


class Endpoint(Rival):
    """Any OpenAI-compatible endpoint: texts are sorted by asking for a label, answers come by chat.

    The test questions are sent to it, never their wanted answers. Answers are kept as they come, so that an
    interrupted run does not pay for them again.
    """

    name: ClassVar[str] = "endpoint"
    also_called: ClassVar[tuple[str, ...]] = ("api", "openai")
    title: ClassVar[str] = "endpoint"
    needs: ClassVar[tuple[frozenset[str], ...]] = (frozenset({"classify"}), frozenset({"generate"}))
    order: ClassVar[int] = 60
    probed: ClassVar[bool] = False  # every request costs money

    base_url: str = Field(description="such as http://localhost:8000/v1; requests go to its chat/completions")
    model: str = Field(min_length=1, description="the model's name at the endpoint")
    key_variable: str | None = Field(
        None,
        description="name of the environment variable that holds the key; the key itself is never written",
    )
    price_per_million_input: float | None = Field(
        None, ge=0, description="price of a million tokens read, in money"
    )
    price_per_million_output: float | None = Field(
        None, ge=0, description="price of a million tokens written, in money"
    )
    timeout_seconds: float = Field(60.0, gt=0, description="how long one request may take")
    retries: int = Field(5, ge=0, description="further tries where the server is busy or cannot be reached")
    parallel: int = Field(4, ge=1, le=64, description="requests under way at once")
    max_tokens: int | None = Field(
        None, ge=1, description="longest answer; absent: the task's own, or 128 for labels"
    )
    instruction: str | None = Field(
        None, description="what is asked where texts are sorted; {labels} stands for the list"
    )
    names: dict[str, str] = Field({}, description="label to the words that the endpoint reads for it")
    structured: bool = Field(True, description="ask for JSON that can hold labels only, until it is declined")
    fields: dict[str, Any] = Field(
        {"temperature": 0}, description="further fields of each request; null leaves one of ours out"
    )

    @field_validator("base_url")
    @classmethod
    def _plain_address(cls, base_url: str) -> str:
        parts = urlsplit(base_url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError("base_url starts with http:// or https:// and names a host.")
        if parts.username or parts.password or parts.query or parts.fragment:
            raise ValueError("base_url holds no name, key or query; name the key's variable in key_variable.")
        return base_url

    @field_validator("key_variable")
    @classmethod
    def _a_name(cls, name: str | None) -> str | None:
        """The value is not shown: it may be the key itself."""
        if name is not None and not name.isidentifier():
            raise ValueError(
                "key_variable is the name of an environment variable, such as API_KEY, not a key."
            )
        return name

    @model_validator(mode="after")
    def _both_prices(self) -> Self:
        if (self.price_per_million_input is None) != (self.price_per_million_output is None):
            raise ValueError("give both price_per_million_input and price_per_million_output, or neither.")
        return self

    @property
    def heading(self) -> str:
        """The title with the model's name."""
        return f"{self.title} ({self.label or self.model})"

    @classmethod
    def defaults(cls, offered: frozenset[str]) -> tuple[Self, ...]:
        """Only where it is named: nothing is ever sent unasked."""
        return ()

    def check(self) -> None:
        """UserError where the key is not there or nobody answers at the address."""
        self._client().reach()

    def prepare(self, materials: Materials) -> System:
        """See that somebody is there, and read what an interrupted run was answered."""
        client = self._client()
        client.reach()
        kept = Kept(materials.folder / self.key / "endpoint.jsonl")
        prices = (self.price_per_million_input, self.price_per_million_output)
        sorts = materials.task.asks == "classify"
        labels = Labels(materials.labels, self.names, materials.multi_label) if sorts else None
        longest = self.max_tokens or (LABEL_TOKENS if labels else getattr(materials.task, "max_tokens", None))
        return EndpointSystem(
            can=materials.task.asks,
            client=client,
            kept=kept,
            fields={"model": self.model, "max_tokens": longest, **self.fields},
            turns=(lambda question: self._sorting(question, labels)) if labels else _conversation,
            read=labels.read if labels else _text,
            schema=labels.schema if labels and self.structured else None,
            parallel=self.parallel,
            prices=None if prices[0] is None or prices[1] is None else (prices[0], prices[1]),
        )

    def _client(self) -> Client:
        return Client(self.base_url, self._key(), self.timeout_seconds, self.retries)

    def _key(self) -> str | None:
        if self.key_variable is None:
            return None
        key = os.environ.get(self.key_variable)
        if not key:
            raise UserError(
                f"decide.rivals: '{self.key}' reads its key from the environment variable {self.key_variable}, which "
                "is not set: set it, or leave key_variable out."
            )
        return key

    def _sorting(self, question: Question, labels: Labels) -> tuple[Message, ...]:
        return sorting_turns(
            question.text, list(labels.texts.values()), self.instruction or labels.instruction
        )


def _conversation(question: Question) -> tuple[Message, ...]:
    return question.messages or (Message("user", question.text),)


def _text(text: str) -> Answer:
    return Answer(text=text) if text.strip() else Answer(error="the endpoint wrote nothing")
