"""From what a run measured to the contents of its report."""

from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from overtone.data.load import Data
from overtone.decide.measured import Measured
from overtone.evaluate.chapter import chapters
from overtone.evaluate.confusion import ClassScore, averages, confusion, per_class
from overtone.evaluate.report.contents import (
    ClassRow,
    ConfusionTable,
    Contents,
    Curve,
    DataAccount,
    MetricName,
    ParityRow,
    SystemResult,
)
from overtone.job.errors_to_read import worst_errors
from overtone.job.prove import Proof
from overtone.job.results import results_of
from overtone.job.tuner import LOSS, VALIDATION_LOSS
from overtone.parity.compare import Place
from overtone.plan import Plan
from overtone.runs.metrics import read_metrics
from overtone.runs.run import Run
from overtone.train.stage import Stage

BASELINES = {"majority", "canned_reply", "answer_length", "mean_number", "word_tag", "nearest_sentence"}
THEN = ", then "  # between the stages of a training
LICENCES = {"builtin:minilm": "Apache-2.0", "builtin:tiny": "Apache-2.0"}


def make_contents(
    plan: Plan, run: Run, data: Data, measured: Sequence[Measured], proof: Proof, places: Sequence[Place]
) -> Contents:
    """All that the report shows."""
    best = next(one for one in measured if one.key == proof.best)
    judged = (proof.clean, proof.answers[proof.best], plan.task, data.labels)
    table = confusion(*judged) if data.labels else None
    classes = per_class(*judged) if data.labels else []
    losses = tuple(curves(run.folder / "metrics.jsonl"))
    return Contents(
        run=run.name,
        date=run.state.started,
        task=plan.task.in_words(len(data.labels)),
        base=plan.base,
        metrics=tuple(MetricName(metric.key, metric.heading) for metric in proof.metrics),
        systems=tuple(_system(one, proof) for one in measured),
        best=proof.best,
        verdict=proof.verdict.sentences,
        data=data_account(data),
        reached=proof.verdict.reached,
        bar=plan.task.bar,
        detectable=proof.detectable,
        warnings=data.warnings,
        plan={**_facts(plan), "rows read as": data.guess},
        curves=losses,
        sections=chapters(results_of(plan, data, measured, proof, losses)),
        confusion=ConfusionTable(table.labels, tuple(map(tuple, table.counts.tolist()))) if table else None,
        classes=tuple(map(_class_row, classes)),
        averages=tuple(map(_class_row, averages(classes))) if classes else (),
        errors=worst_errors(data.test, best.answers, proof.metrics[0], plan.task),
        parity=tuple(
            ParityRow(place.name, _finite(place.difference), place.allowed, place.ok) for place in places
        ),
        environment=_environment(run.folder),
        method=_method(plan),
        licence=LICENCES.get(plan.base, ""),
    )


def _class_row(row: ClassScore) -> ClassRow:
    return ClassRow(row.label, row.precision, row.recall, row.f1, row.wanted, row.chosen)


def data_account(data: Data) -> DataAccount:
    """Where every row went, over all files."""
    dropped: dict[str, int] = {}
    for file in data.account.files:
        for cause, places in file.causes.items():
            dropped[cause] = dropped.get(cause, 0) + len(places)
    read = sum(file.read for file in data.account.files)
    train, validation, test = (len(rows) for rows in (data.train, data.validation, data.test))
    repeated = sum(row.id in data.leaked for row in data.test)
    return DataAccount(read, train + validation + test, dropped, train, validation, test, repeated)


def curves(path: Path) -> list[Curve]:
    """Losses over the steps of each training, as `metrics.jsonl` holds them."""
    points: dict[tuple[str, Literal["train", "validation"]], list[tuple[float, float]]] = {}
    names: dict[str, Literal["train", "validation"]] = {LOSS: "train", VALIDATION_LOSS: "validation"}
    for line in read_metrics(path):
        system = line["phase"].removeprefix("train ")
        for name, part in names.items():
            if line.get(name) is not None:
                points.setdefault((system, part), []).append((line["step"], line[name]))
    return [Curve(system, part, tuple(found)) for (system, part), found in points.items()]


def _system(measured: Measured, proof: Proof) -> SystemResult:
    facts = measured.facts
    trained = int(facts["trainable_parameters"]) if "trainable_parameters" in facts else None
    return SystemResult(
        name=measured.key,
        title=measured.title,
        kind="tuned" if measured.tuned else "baseline" if measured.kind in BASELINES else "rival",
        scores=proof.scores[measured.key],
        all_rows=proof.all_rows.get(measured.key, {}),
        comparisons=proof.comparisons.get(measured.key, {}),
        tokens_per_answer=sum(measured.tokens) / max(1, len(measured.answers)) or None,
        seconds_per_answer=measured.seconds_per_answer,
        training_seconds=float(facts.get("training_seconds", measured.prepare_seconds)),
        peak_memory_mb=measured.peak_mb or None,
        trainable_parameters=trained,
        failed=measured.errors,
        note=_note(facts),
    )


def _note(facts: dict[str, float | str]) -> str:
    """Facts that only some systems have, in words."""
    notes = [f"trained in the {facts['layout']} layout"] if "layout" in facts else []
    if "gold_document_recall" in facts:
        recall, rows = float(facts["gold_document_recall"]), int(facts["gold_document_rows"])
        notes.append(f"the right document stood in the prompt for {recall:.0%} of {rows} rows")
    return "; ".join(notes)


def _facts(plan: Plan) -> dict[str, str]:
    facts = {"train": plan.data.train, "validation": plan.data.validation, "test": plan.data.test}
    shares = {"validation": plan.data.validation_share, "test": plan.data.test_share}
    files = {name: value or f"{shares[name]:.0%} of the rows of train" for name, value in facts.items()}
    extra = {"documents": plan.data.documents} if plan.data.documents else {}
    return {
        **{f"{name} rows": value for name, value in files.items()},
        **extra,
        "method": THEN.join(_settings(stage.method.model_dump()) for stage in plan.stages),
        "objective": THEN.join(stage.objective.name if stage.objective else "" for stage in plan.stages),
        "training": THEN.join(
            f"{stage.epochs:g} epochs, {stage.batch_rows} rows a batch, {_rate(stage)}"
            for stage in plan.stages
        ),
        "seed": str(plan.seed),
    }


def _rate(stage: Stage) -> str:
    """The rate of the body, or of the head where the body stands still."""
    if stage.learning_rate is None:
        return f"rate {stage.head_learning_rate:g} of the head"
    return f"rate {stage.learning_rate:g}"


def _method(plan: Plan) -> str:
    return f"{_facts(plan)['method']}; {_facts(plan)['training']}"


def _settings(part: dict[str, object]) -> str:
    name, *rest = part.items()
    return f"{name[1]} ({', '.join(f'{key} {value}' for key, value in rest)})" if rest else str(name[1])


def _environment(folder: Path) -> dict[str, str]:
    import json

    plain = json.loads((folder / "environment.json").read_text(encoding="utf-8"))
    packages = plain.pop("packages")
    words = {key.replace("_", " "): str(value) for key, value in plain.items() if not isinstance(value, dict)}
    words["memory bytes"] = f"{int(words['memory bytes']) / 2**30:.1f} GiB" if "memory bytes" in words else ""
    return {**words, "packages": ", ".join(f"{name} {number}" for name, number in packages.items())}


def _finite(number: float) -> float | None:
    return number if number < float("inf") else None
