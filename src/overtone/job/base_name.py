"""The base that a plan names, found for good: a base, or a finished run whose model the next one is tuned from."""

from pathlib import Path

from overtone.core.errors import UserError
from overtone.job.candidate import artifact_folder
from overtone.models.locate import BUILTIN, lasting_name
from overtone.train.carry import plain_weights


def base_of(name: str, plan_folder: Path) -> str:
    """The lasting name of a base. Of a finished run: the folder of its model, its adapter merged beside it.

    UserError where what the run learned does not merge.
    """
    given = Path(name).expanduser()
    places = [] if name in BUILTIN else [plan_folder / given, given]
    if any((place / "config.json").is_file() for place in places):
        return lasting_name(name, plan_folder)
    found = next((folder for place in places if (folder := artifact_folder(place)) is not None), None)
    if found is None:
        return name
    try:
        return str(plain_weights(found).resolve())
    except UserError as error:
        raise UserError(f"base: {name} is a run whose model can be no base: {error}") from None
