"""Keep a linear classifier as safetensors bytes with JSON inside; nothing is pickled.

The arrays hold weights, biases and inverse document frequencies; the header's `settings` hold the labels, the
terms in their order, and, where the features come from a base, its name.
"""

import json
from typing import Any

from overtone.classical.classifier import FeatureClassifier, Features
from overtone.classical.linear import LinearModel
from overtone.classical.tfidf import Tfidf, restore
from overtone.core.errors import MissingExtra, UserError

FORMAT = "overtone linear 1"


def to_bytes(classifier: FeatureClassifier, base: str = "") -> bytes:
    """The whole classifier as one safetensors file; `base` names where dense features come from."""
    model = classifier.model
    if not isinstance(model, LinearModel):
        raise UserError("only linear classifiers can be kept in a file; the others live as long as their run")
    arrays = {"weights": model.weights, "biases": model.biases}
    settings: dict[str, Any] = {"labels": model.labels, "multi_label": model.multi_label, "base": base}
    if isinstance(classifier.features, Tfidf):
        frequencies, settings["terms"] = classifier.features.state()
        arrays |= {f"idf.{name}": values for name, values in frequencies.items()}
    written: bytes = _library().save(arrays, metadata={"format": FORMAT, "settings": json.dumps(settings)})
    return written


def settings_of(data: bytes) -> dict[str, Any]:
    """The settings in a file that `to_bytes` made; UserError where it is something else."""
    try:
        length = int.from_bytes(data[:8], "little")
        metadata = json.loads(data[8 : 8 + length])["__metadata__"]
        settings: dict[str, Any] = json.loads(metadata["settings"])
        if metadata["format"] != FORMAT:
            raise ValueError(metadata["format"])
    except (KeyError, TypeError, ValueError):
        raise UserError("this file does not hold a linear classifier; give one that a run has kept") from None
    return settings


def from_bytes(data: bytes, features: Features | None = None) -> FeatureClassifier:
    """The classifier again; `features` must be given where they come from a base (see `settings_of`)."""
    settings = settings_of(data)
    arrays = _library().load(data)
    model = LinearModel(
        tuple(settings["labels"]), arrays["weights"], arrays["biases"], bool(settings["multi_label"])
    )
    if "terms" in settings:
        features = restore({name: arrays[f"idf.{name}"] for name in settings["terms"]}, settings["terms"])
    if features is None:
        raise UserError(f"this classifier reads features of base '{settings['base']}'; load that base first")
    return FeatureClassifier(features, model)


def _library() -> Any:
    try:
        import safetensors.numpy
    except ImportError:
        raise MissingExtra("keeping a model", "train") from None
    return safetensors.numpy
