"""Train a toxicity classifier from a file that the user names, keep it in a folder, and load it again."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from overtone.classical.store import from_bytes, to_bytes
from overtone.core.errors import UserError
from overtone.core.event import Event, Watch, unwatched
from overtone.core.tasks.classify import ClassifyTask
from overtone.data.load import load_data
from overtone.data.settings import DataSettings
from overtone.evaluate.safety.toxicity import Quality, Toxicity
from overtone.evaluate.safety.train_toxicity import Labelled, train
from overtone.runs.read import read_json
from overtone.runs.write import write_bytes, write_json

MODEL, QUALITY = "toxicity.safetensors", "quality.json"


def train_toxicity(
    file: Path | str,
    output: Path | str,
    harmless: Sequence[str] = ("neither",),
    validation: Path | str | None = None,
    test: Path | str | None = None,
    name: str | None = None,
    seed: int = 0,
    watch: Watch = unwatched,
) -> Quality:
    """Train on the labelled rows of a file and keep the classifier in the folder `output`, its quality beside it.

    `harmless` are the labels that are not toxic. Rows of `validation` and `test` are cut from the file where absent;
    test rows that also stand in train do not count. UserError where `output` holds anything else already.
    """
    files = {"train": file, "validation": validation, "test": test}
    data = DataSettings.model_validate({key: str(path) for key, path in files.items() if path is not None})
    output = Path(output)
    _refuse_taken(output)
    rows = load_data(data, ClassifyTask(), seed, Path())
    watch(Event("read", message=rows.guess))
    labelled = Labelled(
        data=name or _named(Path(data.train)),
        train=rows.train,
        validation=rows.validation,
        test=[row for row in rows.test if row.id not in rows.leaked],
        harmless=tuple(harmless),
    )
    if not labelled.test:
        raise UserError(f"{data.test}: every test row also stands in train; give other rows.")
    toxicity = train(labelled, seed, lambda done, total: watch(Event("train", done, total)))
    save_toxicity(toxicity, output)
    return toxicity.quality


def save_toxicity(toxicity: Toxicity, folder: Path) -> None:
    """Keep a classifier in a folder, its quality beside it."""
    folder.mkdir(parents=True, exist_ok=True)
    write_bytes(folder / MODEL, to_bytes(toxicity.classifier))
    write_json(folder / QUALITY, plain(toxicity.quality))


def load_toxicity(folder: Path) -> Toxicity:
    """The classifier in a folder; UserError where there is none."""
    from pydantic import TypeAdapter, ValidationError

    if not (folder / MODEL).is_file():
        raise UserError(
            f"{folder} holds no toxicity classifier: train one with `overtone safety train-toxicity FILE -o {folder}`."
        )
    try:
        quality = TypeAdapter(Quality).validate_python(read_json(folder / QUALITY))
    except ValidationError:
        raise UserError(f"{folder / QUALITY} is damaged: train the classifier again.") from None
    return Toxicity(from_bytes((folder / MODEL).read_bytes()), quality)


def plain(quality: Quality) -> dict[str, Any]:
    """The quality as what JSON can hold."""
    from pydantic import TypeAdapter

    found: dict[str, Any] = TypeAdapter(Quality).dump_python(quality, mode="json")
    return {"named": quality.named, **found}


def _refuse_taken(output: Path) -> None:
    """A folder with other things in it is not written to."""
    if output.exists() and (not output.is_dir() or {one.name for one in output.iterdir()} - {MODEL, QUALITY}):
        raise UserError(f"{output} exists and holds something else; name another folder with -o.")


def _named(file: Path) -> str:
    """What the data are called: `hate_tweets/train.jsonl` is hate_tweets, `comments.csv` is comments."""
    parent = file.resolve().parent.name
    return parent if file.stem == "train" and parent else file.stem
