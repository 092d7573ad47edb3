"""A language model as judge of written answers."""

import os
from collections.abc import Sequence
from functools import lru_cache
from typing import ClassVar, Literal

from pydantic import Field, model_validator

from overtone.core.answer import Answer
from overtone.core.errors import UserError
from overtone.core.example import Example
from overtone.core.task import Task
from overtone.evaluate.judges import pairwise, rating
from overtone.evaluate.judges.ask import Ask, Remembering
from overtone.evaluate.judges.case import Case
from overtone.evaluate.judges.endpoint import Endpoint
from overtone.evaluate.judges.local import LocalJudge
from overtone.evaluate.judges.pairwise import Pair, Preference, prefer
from overtone.evaluate.judges.rating import rate, share
from overtone.evaluate.metric import Interval, Metric


class Judge(Metric):
    """A model's opinion of each answer, from 0 to 1; a reply that holds no opinion is counted and told.

    By `rating` it gives 1 to 5 by the rubric. By `pairwise` it says whether the answer or the wanted one is better,
    asked in both orders: 1 for the answer, 0 for the wanted one, a half for a tie, and for an opinion that the order
    turns.
    """

    name: ClassVar[str] = "judge"
    interval: ClassVar[Interval] = "bca"
    asks: ClassVar[frozenset[str]] = frozenset({"generate"})
    title: ClassVar[str] = "Judge"

    way: Literal["rating", "pairwise"] = Field("rating", description="how the judge is asked")
    rubric: str | None = Field(None, description="what makes an answer good; a plain one where absent")
    sees_wanted: bool = Field(True, description="whether a judge that rates is shown the wanted answer")
    base_url: str | None = Field(
        None, description="of an OpenAI-compatible endpoint, as http://127.0.0.1:8000/v1"
    )
    model: str | None = Field(None, description="the endpoint's model")
    key_variable: str | None = Field(
        None, description="name of the environment variable that holds the endpoint's key"
    )
    base: str | None = Field(None, description="a base on this machine as judge, instead of an endpoint")
    max_tokens: int = Field(300, ge=1, description="longest reply, in tokens")

    @model_validator(mode="after")
    def _one_judge(self) -> "Judge":
        """Refuse none or two judges, and settings that the one does not read."""
        if (self.base is None) == (self.base_url is None):
            raise ValueError(
                "a judge is an endpoint (base_url and model) or a base on this machine (base); set one."
            )
        if (self.base_url is None) != (self.model is None):
            raise ValueError("base_url and model go together: set both for an endpoint, neither for a base.")
        if self.base is not None and self.key_variable is not None:
            raise ValueError("key_variable is read for endpoints only; leave it out.")
        return self

    def make_ready(self) -> None:
        """UserError where the key is not set or the base is not there."""
        self._key()
        if self.base is not None:
            from overtone.models.describe import describe

            describe(self.base)

    def rows(self, examples: Sequence[Example], answers: Sequence[Answer], task: Task) -> list[float]:
        """The judge's opinion of each answer; 0 where the answer failed, and of a reply without rating."""
        found = iter(self._opinions(examples, answers))
        return [0.0 if answer.error is not None else next(found) for answer in answers]

    def remarks(self, examples: Sequence[Example], answers: Sequence[Answer], task: Task) -> list[str]:
        """How many replies could not be read, and how often the order decided."""
        if self.way == "rating":
            ratings = self._ratings(examples, answers)
            lost = ratings.count(None)
            return (
                [f"{lost} of {len(ratings)} ratings could not be read and count as the worst."]
                if lost
                else []
            )
        found = self._preferences(examples, answers)
        lost = sum(not one.readable for one in found)
        turned = sum(one.readable and not one.steady for one in found)
        said = [
            f"the order of the two answers turned the opinion in {turned} of {len(found)} pairs, each a tie."
        ]
        return said + ([f"{lost} of {len(found)} pairs could not be read and count as ties."] if lost else [])

    def ratings(self, cases: Sequence[Case]) -> list[int | None]:
        """The judge's rating of cases from elsewhere, such as those that people have rated."""
        return rate(self._ask(), cases, self.rubric or rating.RUBRIC)

    def _opinions(self, examples: Sequence[Example], answers: Sequence[Answer]) -> list[float]:
        if self.way == "rating":
            return [share(one) for one in self._ratings(examples, answers)]
        return [one.share for one in self._preferences(examples, answers)]

    def _ratings(self, examples: Sequence[Example], answers: Sequence[Answer]) -> list[int | None]:
        rows = zip(examples, answers, strict=True)
        cases = [
            Case(row.input, answer.text or "", row.completion if self.sees_wanted else "")
            for row, answer in rows
            if answer.error is None
        ]
        return self.ratings(cases)

    def _preferences(self, examples: Sequence[Example], answers: Sequence[Answer]) -> list[Preference]:
        rows = zip(examples, answers, strict=True)
        pairs = [Pair(row.input, one.text or "", row.completion) for row, one in rows if one.error is None]
        return prefer(self._ask(), pairs, self.rubric or pairwise.RUBRIC)

    def _ask(self) -> Ask:
        return asker(self.base, self.base_url, self.model, self._key(), self.max_tokens)

    def _key(self) -> str | None:
        """The endpoint's key; UserError where its variable is not set."""
        if self.key_variable is None:
            return None
        key = os.environ.get(self.key_variable)
        if not key:
            raise UserError(
                f"the judge's key is read from the environment variable {self.key_variable}, which is not set."
            )
        return key


@lru_cache(maxsize=8)
def asker(
    base: str | None, base_url: str | None, model: str | None, key: str | None, max_tokens: int
) -> Remembering:
    """The judge, remembering what it was asked."""
    if base is not None:
        return Remembering(LocalJudge(base, max_tokens), base, {"max_tokens": max_tokens})
    assert base_url is not None and model is not None
    named = {"model": model, "max_tokens": max_tokens}
    return Remembering(Endpoint(base_url, model, key, max_tokens), base_url, named)
