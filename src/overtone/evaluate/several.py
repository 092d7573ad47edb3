"""Refuse a metric for texts with one label where a text may carry several."""

from overtone.core.task import Task
from overtone.core.tasks.classify import ClassifyTask
from overtone.evaluate.metric import Metric


def refuse_several(metric: Metric, task: Task) -> str | None:
    """Why a task with several labels a text cannot be judged by a metric; None where each text has one."""
    if not isinstance(task, ClassifyTask) or not task.multi_label:
        return None
    return (
        f"'{metric.name}' judges texts with one label each, and multi_label is set; take accuracy, macro_f1, "
        "micro_f1, jaccard, hamming, roc_auc or average_precision."
    )
