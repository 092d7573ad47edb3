"""A stage of no epochs: a finished adapter is taken as it is, so that it is measured, published and served like any."""

from overtone.core.errors import UserError
from overtone.train.stage import Stage


def check_untrained(stage: Stage, where: str = "stages") -> None:
    """UserError where nothing is trained and nothing finished is there either."""
    if stage.epochs == 0 and stage.method.begins_as is None:
        raise UserError(
            f"{where}.epochs: with 0 a finished adapter is taken as it is, and '{stage.method.name}' begins as none: "
            "name its folder in method.start (lora, ia3, prompt, prefix), or let it train"
        )


def check_no_new_head(stage: Stage, new: bool, where: str = "stages") -> None:
    """UserError where nothing is trained and an output layer is new."""
    if stage.epochs == 0 and new:
        raise UserError(
            f"{where}.epochs: with 0 nothing is trained, and the output layer that this task needs is new: give it "
            "epochs, or take the adapter as it is for a task of written answers"
        )
