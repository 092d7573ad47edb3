"""What the chapters of a report are written from: the answers to the clean test rows, and how training went."""

from collections.abc import Mapping, Sequence

from overtone.data.load import Data
from overtone.decide.measured import Measured
from overtone.decide.rivals.fine_tune import FineTune
from overtone.decide.verdict import best_of
from overtone.evaluate.chapter import Results
from overtone.evaluate.report.contents import Curve
from overtone.job.prove import Proof
from overtone.plan import Plan


def results_of(
    plan: Plan, data: Data, measured: Sequence[Measured], proof: Proof, curves: Sequence[Curve]
) -> Results:
    """The measured systems on the test rows that do not stand in train."""
    metric = proof.metrics[0]
    scores = {one.key: proof.scores[one.key][metric.key] for one in measured}
    training = training_facts(plan)
    return Results(
        task=plan.task,
        labels=data.labels,
        train=data.train,
        test=proof.clean,
        answers=proof.answers,
        titles={one.key: one.title for one in measured},
        scores=scores,
        metric=metric,
        best=proof.best,
        best_tuned=best_of(scores, [one.key for one in measured if one.tuned]) or None,
        best_untuned=best_of(scores, [one.key for one in measured if not one.tuned]) or None,
        seed=plan.seed,
        curves=tuple(curves),
        facts={one.key: {**training.get(one.key, {}), **one.facts} for one in measured},
        languages=tuple(plan.data.languages.train) if plan.data.languages else (),
    )


def training_facts(plan: Plan) -> dict[str, Mapping[str, float | str]]:
    """Epochs and rate of each tuned rival, and the key of the plan that they stand under."""
    found: dict[str, Mapping[str, float | str]] = {}
    for place, rival in enumerate(plan.decide.rivals or []):
        if isinstance(rival, FineTune):
            stages = rival.stages or plan.stages
            stage, last = stages[-1], len(stages) - 1
            key = f"decide.rivals.{place}.stages.{last}" if rival.stages else f"stages.{last}"
            found[rival.key] = {
                "epochs": stage.epochs,
                "learning_rate": stage.learning_rate or 0.0,
                "stage": key,
            }
    return found
