"""Trials of bases as sections: what each is, and what each reaches, with what these rows can show."""

from collections.abc import Sequence

from overtone.core.answer import Answer
from overtone.core.example import Example
from overtone.core.score import Comparison
from overtone.core.task import Task
from overtone.evaluate.metric import metrics_for
from overtone.evaluate.report.numbers import differed, percent, scored
from overtone.evaluate.report.section import Cell, Column, Section, Table
from overtone.evaluate.scores import compare, correct, score
from overtone.job.bases.trial import Trial

Named = tuple[str, str]  # base, way


def choosing(trials: Sequence[Trial], rows: Sequence[Example], task: Task, seed: int) -> tuple[Section, ...]:
    """What the bases are and cost, then their quality on the validation rows."""
    quality = _quality(trials, rows, task, seed)
    return (*([quality] if quality else []), _facts(trials))


def _facts(trials: Sequence[Trial]) -> Section:
    columns = (
        Column("Base"),
        Column("Family"),
        Column("Kind"),
        Column("Licence"),
        Column("Context", "count"),
        Column("Parameters", "count"),
        Column("MB above start", "count"),
        Column("Tokens/s read", "count"),
        Column("Tokens a word", "number"),
        Column("Tokens a character", "number"),
        Column("Unknown tokens", "percent"),
        Column("Rows over context", "percent"),
    )
    rows = tuple(_row(trial) for trial in trials)
    counted = max(trial.reading.texts for trial in trials)
    note = f"Tokens are counted over {counted} training rows of this plan. A licence that a base does not state is –."
    return Section("bases", "What the bases are and cost", tables=(Table(columns, rows, note=note),))


def _row(trial: Trial) -> tuple[Cell, ...]:
    described, reading = trial.description, trial.reading
    speed = round(trial.tokens_per_second) if trial.tokens_per_second is not None else None
    what = (described.name, described.model_type, described.kind, trial.licence or None, described.context)
    cost = (trial.parameters, round(trial.peak_mb), speed)
    return (*what, *cost, reading.per_word, reading.per_character, reading.unknown, reading.too_long)


def _quality(trials: Sequence[Trial], rows: Sequence[Example], task: Task, seed: int) -> Section | None:
    """The best way of each base without tuning against the best of all, on the same rows, corrected (Holm)."""
    metric = metrics_for(task, rows)[0]
    answers: dict[Named, Sequence[Answer]] = {
        (trial.description.name, one.title): one.answers for trial in trials for one in trial.measured
    }
    if not answers:
        return None
    scores = {name: score(metric, rows, given, task, seed) for name, given in answers.items()}
    order = sorted(scores, key=lambda name: -scores[name].value)
    best = order[0]
    family = {
        "\n".join(name): compare(metric, rows, answers[name], answers[best], task, seed) for name in order[1:]
    }
    corrected = correct(family)
    comparisons: dict[Named, Comparison | None] = {name: corrected.get("\n".join(name)) for name in order}
    columns = (*map(Column, ("Base", "Way", metric.heading, "Against the best")), Column("p", "p"))
    table = tuple(
        (*name, scored(scores[name]), differed(found), found.p_corrected if found else None)
        for name, found in comparisons.items()
    )
    tied = [name[0] for name, found in comparisons.items() if found and found.p_corrected >= 0.05]
    others = sorted({name for name in tied if name != best[0]})
    reached = f"{metric.heading} {percent(scores[best].value)}, n = {len(rows)}"
    told = f"Best without tuning is '{best[0]}' by {best[1]}: {reached}."
    also = (
        f"Not shown to be worse: {', '.join(others)}." if others else "Every other base is shown to be worse."
    )
    note = "On validation rows; heads learn on training rows alone. The test rows were not looked at."
    sentences = (told, also) if len(trials) > 1 else (told,)
    return Section(
        "quality", "Quality without tuning", sentences, (Table(columns, table, note=note, marked=(0,)),)
    )
