"""Where an adapter begins: a finished one, made here or by plain PEFT, whose files are read and never run.

PEFT writes adapter_config.json beside adapter_model.safetensors, or beside a pickle, which is refused.
"""

import json
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

from overtone.core.errors import UserError
from overtone.methods.library import adapter_library, known_warnings_silenced
from overtone.models.trust import PICKLES

if TYPE_CHECKING:
    from torch import nn

CONFIG, WEIGHTS = "adapter_config.json", "adapter_model.safetensors"
# By PEFT's types.
METHODS = {"LORA": "lora", "IA3": "ia3", "PROMPT_TUNING": "prompt", "PREFIX_TUNING": "prefix"}
ABSENT = (  # settings of PEFT that change more of a base than adapters do, or at other times
    *("layer_replication", "alora_invocation_tokens", "arrow_config", "use_bdlora", "use_qalora"),
    *("kasa_config", "velora_config", "monteclora_config", "megatron_config", "lora_bias"),
)
KEPT = ("gaussian", "eva", "orthogonal")  # ways to draw pairs that leave the base's weights as they are
DESCRIPTION = "folder of a finished adapter of this kind, made here or by plain PEFT, that it begins as"


def started_settings(folder: str, method: str) -> dict[str, Any]:
    """What an adapter's configuration holds; UserError where it is none that the method can begin as."""
    where = f"stages.method.start: {folder}"
    settings = _read(Path(folder), where)
    kind = str(settings.get("peft_type"))
    if METHODS.get(kind) != method:
        raise UserError(f"{where} holds an adapter of the type {kind}: {_way_out(kind)}")
    _check_weights(Path(folder), where)
    drawn = settings.get("init_lora_weights", True)
    changed = next((name for name in ABSENT if settings.get(name)), None)
    if kind == "PROMPT_TUNING" and (settings.get("num_transformer_submodules") or 1) > 1:
        raise UserError(
            f"{where} has rows before what is read and before what is written (num_transformer_submodules), and only "
            "the former are supported: give an adapter of one of them"
        )
    if isinstance(drawn, str) and drawn not in KEPT:
        raise UserError(
            f"{where} was drawn by '{drawn}', which changed the base's own weights: have PEFT convert it to a plain "
            "one (path_initial_model_for_weight_conversion of save_pretrained)"
        )
    if changed:
        raise UserError(f"{where} has the setting {changed}, which is not supported: give a plain adapter")
    return settings


def agreeing(part: Any, settings: dict[str, Any]) -> dict[str, Any]:
    """The adapter's own settings for a method; UserError where the plan gives another value than these or the usual."""
    for name, value in settings.items():
        given, usual = getattr(part, name), type(part).model_fields[name].default
        if given not in (usual, value):
            raise UserError(
                f"stages.method.{name}: {given!r} is asked for, and the adapter that it begins as has {value!r}: leave "
                "it out"
            )
    return settings


def begin_from(body: Any, folder: str, method: str, learns: str) -> "nn.Module":
    """The frozen body with a finished adapter on it that learns on; what learns has `learns` in its name.

    UserError where the adapter's weights and the places for them in this base do not match.
    """
    started_settings(folder, method)
    library, prompts = adapter_library(method), method in ("prompt", "prefix")
    unfit = UserError(
        f"stages.method.start: {folder} was learned on a base of another shape, or of another task's class: give an "
        "adapter of this base's body (task type CAUSAL_LM of a decoder, FEATURE_EXTRACTION of an encoder)"
    )
    with known_warnings_silenced():
        warnings.filterwarnings("error", "Found missing adapter keys", UserWarning)
        try:
            adapted = library.PeftModel.from_pretrained(body, folder, is_trainable=not prompts)
        except (RuntimeError, ValueError, UserWarning, KeyError) as error:
            raise unfit from error
    if _unread(adapted, Path(folder)):
        raise unfit
    if prompts:
        _let_learn(adapted)
    assert any(learns in name for name, weight in adapted.named_parameters() if weight.requires_grad)
    whole: nn.Module = adapted
    return whole


def _let_learn(adapted: Any) -> None:
    """The beginning learns, which PEFT leaves fixed once it is loaded; a network that made it is folded away."""
    adapted.requires_grad_(False)
    for encoder in adapted.prompt_encoder.values():
        encoder.requires_grad_(True)
        encoder.prefix_projection = False
    adapted.active_peft_config.inference_mode = adapted.active_peft_config.prefix_projection = False


def _unread(adapted: Any, folder: Path) -> set[str]:
    """Tensors of the file that have no place in the model."""
    from peft import get_peft_model_state_dict
    from safetensors import safe_open

    places = get_peft_model_state_dict(adapted, save_embedding_layers=False)
    with safe_open(folder / WEIGHTS, "pt") as file:
        return set(file.keys()) - set(places) - set(adapted.state_dict())


def _read(folder: Path, where: str) -> dict[str, Any]:
    try:
        settings: Any = json.loads((folder / CONFIG).read_text(encoding="utf-8"))
    except OSError:
        raise UserError(
            f"{where} holds no adapter ({CONFIG} is missing): give the folder that PEFT wrote"
        ) from None
    except ValueError as error:
        raise UserError(f"{where}: {CONFIG} is not valid JSON ({error}): get the file again") from None
    if not isinstance(settings, dict):
        raise UserError(f"{where}: {CONFIG} holds no settings: get the file again")
    return settings


def _check_weights(folder: Path, where: str) -> None:
    if (folder / WEIGHTS).is_file():
        return
    pickled = sorted(path.name for path in folder.iterdir() if path.suffix in PICKLES)
    if not pickled:
        raise UserError(f"{where} holds no weights ({WEIGHTS} is missing): get the file again")
    raise UserError(
        f"{where} holds pickled weights ({pickled[0]}), which can run code and are never opened: in a place that you "
        "trust, load the adapter with PEFT, write it anew (`save_pretrained` writes safetensors), and give that folder"
    )


def _way_out(kind: str) -> str:
    if kind in METHODS:
        return f"name the method {METHODS[kind]}"
    return f"what can be begun from are the types {', '.join(METHODS)}"
