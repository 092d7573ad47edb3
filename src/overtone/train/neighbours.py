"""What a stage needs of the stages around it, refused before any work where it is not there."""

from overtone.core.errors import UserError
from overtone.methods.full import Full
from overtone.methods.own_weights import OwnWeights
from overtone.train.stage import Stage


def check_neighbours(stage: Stage, earlier: bool, where: str = "stages[0]") -> None:
    """UserError where an anchor would hold nothing, or where rows of earlier stages are asked for and none is there."""
    if stage.anchor is not None and not isinstance(stage.method, Full | OwnWeights):
        raise UserError(
            f"{where}.anchor: '{stage.anchor.name}' holds the base's own weights, and under the method "
            f"'{stage.method.name}' none of them moves: leave it out, or tune with full, top_layers, bitfit or norms"
        )
    if stage.anchor is not None and stage.anchor.sampled and not earlier:
        raise UserError(
            f"{where}.anchor: '{stage.anchor.name}' weighs by the rows of earlier stages, and this is the first one: "
            "use l2, or put a stage with those rows before it"
        )
    if stage.curriculum.earlier and not earlier and not stage.curriculum.sources:
        raise UserError(
            f"{where}.curriculum: '{stage.curriculum.name}' needs other rows: name a file in its data, or put a stage "
            "with those rows before it"
        )
