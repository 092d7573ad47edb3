"""The group, the language and the traits of a row, from the columns that the plan names for them."""

from dataclasses import replace
from typing import Any

from overtone.core.errors import UserError, nearest
from overtone.core.example import Example
from overtone.data.settings import DataSettings
from overtone.data.sources.table import Row, Table


def refuse_absent(table: Table, settings: DataSettings) -> None:
    """UserError where a column of groups, languages or slices is not in the table or holds no plain values."""
    named = [("group", settings.group)] if settings.group else []
    named += [("languages.column", settings.languages.column)] if settings.languages else []
    for setting, column in [*named, *(("slices", column) for column in settings.slices)]:
        if column not in table.columns:
            known = f"{nearest(column, table.columns)} Its columns: {', '.join(table.columns)}."
            raise UserError(f"data.{setting}: {table.file} has no column '{column}'.{known}")
        nested = next((row for row in table.rows if isinstance(row.values.get(column), list | dict)), None)
        if nested:
            raise UserError(
                f"data.{setting}: '{column}' holds a list or an object in {nested.place}; name a column of texts, "
                "numbers, or true and false."
            )


def with_traits(example: Example, row: Row, settings: DataSettings) -> Example:
    """The example with its group, language and traits; the id stays, for they say nothing of the content."""
    if not settings.group and not settings.slices and not settings.languages:
        return example
    group = _plain(row.values.get(settings.group)) if settings.group else example.group
    traits = tuple((column, _plain(row.values.get(column))) for column in settings.slices)
    language = _plain(row.values.get(settings.languages.column)) if settings.languages else ""
    return replace(example, group=group, traits=traits, language=language)


def _plain(value: Any) -> str:
    """A value as text; empty where it is missing."""
    if value is None or value != value:  # only NaN differs from itself
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value).strip()
