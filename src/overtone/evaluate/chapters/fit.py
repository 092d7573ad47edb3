"""Whether the training was too short or too long, by its own curves, and the one command to try next."""

from collections.abc import Mapping
from typing import ClassVar

from overtone.evaluate.chapter import Chapter, Results
from overtone.evaluate.diagnosis.fit import Fit as Shown
from overtone.evaluate.diagnosis.fit import fit_of
from overtone.evaluate.report.numbers import percent
from overtone.evaluate.report.section import Section

NAMES = {
    "overfitting": "Overfitting: the validation loss rose while training went on.",
    "underfitting": "Underfitting: the validation loss was still falling when training ended.",
    "diverged": "The training diverged: its loss ended above where it began, or is no number.",
    "level": "The validation loss levelled off: neither over- nor underfitting shows.",
}


class FitOfTraining(Chapter):
    """Over- or underfitting of the best tuned system, with its evidence and the change to try."""

    name: ClassVar[str] = "fit"
    order: ClassVar[int] = 80

    def write(self, results: Results) -> Section | None:
        """Name, evidence and command; nothing where the curves are missing or too short."""
        key = results.best_tuned
        if key is None:
            return None
        train, validation = (
            [point for one in results.curves if (one.system, one.part) == (key, part) for point in one.points]
            for part in ("train", "validation")
        )
        shown = fit_of(train, validation)
        if shown is None:
            return None
        change, command = _proposal(shown, results.facts.get(key, {}))
        return Section(
            self.name,
            f"How the training of {results.titles[key]} went",
            (NAMES[shown.shape], *_evidence(shown), *change),
            command=command,
        )


def _evidence(shown: Shown) -> list[str]:
    """The figures of the curves that the name rests on."""
    (first, began), (best, lowest), (last, ended) = shown.first, shown.best, shown.last
    words = [
        f"Validation loss: {began:.3g} at step {first:g}, lowest {lowest:.3g} at step {best:g}, {ended:.3g} at the "
        f"last, step {last:g} ({percent(shown.rise, True)} % against the lowest)."
    ]
    if shown.train is not None and shown.train_first is not None:
        words.append(
            f"Training loss: {shown.train_first:.3g} over the first tenth of the steps, {shown.train:.3g} over the "
            f"last; the last validation lies {ended - shown.train:+.3g} from it.".replace("-", "−")
        )
    return words


def _proposal(shown: Shown, facts: Mapping[str, float | str]) -> tuple[tuple[str, ...], str]:
    """The change to try, in words and as a command; nothing where none is called for or the plan is not known."""
    if shown.shape == "level" or "epochs" not in facts:
        return (), ""
    epochs, rate = float(facts["epochs"]), float(facts.get("learning_rate", 0))
    if shown.shape == "underfitting":
        words, setting = "more epochs", f"epochs={2 * epochs:g}"
    elif shown.shape == "overfitting" and shown.best != shown.first:
        words, setting = "fewer epochs", f"epochs={max(0.5, epochs * shown.best[0] / shown.last[0]):.2g}"
    elif rate:
        words, setting = "lower rate", f"learning_rate={rate / 3:.2g}"
    else:
        return (), ""
    name = words.replace(" ", "-")
    command = f"overtone run plan.yaml --set {facts.get('stage', 'stages.0')}.{setting} --name {name}"
    return (f"What to try: {words} (with your plan's file):",), command
