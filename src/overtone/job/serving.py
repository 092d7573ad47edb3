"""What a server is handed: the published models of runs by the names that clients ask for, and their filters."""

from collections.abc import Sequence

from overtone.core.answer import System
from overtone.core.errors import UserError
from overtone.evaluate.safety.output_filter import Filtered
from overtone.job.publish import load_systems
from overtone.job.safety.kept_filter import filters, is_filtered
from overtone.runs.run import Run


def models_of(runs: Sequence[Run], filtered: bool | None) -> tuple[dict[str, System], dict[str, Filtered]]:
    """Every model by its name, and the filter of each that is to have one, as asked, else as its plan says.

    UserError, before anything is loaded, where two runs share a name or a filter was not measured.
    """
    names = [run.name for run in runs]
    if len(set(names)) < len(names):
        raise UserError(
            f"two of the runs have the same name ({', '.join(names)}), by which clients ask for them"
        )
    behind = {run.name for run in runs if is_filtered(run, filtered)}
    systems: dict[str, System] = {}
    sieves: dict[str, Filtered] = {}
    for run in runs:
        found = load_systems(run.folder)
        systems |= found
        sieves |= filters(run, found) if run.name in behind else {}
    return systems, sieves
