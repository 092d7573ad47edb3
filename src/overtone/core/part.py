"""A Part is a named, validated piece of a plan: its fields are its settings, its methods what it does.

Declaring the class registers it, so adding a part is adding one file to its family's package.
"""

import importlib
import pkgutil
from collections.abc import Mapping
from typing import Any, ClassVar, Self

from pydantic import GetJsonSchemaHandler, model_serializer, model_validator
from pydantic.json_schema import JsonSchemaValue

from overtone.core.errors import nearest, said_here
from overtone.core.settings import Settings


class Part(Settings):
    """Base of everything that a plan can name. A direct subclass opens a family and names its package.

    A plan says `lora` or `{name: lora, rank: 8}`; both give the same checked object. Other tools and papers call it as
    `also_called` says; `forms` are names that they have for some of its settings, each with how a plan says it.
    """

    also_called: ClassVar[tuple[str, ...]] = ()
    forms: ClassVar[Mapping[str, str]] = {}

    family: ClassVar[str]
    package: ClassVar[str]
    known: ClassVar[dict[str, type["Part"]]]
    name: ClassVar[str] = ""

    def __init_subclass__(cls, *, package: str = "", **keywords: Any) -> None:
        super().__init_subclass__(**keywords)
        if Part in cls.__bases__:
            cls.family, cls.package, cls.known = cls.__name__.lower(), package, {}

    @classmethod
    def __pydantic_init_subclass__(cls, **keywords: Any) -> None:
        """Register a concrete part under its `name`; a repeated name is an error."""
        if Part in cls.__bases__ or not cls.__dict__.get("name"):
            return
        other = cls.known.setdefault(cls.name, cls)
        if other is not cls:
            modules = f"{other.__module__} and {cls.__module__}"
            raise TypeError(f"two parts of the family {cls.family} are called '{cls.name}': {modules}")

    @classmethod
    def all(cls) -> dict[str, type[Self]]:
        """Every part of this family by name, in alphabetical order, after importing its package."""
        package = importlib.import_module(cls.package)
        for module in pkgutil.iter_modules(package.__path__):
            importlib.import_module(f"{cls.package}.{module.name}")
        return {name: cls.known[name] for name in sorted(cls.known)}  # type: ignore[misc]

    @classmethod
    def find(cls, name: object) -> type[Self]:
        """The part of this family called `name`; ValueError with the nearest name where there is none."""
        known = cls.all()
        if isinstance(name, str) and name in known:
            return known[name]
        elsewhere = dict[str, str]()
        for part in known.values():
            own = vars(part)  # what a part is called elsewhere, its variants are not
            elsewhere |= {**dict.fromkeys(own.get("also_called", ()), part.name), **own.get("forms", {})}
        hint = said_here(str(name), elsewhere) or nearest(str(name), known)
        raise ValueError(f"no {cls.family} is called '{name}'.{hint} Known: {', '.join(known)}.")

    @model_validator(mode="wrap")
    @classmethod
    def _choose(cls, value: Any, handler: Any) -> Any:
        """Let a plan say `lora` or `{name: lora, rank: 8}` wherever the family is expected."""
        if isinstance(value, cls):
            return value
        if Part not in cls.__bases__:
            return handler(_without_name(cls, value))
        if not isinstance(value, str | dict):
            raise ValueError(f"a {cls.family} is a name or a mapping with a name, not {value!r}")
        settings = {"name": value} if isinstance(value, str) else dict(value)
        return cls.find(settings.pop("name", None)).model_validate(settings)

    @model_serializer
    def _write(self) -> dict[str, Any]:
        """Write every setting. Pydantic's own serializer keeps only the fields of the declared base class."""
        return {"name": self.name, **{field: getattr(self, field) for field in type(self).model_fields}}

    @classmethod
    def __get_pydantic_json_schema__(cls, core_schema: Any, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        """A family's schema is a choice: a known name, or a mapping with that name and its settings."""
        if Part in cls.__bases__:
            parts = cls.all()
            return {"anyOf": [{"enum": list(parts)}, *(part._schema(handler) for part in parts.values())]}
        return handler(core_schema)

    @classmethod
    def _schema(cls, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        """The settings and the name, by the plan's own handler: what they refer to is defined once."""
        schema = handler(cls.__pydantic_core_schema__)
        settings = handler.resolve_ref_schema(schema)
        settings["properties"] = {"name": {"const": cls.name}, **settings.get("properties", {})}
        settings["required"] = ["name", *settings.get("required", [])]
        settings["description"] = (cls.__doc__ or "").strip().split("\n")[0]
        return schema


def _without_name(cls: type[Part], value: Any) -> Any:
    """Drop the name that a saved plan carries, where the class already says it."""
    if isinstance(value, dict) and value.get("name") == cls.name:
        return {key: setting for key, setting in value.items() if key != "name"}
    return value
