"""The base that a plan names, found for good: a base, or a finished run whose model the next one is tuned from."""

import json
from collections.abc import Sequence
from pathlib import Path

from overtone.core.errors import UserError
from overtone.job.candidate import artifact_folder
from overtone.methods.start import CONFIG, METHODS
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
        _refuse_adapter(name, places)
        return name
    try:
        return str(plain_weights(found).resolve())
    except UserError as error:
        raise UserError(f"base: {name} is a run whose model can be no base: {error}") from None


def _refuse_adapter(name: str, places: Sequence[Path]) -> None:
    """UserError where a base's name is that of a folder with a plain adapter of PEFT: it needs the base beneath it."""
    path = next((place / CONFIG for place in places if (place / CONFIG).is_file()), None)
    if path is None:
        return
    settings = json.loads(path.read_text(encoding="utf-8"))
    method = METHODS.get(str(settings.get("peft_type")), "lora")
    raise UserError(
        f"base: {name} is an adapter, not a base: name the base that it was learned on (it says "
        f"'{settings.get('base_model_name_or_path')}') and begin from it: stages: [{{method: {{name: {method}, start: "
        f"{name}}}}}]"
    )
