"""The difference of two plans, field by field, as a person would write it."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

ABSENT = object()


def differences(old: Any, new: Any, path: str = "") -> Iterator[str]:
    """Yield `stages[0].epochs: 4, now 6` for each value that differs between two plain documents."""
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        for key in [*old, *(key for key in new if key not in old)]:
            inner = f"{path}.{key}" if path else str(key)
            yield from differences(old.get(key, ABSENT), new.get(key, ABSENT), inner)
    elif _is_list(old) and _is_list(new):
        for index in range(max(len(old), len(new))):
            yield from differences(_item(old, index), _item(new, index), f"{path}[{index}]")
    elif old != new:
        yield f"{path}: {_show(old)}, now {_show(new)}"


def _is_list(value: Any) -> bool:
    return isinstance(value, Sequence) and not isinstance(value, str)


def _item(values: Sequence[Any], index: int) -> Any:
    return values[index] if index < len(values) else ABSENT


def _show(value: Any) -> str:
    if value is ABSENT:
        return "absent"
    return "none" if value is None else str(value)
