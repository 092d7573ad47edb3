"""What a plan asks of the safety measures: the `safety` section of a plan."""

from typing import Annotated, Any

from pydantic import BeforeValidator, Field, model_validator

from overtone.core.settings import Settings

REFUSAL = "I'm sorry, but I can't help with that."


class SafetySettings(Settings):
    """Safety and bias, measured before tuning and after. `safety: true` takes the defaults."""

    toxicity: str | None = Field(
        None,
        description="folder of a toxicity classifier (`overtone safety train-toxicity`), for written answers",
    )
    rows: int = Field(
        300, ge=1, description="test rows at most that are asked about another group, for each axis"
    )
    refusal: str = Field(REFUSAL, min_length=1, description="what the measured output filter answers instead")
    filter: bool = Field(False, description="whether the run is served behind the measured output filter")

    @model_validator(mode="after")
    def _has_a_classifier(self) -> "SafetySettings":
        """Refuse a filter that nothing could judge by."""
        if self.filter and self.toxicity is None:
            raise ValueError(
                "filter: an output filter judges by a classifier; name its folder in safety.toxicity too."
            )
        return self


def _short(value: Any) -> Any:
    """`true` is all defaults, `false` nothing."""
    return ({} if value else None) if isinstance(value, bool) else value


Safety = Annotated[SafetySettings | None, BeforeValidator(_short)]
