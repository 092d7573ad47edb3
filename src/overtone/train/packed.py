"""What a stage on a quantised base needs, refused before any work where it is not there."""

from overtone.core.errors import UserError
from overtone.models.base import QUANTISED
from overtone.models.low_bits import check_installed
from overtone.train.stage import Stage


def check_packed(stage: Stage, where: str = "stages") -> None:
    """UserError where weights would learn that stay packed; MissingExtra where nothing can pack them."""
    if stage.precision not in QUANTISED:
        return
    if stage.method.dense:
        raise UserError(
            f"{where}.precision: '{stage.precision}' keeps the matrices of the base packed, and '{stage.method.name}' "
            "moves them: choose lora or another method that leaves them as they are, or precision: float32"
        )
    check_installed(stage.precision)
