"""Validated, frozen settings: the base of everything a plan holds. Unknown keys are refused by name."""

from collections.abc import Mapping
from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict, model_validator

from overtone.core.errors import nearest, said_here


class Settings(BaseModel):
    """A group of settings. Frozen; an unknown key is an error that names the nearest known one.

    `settings_elsewhere` are keys that other tools have, each with how it is said here.
    """

    settings_elsewhere: ClassVar[Mapping[str, str]] = {}

    model_config = ConfigDict(extra="forbid", frozen=True, validate_default=True)

    @model_validator(mode="before")
    @classmethod
    def _refuse_unknown(cls, value: Any) -> Any:
        if isinstance(value, dict):
            for key in value:
                if key not in cls.model_fields:
                    allowed = ", ".join(cls.model_fields) or "none"
                    hint = said_here(key, cls.settings_elsewhere) or nearest(key, cls.model_fields)
                    raise ValueError(f"unknown setting '{key}'.{hint} Allowed: {allowed}.")
        return value
