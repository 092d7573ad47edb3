"""The fields that chat and completions share, and the decoder's request that they make."""

import secrets
from typing import Annotated, Any

from pydantic import Field

from overtone.generate.request import Request
from overtone.serve.http.body import Body, Ignored, Text, Texts, only
from overtone.serve.http.form import Form


class StreamOptions(Body):
    """What a stream tells beside the text."""

    include_usage: bool = False
    include_obfuscation: Annotated[Any, only(False)] = False


class SamplingBody(Form):
    """How to go on from a prompt. Left out, `temperature` is 0: answers are those that were measured."""

    model: Text
    temperature: Annotated[float, Field(ge=0, le=2)] | None = None
    top_p: Annotated[float, Field(gt=0, le=1)] | None = None
    seed: int | None = None
    stop: Annotated[Texts, Field(max_length=4)] | None = None
    max_tokens: Annotated[int, Field(ge=0)] | None = None
    stream: bool | None = None
    stream_options: StreamOptions | None = None
    user: Ignored = None
    metadata: Ignored = None
    n: Annotated[Any, only(1)] = 1
    frequency_penalty: Annotated[Any, only(0)] = 0
    presence_penalty: Annotated[Any, only(0)] = 0
    logit_bias: Annotated[Any, only({})] = None

    @property
    def stops(self) -> tuple[str, ...]:
        """Stop strings; an empty one stops nothing."""
        return tuple(stop for stop in self.stop or () if stop)

    @property
    def tells_usage(self) -> bool:
        """Whether a stream ends with the count of tokens."""
        return self.stream_options is not None and self.stream_options.include_usage

    def request(
        self, prompt: tuple[int, ...], max_tokens: int, end: frozenset[int], alternatives: int
    ) -> Request:
        """The decoder's request; where no seed is given each request draws its own."""
        drawn: dict[str, Any] = {"seed": secrets.randbits(63) if self.seed is None else self.seed % 2**63}
        return Request(
            prompt=prompt,
            max_tokens=max_tokens,
            temperature=self.temperature or 0.0,
            top_p=1.0 if self.top_p is None else self.top_p,
            end=end,
            stop=self.stops,
            alternatives=alternatives,
            constraint=self.constraint(),
            **drawn,
        )
