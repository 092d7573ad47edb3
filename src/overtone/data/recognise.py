"""Recognise the format of a table from its columns and first rows, and say the guess in words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from overtone.core.errors import UserError, nearest
from overtone.core.task import Task
from overtone.data.format import Columns, Format
from overtone.data.sources.table import Table

SAMPLE = 20  # rows whose values are looked at
SENTENCE = 60  # characters from which a column name looks like a text


@dataclass(frozen=True, slots=True)
class Reading:
    """How a table is read: its format, the columns of each role, and those of groups, slices and the language."""

    table: Table
    format: Format
    columns: Columns
    group: str = ""
    slices: tuple[str, ...] = ()
    language: str = ""

    @property
    def sentence(self) -> str:
        """The guess in words: `labelled rows: text from 'utterance', label from 'intent' (not used: id)`."""
        named = {
            **self.columns,
            "group": (self.group,) if self.group else (),
            "language": (self.language,) if self.language else (),
            "slices": self.slices,
        }
        roles = (f"{role} from {_quoted(names)}" for role, names in named.items() if names)
        used = {name for names in named.values() for name in names}
        unused = ", ".join(name for name in self.table.columns if name not in used)
        return f"{self.format.title}: {', '.join(roles)}" + (f" (not used: {unused})" if unused else "")

    def missing(self, answered: bool) -> list[str]:
        """The needed roles that no column holds; `answered` asks for the answers too."""
        needed = self.format.asked | (self.format.answered if answered else frozenset())
        return [role for role in self.format.roles if role in needed and role not in self.columns]

    def is_whole(self, answered: bool = True) -> bool:
        """Whether every needed role has a column and the first rows are of this layout."""
        rows = self.table.rows[:SAMPLE]
        return not self.missing(answered) and all(self.format.fits(row, self.columns) for row in rows)


def recognise(
    table: Table,
    task: Task,
    format: Format | None = None,
    columns: Mapping[str, str | list[str]] | None = None,
    answered: bool = True,
) -> Reading:
    """How `table` is read for `task`. A format or columns that the plan names go before any guess.

    UserError: a role or column that does not exist, a known format that is not used, no fitting format.
    """
    stated = _stated(table, format, columns or {})
    found = readings(table, format, stated)
    whole = [reading for reading in found if reading.is_whole(answered)]
    refused = next((reading for reading in whole if reading.format.refusal), None)
    if refused:
        raise UserError(f"{table.file} holds {refused.format.title}, {refused.format.refusal}.")
    suitable = [reading for reading in whole if task.learned_from() in reading.format.asks]
    if (
        not answered
    ):  # a lone text may be a prompt too: the format that is for nothing else than the task goes first
        suitable.sort(key=lambda reading: reading.format.asks != {task.learned_from()})
    if not suitable:
        raise UserError(_unrecognised(table, task, found, answered))
    _refuse_several(suitable[0])
    suitable[0].format.check(table, suitable[0].columns, stated=bool(stated))
    return suitable[0]


def _refuse_several(reading: Reading) -> None:
    """UserError where a role has more columns than its format joins."""
    for role, names in reading.columns.items():
        if len(names) > 1 and role not in reading.format.several:
            allowed = ", ".join(name for name in reading.format.roles if name in reading.format.several)
            raise UserError(
                f"data.columns.{role}: {reading.format.title} take one column for the {role}, not {len(names)}; name "
                f"one of {_quoted(names)}. Several columns are joined for: {allowed or 'no role'}."
            )


def readings(table: Table, format: Format | None = None, stated: Columns | None = None) -> list[Reading]:
    """Every format that knows the stated roles, with the columns it finds; the most columns first."""
    formats = [format] if format else [part() for part in Format.all().values()]
    known = [part for part in formats if set(stated or {}) <= set(part.roles)]
    found = [Reading(table, part, _bind(part, table.columns, stated or {})) for part in known]
    return sorted(found, key=lambda reading: -len(reading.columns))


def _stated(table: Table, format: Format | None, columns: Mapping[str, str | list[str]]) -> Columns:
    """The columns that the plan names, after a check that their roles and they themselves exist."""
    formats = [format] if format else list(Format.all().values())
    roles = list(dict.fromkeys(role for part in formats for role in part.roles))
    for role, names in columns.items():
        if role not in roles:
            known = f"{nearest(role, roles)} Known: {', '.join(roles)}."
            raise UserError(f"data.columns: no role is called '{role}'.{known}")
        for name in [names] if isinstance(names, str) else names:
            if name not in table.columns:
                known = f"{nearest(name, table.columns)} Its columns: {', '.join(table.columns)}."
                raise UserError(f"data.columns.{role}: {table.file} has no column '{name}'.{known}")
    return {role: (names,) if isinstance(names, str) else tuple(names) for role, names in columns.items()}


def _bind(format: Format, columns: Sequence[str], stated: Columns) -> Columns:
    """The columns of each role: those stated, then by usual name; no column serves two roles."""
    bound = dict(stated)
    for role, names in format.roles.items():
        taken = {name for used in bound.values() for name in used}
        free = {_plain(name): name for name in reversed(columns) if name not in taken}
        usual = next((free[name] for name in names if name in free), None)
        if usual is not None and role not in bound:
            bound[role] = (usual,)
    return {role: bound[role] for role in format.roles if role in bound}


def _plain(name: str) -> str:
    """`Ticket-Text ` and `ticket text` are the same column name."""
    return "_".join(name.casefold().replace("-", " ").replace("_", " ").split())


def _unrecognised(table: Table, task: Task, found: Sequence[Reading], answered: bool) -> str:
    """Why no format fits: no header, other rows than the task needs, or a missing column."""
    if not any(reading.columns for reading in found) and _looks_headless(table):
        return (
            f"{table.file} seems to have no header: its first line looks like a row. "
            "Put the column names above it, for example: text,label"
        )
    suitable = [reading for reading in found if task.learned_from() in reading.format.asks]
    if not suitable:
        titles = " or ".join(reading.format.title for reading in found) or "these columns"
        return f"{table.file}: the task '{task.name}' cannot be learned from {titles}; choose another."
    strange = next((reading for reading in suitable if not reading.missing(answered)), None)
    if strange:
        row = next(row for row in table.rows[:SAMPLE] if not strange.format.fits(row, strange.columns))
        wanted = strange.format.expects
        return f"{row.place}: the task '{task.name}' needs {wanted}; this row has none ({strange.sentence})."
    closest = [reading for reading in suitable if len(reading.columns) == len(suitable[0].columns)]
    lacking = [reading.missing(answered) for reading in closest]
    missing = [roles for roles in lacking if len(roles) == min(map(len, lacking))]
    needed = " or for the ".join(dict.fromkeys(" and the ".join(roles) for roles in missing))
    holds = next((f" It holds {other.format.title}." for other in found if other.is_whole(answered)), "")
    in_plan = ", ".join(f"{role}: NAME" for role in missing[-1])
    in_command = " ".join(f"--column {role}=NAME" for role in missing[-1])
    return (
        f"{table.file} has no column for the {needed}, which the task '{task.name}' needs. "
        f"Its columns: {', '.join(table.columns)}.{holds} "
        f"Name the column in the plan: data.columns: {{{in_plan}}}; for `init` and `data show`: {in_command}"
    )


def _looks_headless(table: Table) -> bool:
    """Whether a column name occurs again as a value below it, or is as long as a sentence."""
    return any(
        len(name) > SENTENCE or any(row.values.get(name) == name for row in table.rows)
        for name in table.columns
    )


def _quoted(names: Sequence[str]) -> str:
    return ", ".join(f"'{name}'" for name in names)
