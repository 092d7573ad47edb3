"""Which rivals fit a plan: one set comparison, and the reason in words where one does not."""

from collections import Counter
from collections.abc import Sequence

from overtone.core.errors import UserError
from overtone.core.task import Task
from overtone.decide.rival import Rival
from overtone.models.locate import is_installed
from overtone.retrieve.encoder import BUILTIN_ENCODER

TASKS = {
    "classify": "a task that sorts texts (task: classify)",
    "generate": "a task that writes answers (task: answer)",
    "prefer": "a task of preferences (task: prefer)",
    "approve": "a task of answers marked good or bad (task: approve)",
    "choose": "a task of choices (task: choose)",
    "score": "a task of plain text (task: text)",
    "regress": "a task that gives numbers (task: regress)",
    "tag": "a task that labels words (task: tag)",
    "extract": "a task of spans in passages (task: extract)",
    "embed": "a task of embeddings (task: embed)",
}
REMEDY = TASKS | {
    "encoder": "an encoder as base",
    "decoder": "a decoder as base",
    "encoder-decoder": "an encoder-decoder as base",
    "chat_template": "a base with a chat template",
    "documents": "a file with documents (data.documents)",
    "text_encoder": "an encoder to embed texts (pip install 'overtone[offline]', or give dense an encoder)",
}


def offers(
    task: Task, kind: str, chat_template: bool, documents: bool, summaries: bool = False
) -> frozenset[str]:
    """What a plan offers: what its task asks and learns from, the kind of its base, and what stands beside."""
    beside = {
        "chat_template": chat_template,
        "documents": documents,
        "summaries": summaries,
        "text_encoder": kind == "encoder" or is_installed(BUILTIN_ENCODER),
    }
    return frozenset(
        {task.asks, task.learned_from(), kind, *(name for name, there in beside.items() if there)}
    )


def lacks(needs: Sequence[frozenset[str]], offered: frozenset[str]) -> frozenset[str]:
    """What is missing from the nearest alternative of `needs`; nothing where one is met.

    An alternative for the plan's own task is nearer than one for another: a task is what a user came with.
    """
    missing = [need - offered for need in needs]
    return min(
        missing, key=lambda lacking: (not TASKS.keys().isdisjoint(lacking), len(lacking), sorted(lacking))
    )


def refusal(rival: Rival, offered: frozenset[str]) -> str | None:
    """Why a rival does not fit what a plan offers, in one sentence; None where it fits."""
    missing = lacks(rival.requires(), offered)
    if not missing:
        return None
    wanted = " and ".join(REMEDY[name] for name in sorted(missing))
    return f"decide.rivals: '{rival.key}' needs {wanted}; change that, or take '{rival.key}' out of the list."


def default_rivals(offered: frozenset[str]) -> list[Rival]:
    """Every rival that fits, the quick ones first."""
    kinds = sorted(Rival.all().values(), key=lambda kind: kind.order)
    return [rival for kind in kinds if not lacks(kind.needs, offered) for rival in kind.defaults(offered)]


def chosen_rivals(asked: Sequence[Rival] | None, offered: frozenset[str]) -> list[Rival]:
    """The rivals of a plan, or the default ones; UserError where one does not fit or two share a name."""
    if asked is None:
        return default_rivals(offered)
    if not asked:
        raise UserError("decide.rivals is empty: name a rival, or leave the setting out for all that fit.")
    for rival in asked:
        if reason := refusal(rival, offered):
            raise UserError(reason)
    keys = Counter(rival.key.lower() for rival in asked)  # keys name files, and some file systems ignore case
    if repeated := next((key for key, count in keys.items() if count > 1), None):
        raise UserError(f"decide.rivals: two rivals are called '{repeated}'; give each a label of its own.")
    return sorted(asked, key=lambda rival: rival.order)
