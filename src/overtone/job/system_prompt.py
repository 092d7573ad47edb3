"""The system prompt that a task puts before conversations which bring none."""

from dataclasses import replace

from overtone.core.example import Example, Message
from overtone.core.task import Task


def with_system_prompt(row: Example, task: Task) -> Example:
    """The row as it is asked: every rival and the trained model see the same system prompt."""
    prompt = getattr(task, "system_prompt", None)
    if not prompt or not row.messages or any(turn.role == "system" for turn in row.messages):
        return row
    return replace(row, messages=(Message("system", prompt), *row.messages))
