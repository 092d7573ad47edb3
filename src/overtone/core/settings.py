"""Validated, frozen settings: the base of everything a plan holds. Unknown keys are refused by name."""

from typing import Any

from pydantic import BaseModel, ConfigDict, model_validator

from overtone.core.errors import nearest


class Settings(BaseModel):
    """A group of settings. Frozen; an unknown key is an error that names the nearest known one."""

    model_config = ConfigDict(extra="forbid", frozen=True, validate_default=True)

    @model_validator(mode="before")
    @classmethod
    def _refuse_unknown(cls, value: Any) -> Any:
        if isinstance(value, dict):
            for key in value:
                if key not in cls.model_fields:
                    allowed = ", ".join(cls.model_fields) or "none"
                    raise ValueError(
                        f"unknown setting '{key}'.{nearest(key, cls.model_fields)} Allowed: {allowed}."
                    )
        return value
